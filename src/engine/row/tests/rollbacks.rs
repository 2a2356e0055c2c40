//! What a failed row did is taken back, last effect first.

use super::row_bench::RowBench;
use crate::engine::fixtures::{code, done, made, no_answer};
use crate::model::{Phase, RowOutcome, StepOutcome};
use serde_json::json;

const UNMAKE: &str = "rollback: { uses: probe.unmake, with: { num: '{{ steps.ID.outputs.num }}' } }";

/// A step that makes something and can take it back.
fn make(id: &str) -> String {
    format!("  - {{ id: {id}, uses: probe.put, with: {{ name: x }}, {} }}\n", UNMAKE.replace("ID", id))
}

const LAST: &str = "  - { id: last, uses: probe.make, with: { name: x } }\n";

fn bench(steps: &[String]) -> RowBench {
    RowBench::new(&format!("steps:\n{}{LAST}", steps.concat()))
}

#[test]
fn a_step_that_fails_takes_the_earlier_ones_back_last_first() {
    let mut bench = bench(&[make("one"), make("two")]);
    bench.call(made("n1"));
    bench.call(made("n2"));
    bench.call(code("no"));
    for (place, num) in [(1, "n2"), (0, "n1")] {
        let undo = bench.send();
        assert_eq!((undo.call.step, undo.call.phase), (place, Phase::Rollback));
        assert_eq!((undo.operation.full_name(), undo.inputs["num"].as_str()), ("probe.unmake", Some(num)));
        bench.answer(&undo, done(""));
    }
    let end = bench.end();
    assert_eq!((end.outcome, end.step.as_deref(), end.code.as_deref()), (RowOutcome::Failed, Some("last"), Some("no")));
    assert_eq!(bench.story().iter().filter(|words| *words == "rollback").count(), 1);
}

#[test]
fn the_elements_of_a_step_are_taken_back_last_first() {
    let steps = "steps:\n  - { id: one, uses: probe.put, for_each: '{{ row.tags }}', with: { name: '{{ item }}' }, rollback: { uses: probe.unmake, with: { num: '{{ item }}' } } }\n";
    let mut bench = RowBench::with_cell(&format!("{steps}{LAST}"), "tags", json!(["x", "y", "z"]));
    (0..3).for_each(|_| drop(bench.call(made("n"))));
    bench.call(code("no"));
    for (item, tag) in [(2, "z"), (1, "y"), (0, "x")] {
        let undo = bench.send();
        assert_eq!((undo.call.item, undo.inputs["num"].as_str()), (item, Some(tag)));
        bench.answer(&undo, done(""));
    }
    assert_eq!(bench.end().outcome, RowOutcome::Failed);
}

#[test]
fn the_elements_that_were_made_are_taken_back_where_a_later_one_failed() {
    let steps = "steps:\n  - { id: one, uses: probe.put, for_each: '{{ row.tags }}', with: { name: '{{ item }}' }, rollback: { uses: probe.unmake, with: { num: '{{ item }}' } } }\n";
    let mut bench = RowBench::new(steps);
    bench.call(made("n"));
    bench.call(code("no"));
    let undo = bench.send();
    assert_eq!((undo.call.item, undo.call.phase), (0, Phase::Rollback));
    bench.answer(&undo, done(""));
    assert_eq!(bench.end().outcome, RowOutcome::Failed);
}

#[test]
fn only_what_changed_something_is_taken_back() {
    for said in ["already", "warned"] {
        let mut bench = bench(&[make("one")]);
        bench.call(code(said));
        bench.call(code("no"));
        if said == "warned" {
            // Done with a warning is done; there is no output to take it back with.
            assert_eq!(bench.end().outcome, RowOutcome::Partial);
        } else {
            assert_eq!(bench.end().outcome, RowOutcome::Failed);
            assert!(!bench.story().contains(&"rollback".to_owned()), "there is nothing to take back");
        }
    }
}

#[test]
fn a_rollback_that_fails_leaves_the_row_partial_and_the_rest_is_taken_back() {
    let mut bench = bench(&[make("one"), make("two")]);
    bench.call(made("n1"));
    bench.call(made("n2"));
    bench.call(code("no"));
    bench.call(code("no"));
    bench.call(done(""));
    let end = bench.end();
    assert_eq!((end.outcome, end.step.as_deref()), (RowOutcome::Partial, Some("two")));
    assert_eq!(end.message.as_deref(), Some("rollback: the vendor said no"));
    let undone = bench
        .machine
        .state()
        .steps
        .iter()
        .map(|step| step.undone[..].first().map(|call| call.ended.as_ref().unwrap().outcome));
    assert_eq!(undone.take(2).collect::<Vec<_>>(), [Some(StepOutcome::Succeeded), Some(StepOutcome::Failed)]);
}

#[test]
fn a_rollback_whose_answer_is_lost_is_sent_again_where_it_may_be_and_unknown_where_not() {
    let mut repeated = bench(&[make("one")]);
    repeated.call(made("n1"));
    repeated.call(code("no"));
    repeated.call(no_answer());
    repeated.call(done(""));
    assert_eq!(repeated.end().outcome, RowOutcome::Failed);
    let once =
        "  - { id: one, uses: probe.put, with: { name: x }, rollback: { uses: probe.unsign, with: { id: x } } }\n";
    let mut unknown = bench(&[once.to_owned()]);
    unknown.call(made("n1"));
    unknown.call(code("no"));
    unknown.call(no_answer());
    let end = unknown.end();
    assert_eq!((end.outcome, end.step.as_deref()), (RowOutcome::Unknown, Some("one")));
    assert_eq!(end.message.as_deref(), Some("rollback: timed out"));
}

#[test]
fn a_step_without_a_rollback_leaves_the_row_partial() {
    let mut bench = bench(&["  - { id: one, uses: probe.put, with: { name: x } }\n".to_owned()]);
    bench.call(made("n1"));
    bench.call(code("no"));
    let end = bench.end();
    assert_eq!((end.outcome, end.step.as_deref()), (RowOutcome::Partial, Some("last")));
    assert!(!bench.story().contains(&"rollback".to_owned()));
}

#[test]
fn nothing_is_taken_back_where_it_is_unknown_what_became_of_a_call() {
    let mut bench = bench(&[make("one")]);
    bench.call(made("n1"));
    bench.call(no_answer());
    let end = bench.end();
    assert_eq!((end.outcome, end.step.as_deref()), (RowOutcome::Unknown, Some("last")));
    assert!(!bench.story().contains(&"rollback".to_owned()), "the later effect may stand on the earlier one");
}

#[test]
fn a_failure_that_may_be_passed_over_takes_nothing_back() {
    let passed = "  - { id: two, uses: probe.put, with: { name: x }, on_failure: continue }\n".to_owned();
    let mut bench = bench(&[make("one"), passed]);
    bench.call(made("n1"));
    bench.call(code("no"));
    bench.call(made("n3"));
    let end = bench.end();
    assert_eq!((end.outcome, end.step.as_deref()), (RowOutcome::Partial, Some("two")));
    assert!(!bench.story().contains(&"rollback".to_owned()));
}

#[test]
fn a_rollback_that_was_begun_goes_on_after_a_crash() {
    let mut bench = bench(&[make("one"), make("two")]);
    bench.call(made("n1"));
    bench.call(made("n2"));
    bench.call(code("no"));
    bench.call(done(""));
    let mut resumed = bench.resume();
    assert_eq!(resumed.send().call.step, 0);
    assert_eq!(resumed.story().iter().filter(|words| *words == "rollback").count(), 1);
}

#[test]
fn a_rollback_that_cannot_be_rendered_fails_and_the_row_is_partial() {
    let wrong = "  - { id: one, uses: probe.put, with: { name: x }, rollback: { uses: probe.unmake, with: { num: '{{ upper row.tags }}' } } }\n";
    let mut bench = bench(&[wrong.to_owned()]);
    bench.call(made("n1"));
    bench.call(code("no"));
    let end = bench.end();
    assert_eq!((end.outcome, end.code.as_deref()), (RowOutcome::Partial, Some("template")));
    assert!(bench.story().contains(&"attempt undo 0 NotMade template > failed".to_owned()), "{:?}", bench.story());
}
