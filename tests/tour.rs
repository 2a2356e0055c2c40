//! The README: its tour, command by command, as a user types it in an empty folder; its picture of a run; its length.

use std::fs;

use regex::Regex;

use crate::program::{TestFolder, root};

/// The most lines of README.md.
const MOST_LINES: usize = 200;

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// The text between a heading and the next one.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let from = page.find(heading).unwrap_or_else(|| panic!("the page lacks `{heading}`"));
    let section = &page[from + heading.len()..];
    &section[..section.find("\n## ").unwrap_or(section.len())]
}

/// The blocks of a language in a text.
fn blocks(language: &str, text: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

/// The commands of the tour as one script.
fn tour(readme: &str) -> String {
    blocks("sh", section(readme, "\n## A five-minute tour\n")).join("\n")
}

#[test]
fn the_readme_is_short() {
    let lines = readme().lines().count();
    assert!(
        lines <= MOST_LINES,
        "README.md has {lines} lines, and {MOST_LINES} are the most: move what is reference to docs/"
    );
}

#[test]
fn the_tour_works_as_printed_in_an_empty_folder() {
    let desk = TestFolder::new();
    let readme = readme();
    assert!(tour(&readme).lines().filter(|line| line.starts_with("runsheet ")).count() >= 12, "{}", tour(&readme));
    let came = desk.bash(&format!("set -euxo pipefail\n{}", tour(&readme))).exits(0);
    assert!(desk.read("results/results.csv").contains(",succeeded,"), "{}", came.err);
    came.says(&["broken.csv:4:", "nothing was sent"]);
    let runs = desk.path().join("state/runs");
    assert_eq!(fs::read_dir(runs).unwrap().count(), 3, "the run that was refused and the dry run left none");
}

#[test]
fn the_tours_settings_are_read() {
    let desk = TestFolder::new();
    desk.write("runsheet.yaml", &blocks("yaml", section(&readme(), "\n## A five-minute tour\n"))[0]);
    let playbook = "extend-deadlines/extend-deadlines.yaml";
    let script = format!("runsheet new --example extend-deadlines && runsheet check {playbook} --env production");
    assert!(desk.bash(&script).exits(0).out.contains(&format!("{playbook}: 40 rows, 40 calls")));
}

/// A text in which numbers, steps and the ways to lose a connection are equal: these vary from run to run.
fn steady(text: &str) -> String {
    let mut text = text.to_owned();
    for (pattern, mark) in [
        (r"\b\d{8}-\d{6}-[0-9a-f]{6}\b", "RUN-ID"),
        (r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME"),
        (r"\d+(\.\d+)? m?s\b", "SPAN"),
        (r"\b(task|moderators|customers)\b", "STEP"),
        (r"connection (closed before the answer|reset by peer)", "TROUBLE"),
        (r", element \d+", ""),
        (r"\d+", "N"),
        (r"\b(row|call)s\b", "$1"),
    ] {
        text = Regex::new(pattern).unwrap().replace_all(&text, mark).into_owned();
    }
    text
}

#[test]
fn the_picture_is_of_a_real_run() {
    let readme = readme();
    let picture = blocks("text", section(&readme, "\n## A run in a terminal\n")).remove(0);
    let (commands, shown): (Vec<&str>, Vec<&str>) = picture.lines().partition(|line| line.starts_with("$ "));
    let commands: Vec<&str> = commands.iter().map(|line| &line[2..]).collect();
    let tour = tour(&readme);
    assert!(commands.len() >= 2 && commands.iter().all(|command| tour.contains(command)), "{commands:?}");
    let desk = TestFolder::new();
    let came = desk.bash(&format!("runsheet new --example onboard-appointments\n{}", commands.join("\n"))).exits(5);
    let printed = steady(&format!("{}{}", came.out, came.err));
    for line in shown.iter().filter(|line| **line != "…") {
        let line = steady(line);
        assert!(printed.lines().any(|printed| printed == line), "`{line}` is not printed:\n{printed}");
    }
    let counts = Regex::new(r"  24 rows: (\d+) succeeded, (\d+) unknown").unwrap();
    assert!(counts.is_match(&came.out), "{}", came.out);
    assert_eq!(
        counts.captures(&picture).map(|found| found[0].to_owned()),
        counts.captures(&came.out).map(|found| found[0].to_owned())
    );
}

#[test]
fn the_tests_that_the_page_on_tests_shows_pass() {
    let desk = TestFolder::new();
    let page = fs::read_to_string(root().join("docs/reference/testing-playbooks.md")).unwrap();
    let part = section(&page, "\n## Write a test\n");
    desk.bash("runsheet new --example extend-deadlines").exits(0);
    desk.write("extend-deadlines/lost.test.yaml", &blocks("yaml", part)[0]);
    let came = desk.bash(&format!("set -euxo pipefail\n{}", blocks("sh", part).join("\n"))).exits(0);
    assert!(came.out.contains("passed  extend-deadlines/lost.test.yaml"), "{}", came.out);
    assert!(!desk.path().join("state").exists(), "a run was kept");
}

#[test]
fn the_first_command_is_the_one_that_the_checks_run() {
    let readme = readme();
    let commands = blocks("sh", section(&readme, "\n## Two commands\n"));
    assert_eq!(
        commands.iter().map(|block| block.trim()).collect::<Vec<_>>(),
        ["cargo run --release -- run playbooks/extend-deadlines.yaml", "tests/run"]
    );
    let checks = fs::read_to_string(root().join("tests/run")).unwrap();
    assert!(checks.contains("--release -- run playbooks/extend-deadlines.yaml"));
    assert!(fs::read_to_string(root().join(".ci/run")).unwrap().contains("tests/run"));
}
