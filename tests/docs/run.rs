//! One page, run: everything that is wrong with it.

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use super::blocks::{Task, blocks, tasks};
use super::fragments::{failing_examples, mistakes_in};
use super::output::difference;
use super::script::script;
use crate::program::TestFolder;

/// Runs a page. Gives its mistakes, each with the line of its block, such as `12: exit 3 …`; empty if it is right.
pub(super) fn mistakes(page: &str) -> Vec<String> {
    let blocks = blocks(page);
    let mut mistakes = Vec::new();
    let mut known = Vec::new();
    for (block, task) in blocks.iter().zip(tasks(&blocks)) {
        match task {
            Ok(task) => known.push((block, task)),
            Err(wrong) => {
                mistakes.push(format!("{}: {wrong}", block.line));
                known.push((block, Task::Nothing));
            }
        }
    }
    for (block, task) in &known {
        if let Task::Read { kind, wrong } = task {
            let found = mistakes_in(kind, &block.text);
            match (found, wrong) {
                (Err(said), false) => mistakes.push(format!("{}: the fragment is refused:\n{said}", block.line)),
                (Ok(()), true) => mistakes.push(format!("{}: shown as wrong, and accepted", block.line)),
                (Ok(()), false) | (Err(_), true) => {}
            }
        }
    }
    let known: Vec<_> = known.iter().map(|(block, task)| (*block, task)).collect();
    let files = known.iter().filter_map(|(block, task)| match task {
        Task::Write { name, wrong: false } => Some((name.as_str(), block.text.as_str())),
        Task::Run | Task::Write { .. } | Task::Read { .. } | Task::Compare(_) | Task::Nothing => None,
    });
    mistakes.extend(failing_examples(files));
    if known.iter().any(|(_, task)| matches!(task, Task::Run | Task::Write { .. })) {
        let folder = TestFolder::new();
        let blocks_folder = folder.path().join("blocks");
        fs::create_dir(&blocks_folder).unwrap();
        // A port that was free a moment ago.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        run(&folder, &script(&known, &blocks_folder, port));
        let lines: Vec<usize> = known.iter().map(|(block, _)| block.line).collect();
        mistakes.extend(mistakes_of_run(&blocks_folder, &lines));
        for (block, task) in &known {
            let Task::Compare(ran) = task else { continue };
            let Ok(printed) = fs::read_to_string(blocks_folder.join(format!("{ran}.out"))) else { continue };
            if let Some(wrong) = difference(&block.text, &printed) {
                mistakes.push(format!("{}: {wrong}; printed was:\n{printed}", block.line));
            }
        }
    }
    mistakes
}

/// Runs a script as a user would who has just logged in: in an empty folder inside their home.
fn run(folder: &TestFolder, script: &str) {
    let home = folder.path().join("home");
    let work = home.join("work");
    fs::create_dir_all(&work).unwrap();
    let mut command = folder.command("bash");
    command.args(["-euo", "pipefail", "-c", script]).current_dir(work).env("HOME", home);
    command.env_remove("RUNSHEET_STATE_DIR").output().unwrap();
}

fn mistakes_of_run(folder: &Path, lines: &[usize]) -> Vec<String> {
    let mut mistakes = Vec::new();
    let read = |name: String| fs::read_to_string(folder.join(name)).ok();
    let at = read("at".to_owned()).unwrap_or_default();
    if let Ok(number) = at.trim().parse::<usize>() {
        let printed = read(format!("{number}.out")).unwrap_or_default();
        mistakes.push(format!("{}: a command failed; printed was:\n{printed}", lines[number]));
    } else if at.trim() != "done" {
        mistakes.push("the page ended before its first command".to_owned());
    }
    for (number, line) in lines.iter().enumerate() {
        let said = read(format!("{number}.check")).unwrap_or_default();
        if folder.join(format!("{number}.pending")).exists() {
            mistakes.push(format!("{line}: the playbook is refused:\n{said}"));
        }
        if folder.join(format!("{number}.replaced")).exists() {
            mistakes.push(format!("{line}: the playbook is refused until it is written anew:\n{said}"));
        }
        if folder.join(format!("{number}.accepted")).exists() {
            mistakes.push(format!("{line}: shown as wrong, and accepted"));
        }
    }
    mistakes
}
