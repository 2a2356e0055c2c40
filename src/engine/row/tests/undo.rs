//! Rows of a run of `undo`: what an earlier run made is taken back, and nothing else.

use serde_json::json;

use super::row_bench::RowBench;
use crate::engine::fixtures::{START, cells, code, done, no_answer, object, undo_plan_of};
use crate::engine::row::row_machine::NextMove;
use crate::journal::{CallRef, Fact, ImportedCall, StepEnded};
use crate::model::{Phase, RowOutcome, RunId, StepOutcome, Time, Value};

/// Two steps that can be taken back: the first by its operation's `undo`, the second by a rollback of its own.
const STEPS: &str = "steps:\n  - { id: make, uses: probe.make, with: { name: '{{ row.name }}' } }\n  \
    - { id: sign, uses: probe.sign, with: { id: '{{ row.id }}' }, rollback: { uses: probe.unsign, with: { id: '{{ row.id }}' } } }\n  \
    - { id: put, uses: probe.put, with: { name: x } }\n";

fn undone_run() -> RunId {
    RunId::from_text("20270115-080000-abcdef")
}

/// A done call that a run made.
fn imported(step: u32, outcome: StepOutcome, from: &RunId) -> [(Time, Fact); 2] {
    let call = CallRef { step, item: 0, phase: Phase::Do };
    let fact = ImportedCall {
        call,
        from: from.clone(),
        made_at: START,
        outcome,
        hash: Some("f00d".to_owned()),
        element: None,
        code: None,
        message: None,
        request_id: None,
        outputs: object(&[("num", format!("n{step}").into())]),
        body: Value::Null,
    };
    let ended = StepEnded { step, outcome, code: None, message: None };
    [(START, Fact::ImportedCall(fact)), (START, Fact::StepEnded(ended))]
}

/// A row of the undo whose first steps ended like this, made by these runs.
fn bench(steps: &[(StepOutcome, &RunId)]) -> RowBench {
    let facts = (0..).zip(steps).flat_map(|(step, (outcome, run))| imported(step, *outcome, run)).collect();
    RowBench::over(undo_plan_of(STEPS, undone_run()), cells(0), facts)
}

const GOOD: StepOutcome = StepOutcome::Succeeded;

#[test]
fn what_the_run_made_is_taken_back_last_first() {
    let run = undone_run();
    let mut bench = bench(&[(GOOD, &run), (GOOD, &run)]);
    let second = bench.send();
    assert_eq!((second.operation.full_name(), second.call.phase), ("probe.unsign", Phase::Rollback));
    bench.answer(&second, done(""));
    let first = bench.send();
    assert_eq!((first.operation.full_name(), &first.inputs["num"]), ("probe.unmake", &json!("n0")));
    bench.answer(&first, done(""));
    let end = bench.end();
    assert_eq!((end.outcome, end.step, end.code), (RowOutcome::Succeeded, None, None));
    assert_eq!(bench.story().iter().filter(|words| *words == "rollback").count(), 1);
}

#[test]
fn what_other_runs_made_and_what_changed_nothing_stays() {
    let (run, other) = (undone_run(), RunId::from_text("20260101-000000-000000"));
    let mut bench = bench(&[(GOOD, &other), (StepOutcome::Unchanged, &run)]);
    let end = bench.end();
    assert_eq!(end.outcome, RowOutcome::Succeeded, "there is nothing to take back");
    assert_eq!(bench.story()[4..], ["rollback", "row succeeded"]);
}

#[test]
fn steps_that_the_row_did_not_reach_are_not_begun() {
    let run = undone_run();
    let mut bench = bench(&[(GOOD, &run)]);
    assert_eq!(bench.send().operation.full_name(), "probe.unmake");
}

#[test]
fn a_rollback_that_fails_is_the_rows_reason_and_the_rest_is_taken_back() {
    let run = undone_run();
    let mut both = bench(&[(GOOD, &run), (GOOD, &run)]);
    both.call(code("no"));
    both.call(done(""));
    let end = both.end();
    assert_eq!(
        (end.outcome, end.step.as_deref(), end.code.as_deref()),
        (RowOutcome::Partial, Some("sign"), Some("no"))
    );
    assert_eq!((end.message.as_deref(), end.request_id.as_deref()), (Some("the vendor said no"), Some("q1")));
    let mut one = bench(&[(GOOD, &run)]);
    one.call(code("no"));
    assert_eq!(one.end().outcome, RowOutcome::Failed, "nothing was taken back");
}

#[test]
fn of_several_rollbacks_that_failed_the_last_step_is_the_reason() {
    let run = undone_run();
    let mut bench = bench(&[(GOOD, &run), (GOOD, &run)]);
    bench.call(code("no"));
    bench.call(code("no"));
    assert_eq!(bench.end().step.as_deref(), Some("sign"));
}

#[test]
fn a_rollback_whose_answer_is_lost_leaves_the_row_unknown() {
    let run = undone_run();
    let mut bench = bench(&[(GOOD, &run), (GOOD, &run)]);
    bench.call(no_answer());
    bench.call(done(""));
    let end = bench.end();
    assert_eq!((end.outcome, end.step.as_deref()), (RowOutcome::Unknown, Some("sign")));
    assert_eq!(end.code.as_deref(), Some("no_answer"));
}

#[test]
fn a_step_that_no_operation_takes_back_is_the_rows_reason() {
    let run = undone_run();
    let mut bench = bench(&[(GOOD, &run), (StepOutcome::Skipped, &run), (GOOD, &run)]);
    bench.call(done(""));
    let end = bench.end();
    assert_eq!(
        (end.outcome, end.step.as_deref(), end.code.as_deref()),
        (RowOutcome::Partial, Some("put"), Some("no_undo"))
    );
    assert_eq!(end.message.as_deref(), Some("no operation takes it back"));
}

#[test]
fn an_undo_that_cannot_be_rendered_fails_without_being_sent() {
    let run = undone_run();
    let mut facts = imported(0, GOOD, &run).to_vec();
    if let Fact::ImportedCall(call) = &mut facts[0].1 {
        call.outputs = object(&[]);
    }
    let mut bench = RowBench::over(undo_plan_of(STEPS, run), cells(0), facts);
    let end = bench.end();
    assert_eq!((end.outcome, end.step.as_deref()), (RowOutcome::Failed, Some("make")));
    assert!(bench.story().iter().any(|words| words.starts_with("attempt undo 0 NotMade")), "{:?}", bench.story());
}

#[test]
fn an_undo_goes_on_from_every_prefix_of_its_journal() {
    let run = undone_run();
    let mut whole = bench(&[(GOOD, &run), (GOOD, &run)]);
    whole.call(done(""));
    whole.call(done(""));
    whole.end();
    let begun = 4;
    for facts in begun..whole.journal.len() {
        if matches!(whole.journal[facts - 1].1, Fact::Intent(_)) {
            continue;
        }
        let mut resumed = whole.resume_from(facts);
        while let NextMove::Send(outgoing) = resumed.next() {
            resumed.intend(&outgoing);
            resumed.answer(&outgoing, done(""));
        }
        assert_eq!(resumed.story(), whole.story(), "from fact {facts}");
    }
}

#[test]
fn the_calls_of_a_run_are_those_by_which_it_changed_something() {
    let (run, other) = (undone_run(), RunId::from_text("20260101-000000-000000"));
    let bench = bench(&[(GOOD, &other), (GOOD, &run), (StepOutcome::Unchanged, &run)]);
    let second = CallRef { step: 1, item: 0, phase: Phase::Do };
    assert_eq!(bench.machine.calls_of(&run), [second]);
}
