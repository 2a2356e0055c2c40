//! The texts that users read, each with its place.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{TestFolder, root};

/// All of them.
pub(super) fn user_texts() -> Vec<(String, String)> {
    let mut texts: Vec<(String, String)> = Vec::new();
    let mut add = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let place = path.strip_prefix(root()).unwrap().display().to_string();
        texts.push((place, if place_is_schema(&path) { descriptions(&text) } else { text }));
    };
    ["README.md", "CHANGELOG.md", "src/diagnostic/codes.md"].iter().for_each(|name| add(root().join(name)));
    let ends = |path: &Path, endings: &[&str]| endings.iter().any(|end| path.to_string_lossy().ends_with(end));
    for (folder, endings) in [
        ("docs", &[".md"][..]),
        ("src/cli/explain", &[".md"]),
        ("src/report", &[".md"]),
        ("schemas", &[".yaml", ".schema.json"]),
        ("playbooks", &[".yaml"]),
        ("tests/cases", &["expected/stdout", "expected/stderr"]),
    ] {
        files_below(&root().join(folder)).into_iter().filter(|path| ends(path, endings)).for_each(&mut add);
    }
    texts.extend(helps(&[]));
    texts.extend(starter());
    texts
}

fn place_is_schema(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json")
}

/// Every file below a folder, in order.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for path in fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// The descriptions of a JSON Schema, one a line.
fn descriptions(text: &str) -> String {
    fn collect(value: &Value, into: &mut String) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    match member {
                        Value::String(text) if name == "description" || name == "title" => {
                            into.push_str(text);
                            into.push_str(" \n");
                        }
                        _ => collect(member, into),
                    }
                }
            }
            Value::Array(elements) => elements.iter().for_each(|element| collect(element, into)),
            _ => {}
        }
    }
    let mut found = String::new();
    collect(&serde_json::from_str(text).unwrap(), &mut found);
    found
}

/// The helps of a verb and of the verbs below it; without a verb, of the program.
fn helps(verb: &[&str]) -> Vec<(String, String)> {
    let mut line = verb.join(" ");
    line.push_str(" --help");
    let help = TestFolder::new().run(line.trim()).exits(0).out;
    let commands = help.split("\nCommands:\n").nth(1).unwrap_or_default().split("\n\n").next().unwrap_or_default();
    // A name stands two blanks from the edge; what is further in goes on with the line above.
    let names = commands.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let below: Vec<_> = names
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .flat_map(|name| helps(&[verb, &[name]].concat()))
        .collect();
    let mut all = vec![(format!("runsheet {}", line.trim()), help)];
    all.extend(below);
    all
}

/// What `new` writes for some operations, and what it says.
fn starter() -> Vec<(String, String)> {
    let desk = TestFolder::new();
    let said = desk.run("new trial --from arctos.create_task arctos.add_moderator esignon.approve").exits(0);
    let folder = desk.path().join("trial");
    let written = files_below(&folder).into_iter().filter(|path| path.extension().is_some_and(|end| end == "yaml"));
    let mut texts: Vec<_> = written
        .map(|path| {
            let name = path.strip_prefix(&folder).unwrap().display().to_string();
            (format!("runsheet new: {name}"), fs::read_to_string(path).unwrap())
        })
        .collect();
    texts.push(("runsheet new".to_owned(), format!("{}\n{}", said.out, said.err)));
    texts
}
