//! Calls in doubt that a read can tell of: when it is asked, and what follows what it says.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::row_bench::RowBench;
use crate::engine::fixtures::{code, done, made, no_answer, not_sent, object, states, throttled};
use crate::engine::row::call_result::{CallResult, RunSignals};
use crate::engine::row::outgoing_call::OutgoingCall;
use crate::engine::row::row_machine::NextMove;
use crate::model::{RowOutcome, SendError, StepOutcome};
use crate::policy::{StopReason, WaitReason};

const SEC: Duration = Duration::from_secs(1);

/// A write whose lookup is conclusive.
const SIGN: &str =
    "steps:\n  - { id: sign, uses: probe.sign, with: { id: '{{ row.id }}' }, retry: { attempts: 3, delay: 1ms } }\n";

/// A write whose lookup cannot prove that nothing happened.
const POST: &str = "steps:\n  - { id: post, uses: probe.post, with: { id: '{{ row.id }}' }, retry: { delay: 1ms } }\n";

/// A row whose call was sent and not answered.
fn in_doubt(steps: &str) -> RowBench {
    let mut bench = RowBench::new(steps);
    bench.call(no_answer());
    bench
}

#[test]
fn the_lookup_waits_until_it_can_be_trusted_and_asks_for_this_very_call() {
    let mut bench = in_doubt(SIGN);
    assert_eq!(bench.last_story(), "attempt 0 Lost no_answer > look up");
    assert_eq!(bench.machine.wait_reason(), WaitReason::Settling);
    assert!(bench.machine.is_looking_up());
    assert_eq!(bench.wait(), SEC * 5);
    let lookup = bench.send();
    assert_eq!((lookup.operation.full_name(), lookup.lookup, lookup.write), ("probe.states", true, false));
    assert_eq!(lookup.inputs["ids"], serde_json::json!(["a0"]));
    assert_eq!(lookup.call_inputs["id"], "a0");
    assert!(lookup.batch.is_some() && lookup.hash.is_none() && lookup.effect.is_none() && lookup.deadlines.is_empty());
    assert_eq!(bench.story().len(), 2, "a read has no intent");
}

#[test]
fn a_call_that_the_lookup_finds_is_done_with_the_lookups_outputs() {
    let mut bench = in_doubt(SIGN);
    bench.call(states(&[("b9", "open"), ("a0", "signed")]));
    assert_eq!(bench.last_story(), "attempt 0 LookedUp(TookEffect) > succeeded");
    assert_eq!(bench.last_attempt().message.as_deref(), Some("a lookup found the effect"));
    assert_eq!(bench.last_attempt().outputs["state"], "s-a0");
    assert_eq!(bench.end().outcome, RowOutcome::Succeeded);
}

#[test]
fn a_call_that_a_conclusive_lookup_does_not_find_is_sent_again_while_attempts_are_left() {
    let mut bench = in_doubt(SIGN);
    bench.call(states(&[("a0", "open")]));
    assert_eq!(bench.last_story(), "attempt 0 LookedUp(DidNot) no_effect > open");
    assert!(!bench.machine.is_looking_up());
    let again = bench.send_in_time();
    assert_eq!((again.operation.full_name(), again.lookup), ("probe.sign", false));
    bench.answer(&again, no_answer());
    bench.call(states(&[("a0", "open")]));
    assert_eq!(bench.last_story(), "attempt 0 LookedUp(DidNot) no_effect > failed");
    assert_eq!(bench.last_attempt().message.as_deref(), Some("a lookup found no effect"));
    assert_eq!(bench.end().outcome, RowOutcome::Failed);
}

#[test]
fn a_call_that_was_looked_up_and_not_found_is_in_doubt_no_more() {
    let mut bench = in_doubt(SIGN);
    bench.call(states(&[("a0", "open")]));
    bench.call(code("no"));
    assert_eq!(bench.last_attempt().outcome, Some(StepOutcome::Failed), "the rejection speaks of the only send left");
}

#[test]
fn a_lookup_that_cannot_tell_is_asked_four_times_and_then_the_call_is_unknown() {
    let mut bench = in_doubt(SIGN);
    for _ in 0..3 {
        bench.call(states(&[]));
        assert_eq!(bench.last_story(), "attempt 0 LookupFailed > look up");
    }
    bench.call(states(&[]));
    assert_eq!(bench.last_story(), "attempt 0 LookedUp(Undecided) no_answer > unknown");
    assert_eq!(bench.last_attempt().message.as_deref(), Some("a lookup could not tell"));
    assert_eq!(bench.end().outcome, RowOutcome::Unknown);
}

#[test]
fn a_lookup_that_fails_is_asked_four_times_and_then_the_call_is_unknown() {
    for result in [no_answer(), not_sent(), code("no"), code("busy")] {
        let mut bench = in_doubt(SIGN);
        for _ in 0..3 {
            bench.call(result.clone());
            assert!(bench.last_attempt().look_up && bench.last_attempt().outcome.is_none(), "{result:?}");
        }
        bench.call(result.clone());
        assert!(bench.last_attempt().end.is_of_a_lookup() && !bench.last_attempt().look_up, "{result:?}");
        assert_eq!(bench.last_attempt().outcome, Some(StepOutcome::Unknown), "{result:?}");
    }
}

#[test]
fn a_lookup_that_is_not_conclusive_proves_nothing_by_what_it_does_not_find() {
    let mut bench = in_doubt(POST);
    assert_eq!(bench.wait(), SEC * 2);
    for _ in 0..3 {
        bench.call(states(&[("a0", "open")]));
        assert!(bench.last_attempt().look_up);
    }
    bench.call(states(&[("a0", "open")]));
    assert_eq!(bench.last_attempt().outcome, Some(StepOutcome::Unknown));
    let mut found = in_doubt(POST);
    found.call(states(&[("a0", "posted")]));
    assert_eq!(found.last_attempt().outcome, Some(StepOutcome::Succeeded));
}

#[test]
fn an_effect_without_a_required_output_is_not_taken_as_found() {
    let blank = done("\"list\": [{\"id\": \"a0\", \"state\": \"signed\", \"seal\": \"\"}]");
    let mut bench = in_doubt(SIGN);
    bench.call(blank);
    assert_eq!(bench.last_story(), "attempt 0 LookupFailed > look up");
    let without = done("\"list\": [{\"id\": \"a0\", \"state\": \"signed\"}]");
    bench.call(without);
    assert_eq!(bench.last_story(), "attempt 0 LookupFailed > look up");
    bench.call(states(&[("a0", "signed")]));
    assert_eq!(bench.last_attempt().outcome, Some(StepOutcome::Succeeded));
}

#[test]
fn lookups_wait_for_the_delay_again_and_longer_where_the_back_off_is_longer() {
    let mut bench = in_doubt(SIGN);
    bench.wait();
    bench.call(states(&[]));
    assert_eq!(bench.wait(), SEC * 5);
    bench.call(throttled(30));
    let wait = bench.wait();
    assert!(wait >= SEC * 30 && wait <= SEC * 31, "{wait:?}");
}

#[test]
fn a_throttled_lookup_slows_its_bucket_down_and_is_reported() {
    let mut bench = in_doubt(SIGN);
    let effects = bench.call(throttled(30));
    assert_eq!(effects.throttled, Some(Some(SEC * 30)));
    assert_eq!(effects.asked_until, Some(bench.now.plus(SEC * 30)));
    assert!(effects.stop.is_none());
}

#[test]
fn a_lookup_that_is_refused_for_good_stops_the_run_and_is_asked_again_by_the_next_process() {
    for (said, quota) in [("closed", false), ("used_up", true)] {
        let mut bench = in_doubt(SIGN);
        let effects = bench.call(code(said));
        let stop = effects.stop.unwrap_or_else(|| panic!("{said}"));
        assert_eq!(matches!(stop, StopReason::QuotaExhausted { .. }), quota);
        assert_eq!(matches!(stop, StopReason::Refused { .. }), !quota);
        assert!(bench.last_attempt().look_up && bench.last_attempt().outcome.is_none());
        assert!(bench.resume().send_in_time().lookup);
    }
    let busy = in_doubt(SIGN).call(code("busy"));
    assert!(busy.stop.is_none());
}

#[test]
fn a_lookup_that_the_vendor_rejects_is_asked_alone_the_next_time() {
    let mut bench = in_doubt(SIGN);
    bench.call(code("no"));
    let alone = bench.send_in_time();
    assert!(alone.batch.is_none());
    bench.answer(&alone, states(&[]));
    assert!(bench.send_in_time().batch.is_some());
}

#[test]
fn a_lookup_asked_for_several_rows_is_counted_by_one_of_them() {
    let mut bench = in_doubt(SIGN);
    bench.signals = RunSignals { joined: true, ..RunSignals::default() };
    bench.call(states(&[]));
    assert!(bench.last_attempt().joined);
    bench.signals = RunSignals::default();
    bench.call(states(&[]));
    assert!(!bench.last_attempt().joined);
}

#[test]
fn an_unchanged_answer_after_a_lost_one_is_looked_up() {
    let mut bench = in_doubt(SIGN);
    bench.call(states(&[("a0", "open")]));
    bench.call(no_answer());
    bench.call(states(&[("a0", "signed")]));
    assert_eq!(bench.end().outcome, RowOutcome::Succeeded);
    // A write that may be repeated goes out again with the doubt still there.
    let put = "steps:\n  - { id: put, uses: probe.put, with: { name: x } }\n";
    let mut bench = RowBench::new(put);
    bench.call(no_answer());
    bench.call(code("already"));
    assert_eq!(bench.last_attempt().outcome, Some(StepOutcome::Unchanged), "without a lookup the vendor's word stands");
}

#[test]
fn a_lookup_whose_login_fails_or_whose_day_is_over_leaves_the_call_to_be_looked_up() {
    let until = crate::engine::fixtures::START;
    for result in [CallResult::Unauthenticated("x".to_owned()), CallResult::QuotaUsedUp { what: "x".to_owned(), until }]
    {
        let mut bench = in_doubt(SIGN);
        let before = bench.story();
        assert!(bench.call(result).stop.is_some());
        assert_eq!(bench.story(), before, "nothing was sent");
        assert!(matches!(bench.resume().next(), NextMove::Wait(_) | NextMove::Send(_)));
        assert!(bench.resume().send_in_time().lookup);
    }
}

#[test]
fn a_lookup_that_cannot_reach_the_vendor_reports_its_trouble() {
    let effects = in_doubt(SIGN).call(CallResult::Failed(SendError::NotSent("refused".to_owned())));
    assert_eq!(effects.trouble.as_deref(), Some("refused"));
}

#[test]
fn a_call_that_has_no_lookup_with_its_inputs_is_unknown() {
    let mut bench = RowBench::new("steps:\n  - { id: make, uses: probe.make, with: { name: x } }\n");
    bench.call(no_answer());
    assert_eq!(bench.last_attempt().outcome, Some(StepOutcome::Unknown));
    assert!(!bench.machine.is_looking_up() && bench.machine.has_unknown());
    assert!(!in_doubt(SIGN).machine.has_unknown() && !RowBench::new(SIGN).machine.is_looking_up());
    let mut answered = RowBench::new(SIGN);
    answered.call(made("n1"));
    assert!(!answered.machine.is_looking_up() && !answered.machine.has_unknown());
}

#[test]
fn lookups_share_a_request_only_if_they_differ_in_nothing_but_the_ids() {
    let lookup = || {
        let mut bench = in_doubt(SIGN);
        bench.wait();
        bench.send()
    };
    let one = lookup();
    let shares = |change: &dyn Fn(&mut OutgoingCall)| {
        let mut other = lookup();
        change(&mut other);
        one.can_share_request_with(&other)
    };
    assert!(shares(&|_| ()));
    assert!(shares(&|other| drop(other.inputs.insert("ids".to_owned(), json!(["a1"])))));
    assert!(!shares(&|other| drop(other.inputs.remove("ids"))), "it asks for no id");
    assert!(!shares(&|other| drop(other.inputs.insert("archived".to_owned(), json!(true)))), "one input more");
    assert!(!shares(&|other| other.connection += 1), "another account");
    assert!(!shares(&|other| other.settings = Arc::new(object(&[("desk", "2".into())]))), "other settings");
    assert!(!shares(&|other| other.batch = None), "one that is sent alone");
    let archived = |value: bool| {
        let mut call = lookup();
        call.inputs.insert("archived".to_owned(), json!(value));
        call
    };
    assert!(archived(true).can_share_request_with(&archived(true)));
    assert!(!archived(true).can_share_request_with(&archived(false)), "another value");
}

#[test]
fn the_next_step_does_not_wait_for_a_lookup_that_has_settled_its_call() {
    let next = "  - { id: two, uses: probe.put, with: { name: x } }\n";
    let mut bench = RowBench::new(&format!("steps:\n  - {{ id: one, uses: probe.sign, with: {{ id: a0 }} }}\n{next}"));
    bench.call(no_answer());
    bench.call(states(&[("a0", "signed")]));
    bench.send();
    assert_eq!(bench.last_story(), "intent 1 #1");
}
