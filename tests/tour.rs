//! The README's tour, command by command, as a user would type it.

use std::fs;
use std::net::TcpListener;

use crate::program::{TestFolder, root};

/// The shell blocks between a heading and the next one.
fn blocks(readme: &str, heading: &str) -> Vec<String> {
    blocks_of("sh", readme, heading)
}

/// The blocks of a language between a heading and the next one.
fn blocks_of(language: &str, readme: &str, heading: &str) -> Vec<String> {
    let from = readme.find(heading).unwrap_or_else(|| panic!("README.md lacks `{heading}`"));
    let section = &readme[from + heading.len()..];
    let section = &section[..section.find("\n## ").unwrap_or(section.len())];
    section
        .split(&format!("```{language}\n"))
        .skip(1)
        .map(|block| block.split("```").next().unwrap().to_owned())
        .collect()
}

#[test]
fn the_tour_works_as_printed() {
    let desk = TestFolder::new();
    playbooks(&desk);
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let steps = blocks(&readme, "## A five-minute tour");
    assert!(steps.len() >= 6, "{} steps", steps.len());
    // The port of the README may be taken on this machine.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let script = format!("set -euxo pipefail\n{}", steps.join("\n")).replace("8470", &port.to_string());
    let came = desk.bash(&script).exits(0);
    assert!(desk.read("results/results.csv").contains(",succeeded,"), "{}", came.err);
    came.says(&["broken.csv:4:", "nothing was sent"]);
}

fn playbooks(desk: &TestFolder) {
    fs::create_dir(desk.path().join("playbooks")).unwrap();
    for entry in fs::read_dir(root().join("playbooks")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), desk.path().join("playbooks").join(entry.file_name())).unwrap();
    }
}

#[test]
fn the_tests_that_the_readme_shows_pass() {
    let desk = TestFolder::new();
    playbooks(&desk);
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let heading = "## Testing a playbook";
    let example = blocks_of("yaml", &readme, heading).remove(0);
    desk.write("playbooks/readme.test.yaml", &format!("{example}\nplaybook: extend-deadlines.yaml\n"));
    let script = format!("set -euxo pipefail\n{}", blocks(&readme, heading).join("\n"));
    let came = desk.bash(&script).exits(0);
    assert!(came.out.contains("passed  playbooks/readme.test.yaml"), "{}", came.out);
    assert!(!desk.path().join("state").exists(), "a run was kept");
}

#[test]
fn the_first_command_is_the_one_that_the_checks_run() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let first = blocks(&readme, "## Two commands");
    assert_eq!(first[0].trim(), "cargo run --release -- run playbooks/extend-deadlines.yaml");
    assert_eq!(first[1].trim(), "tests/run");
    let checks = fs::read_to_string(root().join("tests/run")).unwrap();
    assert!(checks.contains("--release -- run playbooks/extend-deadlines.yaml"));
    assert!(fs::read_to_string(root().join(".ci/run")).unwrap().contains("tests/run"));
}
