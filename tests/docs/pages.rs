//! The pages of the manual: a test for each.
//!
//! A new page `docs/FOLDER/A-NAME.md` gets a line `a_name` below its folder, and a line in `docs/SUMMARY.md`.

use std::fs;
use std::path::{Path, PathBuf};

use super::run::mistakes;
use crate::program::root;

/// The page in front of the manual.
pub(super) const README: &str = "README.md";
/// Its translations: Chinese and Japanese.
pub(super) const TRANSLATED_README: [&str; 2] = ["README.zh.md", "README.ja.md"];

/// Makes a test of every page, and the list of their paths.
macro_rules! pages {
    ($($folder:ident { $($page:ident)* })*) => {
        $(mod $folder {
            $(
                #[test]
                fn $page() {
                    super::holds(&super::path(stringify!($folder), stringify!($page)));
                }
            )*
        })*

        /// The pages that are run.
        fn run_pages() -> Vec<PathBuf> {
            vec![$($(path(stringify!($folder), stringify!($page)),)*)*]
        }
    };
}

pages! {
    start {
        installation
        first_run
        your_own_playbook
        a_real_vendor
        unknown_rows
    }
    jobs {
        extend_contract_deadlines
        extend_signer_deadlines
        release_contracts
        onboard_appointments
        reject_approvals
        documents
        close_appointments
        excel_lists
        gbk_and_big5_lists
        waves
        why_a_row_ended_so
        steer_a_run
        watch_runs_in_a_browser
        after_a_crash
        undo_a_run
        old_runs
        notices
        github_actions_and_cron
    }
    reference {
        codes
        command_line
        operation
        operations
        playbook
        provider
        settings
        test_files
        events_and_summary
        report_page
        formatting_and_editors
        glossary
        limits_and_safety
        lost_runs
        messages
        progress
        reports
        result_files
        rows
        sandbox
        templates
        testing_playbooks
        what_happens_when
        whose_word_counts
    }
    providers {
        add_an_operation
        add_a_vendor
    }
    inside {
        architecture
        promises
        journal
        performance
    }
}

/// Where a page of the table lies.
fn path(folder: &str, page: &str) -> PathBuf {
    PathBuf::from(format!("docs/{folder}/{}.md", page.replace('_', "-")))
}

/// Fails with everything that is wrong with a page.
fn holds(page: &Path) {
    let text = fs::read_to_string(root().join(page)).unwrap();
    let found: Vec<String> = mistakes(&text).iter().map(|wrong| format!("{}:{wrong}", page.display())).collect();
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}

/// Every page of the manual, by its path below the root, without the summary.
pub(super) fn manual() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let name = entry.unwrap().file_name();
            let path = folder.join(name);
            if root().join(&path).is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|it| it == "md") && path != Path::new("docs/SUMMARY.md") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(Path::new("docs"), &mut found);
    found.sort();
    found
}

/// Whether a page is a translation. `translations.rs` compares it with its English page, which is run.
pub(super) fn translated(page: &Path) -> bool {
    page.starts_with("docs/zh")
}

#[test]
fn every_page_has_its_test() {
    let mut run = run_pages();
    run.sort();
    let decision = |page: &PathBuf| page.starts_with("docs/decisions");
    let there: Vec<PathBuf> = manual().into_iter().filter(|page| !decision(page) && !translated(page)).collect();
    assert_eq!(run, there, "on the left the table in tests/docs/pages.rs, on the right the pages of docs");
}

/// Decisions are records: nothing in them is typed.
#[test]
fn decisions_hold_no_blocks() {
    for page in manual().iter().filter(|page| page.starts_with("docs/decisions")) {
        let text = fs::read_to_string(root().join(page)).unwrap();
        assert!(super::blocks::blocks(&text).is_empty(), "{}", page.display());
    }
}

/// `tour.rs` runs the README's tour; `tests/run` is its second command and runs the first.
#[test]
fn every_command_of_the_readme_is_run() {
    let readme = fs::read_to_string(root().join(README)).unwrap();
    let tour = readme.split("\n## A five-minute tour\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let commands = ["cargo run --release -- run playbooks/extend-deadlines.yaml", "tests/run"];
    for block in super::blocks::blocks(&readme).iter().filter(|block| block.language() == "sh") {
        let is_run = tour.contains(&block.text) || commands.contains(&block.text.trim());
        assert!(is_run, "README.md:{}: no test runs this block:\n{}", block.line, block.text);
    }
}
