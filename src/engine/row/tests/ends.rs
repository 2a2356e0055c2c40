//! A row's end: the reason that it gives and the results that it fills in.

use super::row_bench::RowBench;
use crate::engine::fixtures::{code, made};
use crate::model::{Phase, RowOutcome};
use serde_json::json;

const PUT: &str = "uses: probe.put, with: { name: '{{ row.name }}' }";

fn steps(count: usize, rest: &str) -> String {
    let step = |place: usize| format!("  - {{ id: s{place}, {PUT}, on_failure: continue }}\n");
    format!("steps:\n{}{rest}", (0..count).map(step).collect::<String>())
}

/// What a row ends with whose calls are answered like this.
fn end(answers: &[crate::engine::CallResult], rest: &str) -> crate::journal::RowEnded {
    let mut bench = RowBench::new(&steps(answers.len(), rest));
    answers.iter().for_each(|answer| drop(bench.call(answer.clone())));
    bench.end()
}

#[test]
fn a_row_that_went_well_gives_its_last_warning_and_otherwise_no_reason() {
    let warned = end(&[code("warned"), code("warned"), made("n")], "");
    assert_eq!(
        (warned.outcome, warned.step.as_deref(), warned.code.as_deref()),
        (RowOutcome::Succeeded, Some("s1"), Some("warned"))
    );
    let plain = end(&[made("n"), code("already")], "");
    assert_eq!((plain.step, plain.code, plain.message, plain.request_id), (None, None, None, None));
}

#[test]
fn a_row_that_failed_gives_its_first_failure_and_no_warning() {
    let failed = end(&[code("warned"), code("no"), code("no")], "");
    assert_eq!((failed.outcome, failed.step.as_deref()), (RowOutcome::Partial, Some("s1")));
    assert_eq!((failed.message.as_deref(), failed.request_id.as_deref()), (Some("the vendor said no"), Some("q1")));
}

#[test]
fn an_unknown_row_gives_the_unknown_call_and_no_failure() {
    let mut bench =
        RowBench::new(&format!("{}  - {{ id: last, uses: probe.make, with: {{ name: x }} }}\n", steps(1, "")));
    bench.call(code("no"));
    bench.call(code("unsure"));
    let end = bench.end();
    assert_eq!(
        (end.outcome, end.step.as_deref(), end.code.as_deref()),
        (RowOutcome::Unknown, Some("last"), Some("unsure"))
    );
}

#[test]
fn results_are_rendered_and_blank_where_their_step_was_not_reached() {
    let results =
        "results: { num: '{{ steps.s0.outputs.num }}', later: '{{ steps.s1.outputs.num }}', name: '{{ row.name }}' }\n";
    let both = end(&[made("n1"), made("n2")], results);
    assert_eq!(
        (&both.results["num"], &both.results["later"], &both.results["name"]),
        (&json!("n1"), &json!("n2"), &json!("Ann 0"))
    );
    let stopping = format!("steps:\n  - {{ id: s0, {PUT} }}\n  - {{ id: s1, {PUT} }}\n{results}");
    let mut bench = RowBench::new(&stopping);
    bench.call(code("no"));
    let end = bench.end();
    assert!(end.results["num"].is_null() && end.results["later"].is_null());
    assert_eq!(end.results["name"], "Ann 0");
}

#[test]
fn rollback_and_step_draw_different_waits() {
    let steps = "steps:\n  - { id: one, uses: probe.put, with: { name: x }, retry: { delay: 8s }, rollback: { uses: probe.unmake, with: { num: n1 } } }\n  \
        - { id: two, uses: probe.put, with: { name: x }, retry: { delay: 8s } }\n";
    let mut bench = RowBench::new(steps);
    let mut waits = Vec::new();
    bench.call(code("busy"));
    waits.push(bench.wait());
    bench.call(made("n1"));
    bench.call(code("busy"));
    waits.push(bench.wait());
    bench.call(code("no"));
    let undo = bench.send();
    assert_eq!(undo.call.phase, Phase::Rollback);
    bench.answer(&undo, code("busy"));
    waits.push(bench.wait());
    assert!(waits[0] != waits[1] && waits[1] != waits[2] && waits[0] != waits[2], "{waits:?}");
}
