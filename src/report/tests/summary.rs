//! The summary as JSON and as text.

use std::collections::BTreeMap;

use serde_json::json;

use crate::model::{RowOutcome, RunId};
use crate::report::{OperationCounts, RowCounts, RunOutcome, Summary};

fn summary(outcome: RunOutcome, rows: &[(RowOutcome, u64)]) -> Summary {
    let mut counts = RowCounts::default();
    for (outcome, count) in rows {
        for _ in 0..*count {
            counts.add(*outcome);
        }
    }
    Summary {
        run_id: RunId::from_text("20261122-004610-3fa9c1"),
        retry_of: None,
        undo_of: None,
        environment: "sandbox".to_owned(),
        outcome,
        stopped: None,
        steered: Vec::new(),
        rows: counts,
        failures: Vec::new(),
        warnings: Vec::new(),
        operations: BTreeMap::from([
            ("a.create".to_owned(), OperationCounts { calls: 1_234, attempts: 1_240, throttled: 6 }),
            ("a.read_it".to_owned(), OperationCounts { calls: 1, attempts: 1, throttled: 0 }),
        ]),
        started_at: "2026-11-22T00:46:10Z".to_owned(),
        finished_at: "2026-11-22T00:47:25Z".to_owned(),
        duration_ms: 75_000,
        files: vec!["/runs/x/results.csv".into(), "/runs/x/failed.csv".into()],
    }
}

#[test]
fn a_run_that_finished_says_how_to_do_what_is_missing() {
    let rows = [(RowOutcome::Succeeded, 3), (RowOutcome::Failed, 1), (RowOutcome::Partial, 1)];
    let text = summary(RunOutcome::Failed, &rows).render_text();
    let retry = "again: runsheet retry 20261122-004610-3fa9c1 --rows /runs/x/failed.csv\n";
    assert!(text.contains("missing: runsheet retry 20261122-004610-3fa9c1\n") && text.contains(retry), "{text}");
    let undo = Summary { undo_of: Some(RunId::from_text("earlier")), ..summary(RunOutcome::Failed, &rows) };
    assert!(undo.render_text().contains("runsheet undo earlier"), "{}", undo.render_text());
    let unknown = [(RowOutcome::Unknown, 1), (RowOutcome::Partial, 1)];
    let undo = Summary { undo_of: Some(RunId::from_text("earlier")), ..summary(RunOutcome::Unknown, &unknown) };
    let text = undo.render_text();
    let (settle, on) = ("runsheet resolve 20261122-004610-3fa9c1", "runsheet resume 20261122-004610-3fa9c1");
    assert!(text.find(settle).unwrap() < text.find(on).unwrap() && !text.contains("runsheet undo"), "{text}");
    assert!(!summary(RunOutcome::Succeeded, &[(RowOutcome::Succeeded, 3)]).render_text().contains("runsheet re"));
}

#[test]
fn a_run_that_stopped_says_how_to_go_on() {
    let rows = [(RowOutcome::NotStarted, 3), (RowOutcome::Failed, 1), (RowOutcome::Unknown, 1)];
    let text = summary(RunOutcome::Stopped, &rows).render_text();
    assert!(text.contains("runsheet resume 20261122-004610-3fa9c1"), "{text}");
    assert!(text.contains("5 rows: 1 failed, 1 unknown, 3 not started"), "{text}");
    assert!(text.contains("never sent again") && text.contains("runsheet resolve 20261122-004610-3fa9c1"), "{text}");
    assert!(!text.contains("runsheet retry"), "a stopped run is resumed first: {text}");
    for outcome in [RunOutcome::Refused, RunOutcome::Interrupted, RunOutcome::Broken] {
        assert!(summary(outcome, &[]).render_text().contains("runsheet resume"));
    }
}

#[test]
fn a_run_that_stopped_with_unknown_rows_is_resumed_too() {
    let rows = [(RowOutcome::NotStarted, 3), (RowOutcome::Unknown, 1)];
    let stopped = |kind: &str| {
        let stop = json!({"kind": kind, "message": "why"});
        Summary { stopped: Some(stop), ..summary(RunOutcome::Unknown, &rows) }.render_text()
    };
    let gate = stopped("gate");
    assert!(gate.contains("Go on: runsheet resume") && gate.contains("runsheet resolve"), "{gate}");
    assert!(!gate.contains("runsheet retry"), "{gate}");
    let budget = stopped("budget");
    assert!(budget.contains("runsheet retry 20261122-004610-3fa9c1 --playbook COPY"), "{budget}");
    assert!(!summary(RunOutcome::Unknown, &rows).render_text().contains("runsheet resume"));
}

#[test]
fn a_run_that_was_redirected_is_run_again_as_a_resumed_one_keeps_the_address() {
    let rows = [(RowOutcome::NotStarted, 3)];
    let redirected = Summary {
        stopped: Some(json!({"kind": "redirected", "message": "why"})),
        files: vec!["/runs/x/results.csv".into(), "/runs/x/not_started.csv".into()],
        ..summary(RunOutcome::Stopped, &rows)
    };
    let text = redirected.render_text();
    assert!(text.contains("runsheet run PLAYBOOK --rows /runs/x/not_started.csv"), "{text}");
    assert!(!text.contains("runsheet resume"), "{text}");
}

#[test]
fn the_text_of_a_run_that_went_well() {
    let mut summary = summary(RunOutcome::Succeeded, &[(RowOutcome::Succeeded, 2), (RowOutcome::Skipped, 1)]);
    summary.files.pop();
    assert_eq!(
        summary.render_text(),
        "Run 20261122-004610-3fa9c1 succeeded in 1 min 15 s (environment `sandbox`)\n\
         \x20 3 rows: 2 succeeded, 1 skipped\n\
         \x20 a.create   1,234 calls, 1,240 attempts, 6 throttled\n\
         \x20 a.read_it  1 call\n\
         \x20 /runs/x/results.csv\n"
    );
}

#[test]
fn the_json_is_that_of_the_command_line() {
    let summary = summary(RunOutcome::Failed, &[(RowOutcome::Failed, 1), (RowOutcome::Partial, 1)]);
    let value = serde_json::to_value(&summary).unwrap();
    assert_eq!(
        value,
        json!({
            "run_id": "20261122-004610-3fa9c1",
            "environment": "sandbox",
            "outcome": "failed",
            "rows": { "total": 2, "unknown": 0, "partial": 1, "failed": 1, "not_started": 0, "succeeded": 0,
                "unchanged": 0, "skipped": 0 },
            "operations": {
                "a.create": { "calls": 1234, "attempts": 1240, "throttled": 6 },
                "a.read_it": { "calls": 1, "attempts": 1, "throttled": 0 }
            },
            "started_at": "2026-11-22T00:46:10Z",
            "finished_at": "2026-11-22T00:47:25Z",
            "duration_ms": 75000,
            "files": ["/runs/x/results.csv", "/runs/x/failed.csv"]
        })
    );
    assert_eq!(serde_json::from_value::<Summary>(value).unwrap(), summary);
}

#[test]
fn each_row_counts_in_its_outcome_and_in_the_total() {
    let mut rows = RowCounts::default();
    for outcome in RowOutcome::ALL {
        rows.add(outcome);
        assert_eq!(rows.of(outcome), 1);
    }
    assert_eq!(rows.total, RowOutcome::ALL.len() as u64);
}

#[test]
fn the_outcome_of_a_run_is_stored_as_its_word() {
    crate::model::assert_serialized::<RunOutcome>();
}
