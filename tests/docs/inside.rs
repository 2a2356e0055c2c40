//! What the pages of `docs/inside` say about the program, compared with the program.

use std::collections::BTreeSet;
use std::fs;

use regex::Regex;

use crate::program::root;
use crate::troubles::exists;

fn page(name: &str) -> String {
    fs::read_to_string(root().join("docs/inside").join(name)).unwrap()
}

fn source(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The first cells of the lines of a table that hold one word in backticks.
fn first_cells(text: &str) -> Vec<String> {
    let cell = Regex::new(r"(?m)^\| `([a-z_]+)` \|").unwrap();
    cell.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

#[test]
fn the_floors_are_those_of_the_crate_in_their_order() {
    let floor = Regex::new(r"(?m)^//! \| `([a-z]+)` \|").unwrap();
    let crate_root = source("src/lib.rs");
    let floors: Vec<String> = floor.captures_iter(&crate_root).map(|found| found[1].to_owned()).collect();
    assert_eq!(first_cells(&page("architecture.md")), floors);
}

#[test]
fn every_promise_names_tests_that_are_there() {
    let text = page("promises.md");
    let promises = text.split("\n## ").skip(1).filter(|promise| !promise.starts_with("What is not promised"));
    let test = Regex::new(r"(?m)^- `([a-z0-9_:]+)`$").unwrap();
    for promise in promises {
        let named: Vec<&str> = test.captures_iter(promise).map(|found| found.get(1).unwrap().as_str()).collect();
        assert!(!named.is_empty(), "no test is named for this promise:\n{promise}");
        let missing: Vec<&&str> = named.iter().filter(|name| !exists(name)).collect();
        assert!(missing.is_empty(), "these tests are not there: {missing:?}");
    }
}

#[test]
fn the_journal_has_these_tables_and_facts() {
    let text = page("journal.md");
    let table = Regex::new(r"CREATE TABLE (\w+)").unwrap();
    let schema = source("src/io/journal/format/schema.rs");
    let tables = table.captures_iter(&schema).map(|found| found[1].to_owned());
    let fact = Regex::new(r#"(?m)^    #\[serde\(rename = "(\w)"\)\]\n    [A-Z]"#).unwrap();
    let facts = source("src/journal/facts/fact.rs");
    let facts = facts.split("pub enum Fact").nth(1).unwrap();
    let facts = fact.captures_iter(facts).map(|found| found[1].to_owned());
    let listed: BTreeSet<String> = first_cells(&text).into_iter().collect();
    assert_eq!(listed, tables.chain(facts).collect::<BTreeSet<String>>());
}

#[test]
fn the_goals_are_those_of_the_bench() {
    let mut goals = BTreeSet::new();
    let goal = Regex::new(r"Goal::At(?:Most|Least)\(([\d_.]+)\)").unwrap();
    for entry in fs::read_dir(root().join("benches/throughput/parts")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        goals
            .extend(goal.captures_iter(&text).map(|found| found[1].replace('_', "").trim_end_matches(".0").to_owned()));
    }
    let text = page("performance.md");
    let table: String =
        text.lines().filter(|line| line.starts_with("| ")).collect::<Vec<_>>().join("\n").replace(',', "");
    let bound = Regex::new(r"\d+(?:\.\d+)?").unwrap();
    let cells = table.lines().skip(1).filter_map(|line| line.split('|').nth(2));
    let told: BTreeSet<String> =
        cells.flat_map(|cell| bound.find_iter(cell).map(|found| found.as_str().to_owned())).collect();
    // The disk's own sync is a condition and no goal.
    goals.remove("1");
    assert_eq!(told, goals);
}
