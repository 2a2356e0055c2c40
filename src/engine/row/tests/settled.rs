//! What comes from outside the row: a person's word, a later look, a call withheld, a deadline that has passed.

use std::time::Duration;

use super::answers::{GET, MAKE, PUT};
use super::row_bench::RowBench;
use crate::engine::fixtures::{code, done, made, no_answer, object, states};
use crate::engine::row::row_machine::NextMove;
use crate::journal::{CallRef, ContinuedIn, Fact, Settled};
use crate::model::{Map, Phase, RowOutcome, RunId, StepOutcome, Value};

const CALL: CallRef = CallRef { step: 0, item: 0, phase: Phase::Do };

/// A person's word on the row's first call.
fn settled(outcome: StepOutcome, outputs: Map) -> Fact {
    let (body, note, who) = (Value::Null, None, "ann".to_owned());
    Fact::Settled(Settled { call: CALL, outcome, outputs, body, note, who })
}

/// A row whose first call is unknown and whose second one needs its output.
fn unknown() -> RowBench {
    let next = "  - { id: put, uses: probe.put, with: { name: '{{ steps.make.outputs.num }}' } }\n";
    let mut bench = RowBench::new(&format!("{MAKE}{next}"));
    bench.call(no_answer());
    assert_eq!(bench.end().outcome, RowOutcome::Unknown);
    bench
}

#[test]
fn a_call_that_a_person_settled_as_done_lets_the_row_go_on_with_its_outputs() {
    let mut bench = unknown().told(settled(StepOutcome::Succeeded, object(&[("num", "n7".into())])));
    let next = bench.send();
    assert_eq!((next.operation.full_name(), next.inputs["name"].as_str()), ("probe.put", Some("n7")));
    bench.answer(&next, made("n8"));
    assert_eq!(bench.end().outcome, RowOutcome::Succeeded);
}

#[test]
fn a_call_that_a_person_settled_as_not_done_fails_the_row() {
    let mut bench = unknown().told(settled(StepOutcome::Failed, Map::new()));
    let end = bench.end();
    assert_eq!((end.outcome, end.step.as_deref()), (RowOutcome::Failed, Some("make")));
    assert!(end.message.as_deref().unwrap().contains("ann"), "{end:?}");
}

#[test]
fn a_call_that_is_reopened_is_looked_up_once_more() {
    let mut bench = RowBench::new("steps:\n  - { id: sign, uses: probe.sign, with: { id: '{{ row.id }}' } }\n");
    bench.call(no_answer());
    (0..4).for_each(|_| drop(bench.call(states(&[]))));
    assert_eq!(bench.end().outcome, RowOutcome::Unknown);
    let mut bench = bench.told(Fact::Reopened(CALL));
    assert!(bench.machine.is_looking_up());
    bench.call(states(&[("a0", "signed")]));
    assert_eq!(bench.end().outcome, RowOutcome::Succeeded);
}

#[test]
fn a_row_that_goes_on_in_a_later_run_is_over_here() {
    let run = RunId::from_text("20270116-080000-abcdef");
    let mut bench = RowBench::new(MAKE);
    bench.call(code("busy"));
    let mut bench = bench.told(Fact::ContinuedIn(ContinuedIn { to: run, outcome: RowOutcome::NotStarted }));
    assert!(matches!(bench.next(), NextMove::Ended));
    assert!(bench.machine.state().ended.is_none());
}

#[test]
fn a_write_that_is_withheld_stays_to_be_done_and_spends_no_attempt() {
    let mut bench =
        RowBench::new("steps:\n  - { id: put, uses: probe.put, with: { name: x }, retry: { attempts: 1 } }\n");
    for _ in 0..3 {
        let outgoing = bench.send_in_time();
        bench.withhold(&outgoing, "the run stopped first");
        assert_eq!(bench.last_story(), "attempt 0 NotMade withheld > open");
        assert_eq!(bench.last_attempt().message.as_deref(), Some("the run stopped first"));
        bench = bench.resume();
    }
    assert_eq!(bench.send_in_time().operation.full_name(), "probe.put");
    assert!(bench.story().iter().all(|words| !words.ends_with("#2")), "none of them was a send");
}

#[test]
fn a_read_or_a_lookup_that_is_withheld_leaves_no_fact() {
    let mut read = RowBench::new(GET);
    let outgoing = read.send();
    read.withhold(&outgoing, "the run stopped first");
    assert!(read.journal.is_empty());
}

#[test]
fn a_write_withheld_after_a_lost_answer_is_in_doubt_as_before() {
    let mut bench = RowBench::new(PUT);
    bench.call(no_answer());
    let outgoing = bench.send_in_time();
    bench.withhold(&outgoing, "the run stopped first");
    assert!(bench.machine.state().call(CALL).unwrap().doubt);
    bench.call(code("no"));
    assert_eq!(bench.last_attempt().outcome, Some(StepOutcome::Unknown));
}

/// A call whose input `before` must lie ahead of the moment of sending, 60 s after the start.
const DEADLINE: &str = "steps:\n  - { id: make, uses: probe.make, with: { name: x, before: '1800000060' } }\n";

#[test]
fn a_deadline_is_missed_from_its_own_instant_on() {
    let mut bench = RowBench::new(DEADLINE);
    let outgoing = bench.send();
    let after = |seconds| outgoing.missed_deadline(bench.now.plus(Duration::from_secs(seconds)));
    assert_eq!(after(59), None);
    let late = after(60).unwrap();
    assert!(late.starts_with("`before` (") && late.ends_with(") is no longer ahead"), "{late}");
}

#[test]
fn a_call_that_comes_too_late_fails_without_being_sent_and_one_in_doubt_is_unknown() {
    let mut bench = RowBench::new(DEADLINE);
    let outgoing = bench.send();
    bench.expire(&outgoing);
    assert_eq!(bench.last_story(), "attempt 0 NotMade expired > failed");
    let mut doubted = RowBench::new(PUT);
    doubted.call(no_answer());
    let outgoing = doubted.send_in_time();
    doubted.expire(&outgoing);
    assert_eq!(doubted.last_story(), "attempt 0 NotMade expired > unknown");
}

#[test]
fn a_call_whose_deadline_passed_while_it_waited_is_not_made() {
    let mut bench = RowBench::new(&DEADLINE.replace("} }\n", "}, retry: { delay: 1ms } }\n"));
    bench.call(code("busy"));
    bench.now = bench.now.plus(Duration::from_secs(61));
    let end = bench.end();
    assert_eq!((end.outcome, end.code.as_deref()), (RowOutcome::Failed, Some("expired")));
}

#[test]
fn a_call_that_can_no_longer_be_made_after_a_lost_answer_is_unknown() {
    // The next run's row reads otherwise: the cell that the call is made of is no text any more.
    let mut bench = RowBench::new(PUT);
    bench.call(no_answer());
    let mut bench = bench.with_other_cell("name", serde_json::json!(["no text"]));
    bench.wait();
    assert_eq!(bench.end().outcome, RowOutcome::Unknown);
    assert_eq!(bench.last_attempt().outcome, Some(StepOutcome::Unknown));
    let mut signed = RowBench::new("steps:\n  - { id: sign, uses: probe.sign, with: { id: '{{ row.id }}' } }\n");
    signed.call(no_answer());
    let mut signed = signed.with_other_cell("id", serde_json::json!(["no text"]));
    signed.wait();
    assert_eq!(signed.end().outcome, RowOutcome::Unknown);
    assert_eq!(signed.last_attempt().code.as_deref(), Some("invalid"), "it cannot even be looked up");
}

#[test]
fn a_read_is_repeated_until_its_condition_holds() {
    let until = "steps:\n  - { id: get, uses: probe.get, with: { id: x }, until: { is: '{{ eq steps.get.outputs.state \"open\" }}', every: 10s, within: 30s } }\n";
    let state = |state: &str| done(&format!("\"state\": \"{state}\""));
    let mut bench = RowBench::new(until);
    for _ in 0..2 {
        bench.call(state("new"));
        assert_eq!(bench.last_attempt().outcome, None);
        assert_eq!(bench.machine.wait_reason(), crate::policy::WaitReason::Until);
        assert_eq!(bench.wait(), Duration::from_secs(10));
    }
    bench.call(state("open"));
    assert_eq!(bench.last_attempt().outputs["state"], "open");
    assert_eq!(bench.end().outcome, RowOutcome::Succeeded);
    // The read that would come after the last instant is not waited for.
    let mut late = RowBench::new(until);
    (0..3).for_each(|_| drop(late.call(state("new"))));
    assert_eq!(late.last_attempt().outcome, None, "20 s have passed, and the next read is still within 30 s");
    late.call(state("new"));
    let end = late.end();
    assert_eq!((end.outcome, end.code.as_deref()), (RowOutcome::Failed, Some("until")));
    assert!(end.message.as_deref().unwrap().starts_with("`until` did not hold within 30 s: "), "{end:?}");
}

#[test]
fn a_condition_that_cannot_be_judged_fails_the_read_at_once() {
    let until =
        "steps:\n  - { id: get, uses: probe.get, with: { id: x }, until: { is: '{{ upper steps.get.outputs }}' } }\n";
    let mut bench = RowBench::new(until);
    bench.call(done("\"state\": \"new\""));
    let end = bench.end();
    assert_eq!(end.code.as_deref(), Some("until"));
    assert!(end.message.as_deref().unwrap().starts_with("`until` could not be evaluated: "), "{end:?}");
}
