//! A long list with two percent of every fault: no second effect, exact books. The ordinary tests run a short one;
//! `thousands_of_rows_with_two_percent_of_every_fault` runs as many rows as `RUNSHEET_ROWS` says, 20,000 without it.

use std::fs;

use serde_json::Value;

use crate::crashes::{APPOINTMENTS, Log, Told, UNLIMITED, count, problems, run_folder};
use crate::program::TestFolder;

/// Our names of the operations, and the vendor's.
const OPERATIONS: [(&str, &str); 4] = [
    ("arctos.create_task", "createBlankTask"),
    ("arctos.add_moderator", "createTaskModerator"),
    ("arctos.add_publishers", "createTaskPublisher"),
    ("arctos.update_status", "updateTaskStatus"),
];

fn run(rows: u64, in_flight: u64) {
    let desk = TestFolder::new();
    APPOINTMENTS.lay_out(&desk, rows, UNLIMITED);
    let line = format!(
        "run playbook.yaml --rows rows.csv --faults all=2%,seed=1 --in-flight {in_flight} --max-fail {rows} --format json"
    );
    let came = desk.run(&line).exits(5).never_says(&["the audit of the journal failed"]);
    let summary = came.json();
    let folder = run_folder(&desk).unwrap();
    let log = Log::read(&fs::read_to_string(folder.join("sandbox.jsonl")).unwrap());
    let results = fs::read_to_string(folder.join("results.csv")).unwrap();
    let told = Told { code: Some(came.code), summary, results };
    let mut found = problems(&APPOINTMENTS, rows, &told, &log, rows, true);
    found.extend(books(&told.summary, rows, &log));
    println!("{}\n{} calls, {} effects", told.summary, log.calls(), log.effects_made());
    assert!(found.is_empty(), "{found:#?}");
    assert!(count(&told.summary, "succeeded") > rows / 10, "{}", told.summary);
}

/// Rows add up, and every send that is told is one that the sandbox saw.
fn books(summary: &Value, rows: u64, log: &Log) -> Vec<String> {
    let mut problems = Vec::new();
    let outcomes = ["unknown", "partial", "failed", "not_started", "succeeded", "unchanged", "skipped"];
    let sum: u64 = outcomes.iter().map(|outcome| count(summary, outcome)).sum();
    if sum != rows || count(summary, "total") != rows {
        problems.push(format!("{sum} outcomes for {rows} rows"));
    }
    for (ours, theirs) in OPERATIONS {
        let (told, seen) = (summary["operations"][ours]["attempts"].as_u64().unwrap_or(0), log.calls_of(theirs));
        if told != seen {
            problems.push(format!("{ours}: {told} attempts, the sandbox saw {seen}"));
        }
    }
    problems
}

#[test]
fn two_percent_of_every_fault_double_nothing() {
    run(150, 32);
}

#[test]
#[ignore = "takes minutes: the vendor asks for a second's pause again and again"]
fn thousands_of_rows_with_two_percent_of_every_fault() {
    let rows = std::env::var("RUNSHEET_ROWS").ok().and_then(|text| text.parse().ok());
    run(rows.unwrap_or(20_000), 256);
}
