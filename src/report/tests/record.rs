//! The record of a run: its sentence, and its Markdown within bounds.

use std::collections::BTreeMap;

use serde_json::json;

use crate::model::{RowOutcome, RunId};
use crate::report::{
    FailureKind, NextStep, OperationRecord, OtherKinds, RECORD_VERSION, RecordedState, RowCounts, RunKind, RunOutcome,
    RunRecord,
};

fn record(rows: &[(RowOutcome, u64)]) -> RunRecord {
    let mut counts = RowCounts::default();
    for (outcome, count) in rows {
        (0..*count).for_each(|_| counts.add(*outcome));
    }
    RunRecord {
        version: RECORD_VERSION,
        run_id: RunId::from_text("20261122-004610-3fa9c1"),
        kind: RunKind::Run,
        earlier_run: None,
        later_runs: Vec::new(),
        state: RecordedState::Finished,
        outcome: Some(RunOutcome::Failed),
        verdict: String::new(),
        next: Vec::new(),
        playbook: "Extend".to_owned(),
        playbook_file: "jobs/extend.yaml".to_owned(),
        rows_file: Some("rows.csv".to_owned()),
        environment: "production".to_owned(),
        sandbox: false,
        started_by: Some("mei".to_owned()),
        processes: Vec::new(),
        runsheet: "0.1.0".to_owned(),
        started_at: "2026-11-22T00:46:10Z".to_owned(),
        finished_at: Some("2026-11-22T00:47:25Z".to_owned()),
        recorded_at: "2026-11-22T00:47:25Z".to_owned(),
        duration_ms: 75_000,
        stopped: None,
        steered: Vec::new(),
        rows: counts,
        under_way: None,
        operations: BTreeMap::new(),
        failures: Vec::new(),
        other_failures: OtherKinds::default(),
        warnings: Vec::new(),
        problems: Vec::new(),
        files: Vec::new(),
    }
}

fn verdict(mut record: RunRecord, state: RecordedState) -> String {
    record.set_state(state);
    record.verdict
}

#[test]
fn the_sentence_says_what_became_of_all_rows_and_why_the_run_did_not_finish() {
    let mixed = [(RowOutcome::Succeeded, 1_204), (RowOutcome::Failed, 96), (RowOutcome::NotStarted, 7)];
    assert_eq!(
        verdict(record(&mixed), RecordedState::Finished),
        "1,204 of 1,307 rows succeeded; 96 failed; 7 not started."
    );
    let stopped =
        RunRecord { stopped: Some(json!({"kind": "gate", "message": "wave 1 of 2\nfailed."})), ..record(&mixed) };
    assert!(verdict(stopped, RecordedState::Stopped).ends_with(". The run stopped: wave 1 of 2␊failed."));
    assert_eq!(verdict(record(&[(RowOutcome::Succeeded, 3)]), RecordedState::Finished), "All 3 rows succeeded.");
    let undo = RunRecord { kind: RunKind::Undo, ..record(&[(RowOutcome::Succeeded, 1)]) };
    assert_eq!(verdict(undo, RecordedState::Finished), "The row was taken back.");
    let once = RunRecord { rows_file: None, ..record(&[(RowOutcome::Unknown, 1)]) };
    assert_eq!(verdict(once, RecordedState::Finished), "The steps have an unknown outcome.");
    assert_eq!(verdict(record(&[]), RecordedState::Running), "There were no rows. The run is under way.");
}

#[test]
fn a_run_without_an_end_has_no_outcome_and_says_how_it_goes_on() {
    let mut running = record(&[(RowOutcome::Succeeded, 1), (RowOutcome::NotStarted, 1)]);
    running.set_state(RecordedState::Running);
    assert_eq!((running.outcome, &running.finished_at, running.next.len()), (None, &None, 0));
    running.set_state(RecordedState::BrokenOff);
    let steps: Vec<String> = running.next.iter().map(NextStep::to_string).collect();
    assert_eq!(steps, ["Go on: runsheet resume 20261122-004610-3fa9c1"]);
}

fn kind(number: u64) -> FailureKind {
    let hostile = "<b>|`@a`\n http://a ".repeat(60);
    FailureKind {
        number,
        outcome: RowOutcome::Failed,
        step: Some(hostile.clone()),
        code: Some(hostile.clone()),
        message: Some(hostile.clone()),
        messages_differ: true,
        rows: 7,
        row: number,
        key: hostile.clone(),
        keys: vec![hostile.clone(); 5],
        meaning: Some(hostile.clone()),
        advice: Some(hostile.clone()),
        command: None,
        rows_file: Some(hostile),
        step_at: None,
    }
}

#[test]
fn the_markdown_of_a_large_run_is_bounded_and_counts_what_it_cuts() {
    let mut large = record(&[(RowOutcome::Failed, 10_000)]);
    large.failures = (1..=100).map(kind).collect();
    large.other_failures = OtherKinds { kinds: 900, rows: 9_300 };
    large.operations = (0..500).map(|n| (format!("acme.op_{n}"), OperationRecord::default())).collect();
    large.later_runs = (0..500).map(|n| RunId::from_text(format!("20261122-0046{n}"))).collect();
    large.set_state(RecordedState::Finished);
    let text = large.render_markdown();
    assert!(text.len() < 256 * 1024, "{} bytes", text.len());
    assert!(text.contains("… and 9,860 more rows of at least 980 more kinds"), "{text}");
    assert!(text.contains("… and 450 more operations"), "{text}");
    assert!(text.contains(" and 490 earlier ones"), "{text}");
    assert!(!text.contains("<b>") && !text.contains("http://"), "{text}");
    for line in text.lines().filter(|line| line.starts_with('|')) {
        let cells = line.replace("\\\\", "").replace("\\|", "").matches('|').count() - 1;
        assert!([2, 4, 8].contains(&cells), "{cells}: {line}");
    }
}
