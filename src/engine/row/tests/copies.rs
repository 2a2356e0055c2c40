//! Rows of a run that was resumed from a copy of its journal: what may have been sent since is in doubt.

use super::answers::{GET, MAKE, PUT};
use super::row_bench::RowBench;
use crate::engine::fixtures::{code, done, made, states};
use crate::engine::row::row_machine::NextMove;
use crate::journal::{COPY_CODE, Fact, Intent};
use crate::model::{RowOutcome, StepOutcome};

const SIGN: &str = "steps:\n  - { id: sign, uses: probe.sign, with: { id: '{{ row.id }}' } }\n";

/// The row goes on from the copy that its journal is.
fn copied(bench: &RowBench) -> RowBench {
    bench.told(Fact::Intent(Intent::of_a_copy()))
}

#[test]
fn a_write_that_must_not_be_repeated_is_unknown() {
    let mut bench = copied(&RowBench::new(MAKE));
    let end = bench.end();
    assert_eq!((end.outcome, end.code.as_deref()), (RowOutcome::Unknown, Some(COPY_CODE)));
    assert_eq!(bench.story()[1..3], ["intent 0 #1", "attempt 0 Lost copy > unknown"]);
}

#[test]
fn a_write_that_may_be_repeated_is_sent() {
    let mut bench = copied(&RowBench::new(PUT));
    assert_eq!(bench.send_in_time().operation.full_name(), "probe.put");
    assert_eq!(bench.story()[1..], ["intent 0 #1", "attempt 0 Lost copy > open", "intent 0 #2"]);
}

#[test]
fn a_write_that_can_be_looked_up_is_looked_up() {
    let mut bench = copied(&RowBench::new(SIGN));
    bench.call(states(&[("a0", "signed")]));
    assert_eq!(bench.last_story(), "attempt 0 LookedUp(TookEffect) > succeeded");
    assert_eq!(bench.end().outcome, RowOutcome::Succeeded);
}

#[test]
fn a_read_is_simply_made() {
    let mut bench = copied(&RowBench::new(GET));
    bench.call(done(""));
    assert_eq!(bench.end().outcome, RowOutcome::Succeeded);
    assert!(!bench.story().iter().any(|words| words.contains("copy")));
}

/// Whether a call only reads may be known only from its rendered inputs.
#[test]
fn a_call_that_reads_by_its_inputs_is_simply_made() {
    for (mode, doubted) in [("dry", false), ("wet", true)] {
        let steps = format!("steps:\n  - {{ id: ask, uses: probe.ask, with: {{ mode: {mode} }} }}\n");
        let mut bench = copied(&RowBench::new(&steps));
        let sends = matches!(bench.next(), NextMove::Send(_));
        let in_doubt = bench.story().iter().any(|words| words.contains("copy"));
        assert_eq!((sends, in_doubt), (!doubted, doubted), "{mode}: {:?}", bench.story());
    }
}

#[test]
fn a_call_that_the_copy_shows_as_done_stays_done() {
    let mut bench = RowBench::new(MAKE);
    bench.call(made("n1"));
    let mut bench = copied(&bench);
    assert_eq!(bench.end().outcome, RowOutcome::Succeeded);
}

#[test]
fn a_write_that_cannot_be_rendered_any_more_is_unknown() {
    let mut bench = copied(&RowBench::with_cell(MAKE, "name", serde_json::json!(["no text"])));
    assert_eq!(bench.end().outcome, RowOutcome::Unknown);
    assert_eq!(bench.story()[1], "attempt 0 NotMade invalid > unknown");
}

/// A read whose answer decides what the second step sends.
fn depending(second: &str) -> RowBench {
    let steps = format!("{GET}  - {{ id: two, uses: probe.SIGN, with: {{ id: '{second}' }} }}\n");
    let mut bench = copied(&RowBench::new(&steps.replace("SIGN", "sign")));
    bench.call(done("\"state\": \"b1\""));
    bench
}

#[test]
fn a_call_that_names_answers_since_the_copy_may_be_another_and_is_unknown() {
    let mut bench = depending("{{ steps.get.outputs.state }}");
    assert_eq!(bench.end().outcome, RowOutcome::Unknown);
    let mut same = depending("{{ row.id }}");
    assert!(same.send_in_time().lookup, "a call made of the row alone is the one that may have been sent");
}

#[test]
fn a_call_for_each_element_of_an_answer_may_be_another() {
    let steps = format!(
        "{GET}  - {{ id: two, uses: probe.sign, for_each: '{{{{ steps.get.body.list }}}}', with: {{ id: '{{{{ item }}}}' }} }}\n"
    );
    let mut bench = copied(&RowBench::new(&steps));
    bench.call(done("\"list\": [\"b1\"]"));
    assert_eq!(bench.end().outcome, RowOutcome::Unknown);
}

#[test]
fn a_call_that_may_be_repeated_is_sent_even_where_it_may_be_another() {
    let steps =
        format!("{GET}  - {{ id: two, uses: probe.put, with: {{ name: '{{{{ steps.get.outputs.state }}}}' }} }}\n");
    let mut bench = copied(&RowBench::new(&steps));
    bench.call(done("\"state\": \"b1\""));
    assert_eq!(bench.send_in_time().operation.full_name(), "probe.put");
}

#[test]
fn a_step_skipped_by_an_answer_since_the_copy_is_unknown_and_one_skipped_by_the_row_is_not() {
    for (when, outcome) in [
        ("{{ eq steps.get.outputs.state \"open\" }}", StepOutcome::Unknown),
        ("{{ not row.go }}", StepOutcome::Skipped),
    ] {
        let steps = format!("{GET}  - {{ id: two, uses: probe.sign, when: '{when}', with: {{ id: x }} }}\n");
        let mut bench = copied(&RowBench::new(&steps));
        bench.call(done("\"state\": \"closed\""));
        bench.end();
        assert_eq!(bench.machine.state().steps[1].ended.as_ref().unwrap().outcome, outcome, "{when}");
    }
}

#[test]
fn a_read_skipped_by_an_answer_since_the_copy_is_skipped() {
    let steps = format!(
        "{GET}  - {{ id: two, uses: probe.get, when: '{{{{ eq steps.get.outputs.state \"open\" }}}}', with: {{ id: x }} }}\n"
    );
    let mut bench = copied(&RowBench::new(&steps));
    bench.call(done("\"state\": \"closed\""));
    assert_eq!(bench.end().outcome, RowOutcome::Succeeded);
}

#[test]
fn a_row_that_fails_now_leaves_the_next_write_unknown_instead_of_taking_back() {
    let back = "rollback: { uses: probe.unmake, with: { num: n1 } }";
    let steps = format!(
        "steps:\n  - {{ id: one, uses: probe.put, with: {{ name: x }}, {back} }}\n  \
        - {{ id: two, uses: probe.get, with: {{ id: x }} }}\n  - {{ id: three, uses: probe.put, with: {{ name: x }} }}\n"
    );
    let mut bench = RowBench::new(&steps);
    bench.call(made("n1"));
    let mut bench = copied(&bench);
    bench.call(code("no"));
    let end = bench.end();
    assert_eq!((end.outcome, end.step.as_deref()), (RowOutcome::Unknown, Some("three")));
    assert!(!bench.story().contains(&"rollback".to_owned()), "the third step may stand on the first");
    assert!(bench.story().contains(&"attempt 2 NotMade copy > unknown".to_owned()), "{:?}", bench.story());
    // Without a copy the first step is taken back.
    let mut plain = RowBench::new(&steps);
    plain.call(made("n1"));
    plain.call(code("no"));
    assert_eq!(plain.send().operation.full_name(), "probe.unmake");
}
