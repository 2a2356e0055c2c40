//! Calls that are sent again: after what wait, how often, and what becomes of them then.

use std::time::Duration;

use super::answers::{GET, MAKE, PUT};
use super::row_bench::RowBench;
use crate::engine::fixtures::{code, done, made, no_answer, not_sent, throttled};
use crate::engine::row::call_result::{CallResult, RunSignals};
use crate::model::{RowOutcome, RunId, SendError, StepOutcome};
use crate::policy::{StopReason, THROTTLED_ATTEMPTS, WaitReason};

const SEC: Duration = Duration::from_secs(1);

/// A step with `retry` settings of its own.
fn with_retry(step: &str, retry: &str) -> String {
    step.replace(" } }\n", &format!(" }}, retry: {{ {retry} }} }}\n"))
}

/// How many sends there were.
fn sends(bench: &RowBench) -> usize {
    bench.story().iter().filter(|words| words.starts_with("attempt")).count()
}

#[test]
fn what_the_vendor_refuses_before_it_acts_is_sent_again_whatever_the_operation() {
    for result in [code("busy"), code("slow_down"), not_sent()] {
        let mut bench = RowBench::new(MAKE);
        bench.call(result.clone());
        assert!(bench.last_attempt().outcome.is_none() && !bench.last_attempt().look_up, "{result:?}");
        bench.call(made("n1"));
        assert_eq!(bench.end().outcome, RowOutcome::Succeeded, "{result:?}");
        assert!(bench.story().contains(&"intent 0 #2".to_owned()), "each send has an intent of its own");
    }
}

#[test]
fn a_lost_answer_of_a_read_or_of_a_write_that_may_be_repeated_is_followed_by_another_send() {
    for steps in [GET, PUT] {
        for lost in [no_answer(), code("unsure")] {
            let mut bench = RowBench::new(steps);
            bench.call(lost);
            assert!(bench.last_attempt().outcome.is_none());
            bench.call(made("n1"));
            assert_eq!(bench.end().outcome, RowOutcome::Succeeded);
        }
    }
}

#[test]
fn a_lost_answer_of_a_write_that_must_not_be_repeated_leaves_it_unknown_at_once() {
    for lost in [no_answer(), code("unsure")] {
        let mut bench = RowBench::new(MAKE);
        bench.call(lost);
        assert_eq!(bench.last_attempt().outcome, Some(StepOutcome::Unknown));
        let end = bench.end();
        assert_eq!((end.outcome, end.step.as_deref()), (RowOutcome::Unknown, Some("make")));
    }
}

#[test]
fn attempts_that_are_used_up_fail_a_read_and_leave_a_write_unknown() {
    for (step, outcome) in [(GET, StepOutcome::Failed), (PUT, StepOutcome::Unknown)] {
        let mut bench = RowBench::new(&with_retry(step, "attempts: 3"));
        for _ in 0..2 {
            bench.call(no_answer());
            assert_eq!(bench.last_attempt().outcome, None);
        }
        bench.call(no_answer());
        assert_eq!(bench.last_attempt().outcome, Some(outcome));
    }
}

#[test]
fn one_attempt_is_one_send() {
    let mut bench = RowBench::new(&with_retry(GET, "attempts: 1"));
    bench.call(no_answer());
    assert_eq!((sends(&bench), bench.end().outcome), (1, RowOutcome::Failed));
}

#[test]
fn throttled_calls_have_more_attempts_than_failed_ones_and_come_to_an_end() {
    let most = THROTTLED_ATTEMPTS as usize;
    for (retry, most) in [("attempts: 2", most), ("attempts: 60", 60)] {
        let mut bench = RowBench::new(&with_retry(MAKE, &format!("{retry}, delay: 1ms")));
        for _ in 1..most {
            bench.call(code("slow_down"));
            assert_eq!(bench.last_attempt().outcome, None);
        }
        bench.call(code("slow_down"));
        assert_eq!(bench.last_attempt().outcome, Some(StepOutcome::Failed), "nothing of it took effect");
        assert_eq!(bench.end().code.as_deref(), Some("slow_down"));
    }
}

#[test]
fn an_unreachable_vendor_uses_up_no_attempts_and_is_not_hammered() {
    let steps = with_retry(MAKE, "attempts: 2, delay: 1ms, max_delay: 2ms");
    let mut bench = RowBench::new(&steps);
    bench.signals = RunSignals { out_of_reach: true, ..RunSignals::default() };
    let mut longest = Duration::ZERO;
    for _ in 0..=THROTTLED_ATTEMPTS {
        bench.call(not_sent());
        assert_eq!(bench.last_attempt().outcome, None);
        longest = longest.max(bench.wait());
    }
    assert!(longest > SEC, "{longest:?}");
    // As soon as calls get through again, the step's own waits hold.
    bench.signals = RunSignals::default();
    bench.call(code("busy"));
    assert_eq!(bench.last_attempt().outcome, Some(StepOutcome::Failed));
}

#[test]
fn waits_grow_with_the_sends_up_to_the_longest_and_differ_from_row_to_row() {
    let steps = with_retry(PUT, "attempts: 9, delay: 1s, max_delay: 4s");
    let mut bench = RowBench::new(&steps);
    let mut waits = Vec::new();
    for _ in 0..8 {
        bench.call(no_answer());
        waits.push(bench.wait());
    }
    for (wait, most) in waits.iter().zip([1, 2, 4, 4, 4, 4, 4, 4]) {
        assert!(*wait <= SEC * most, "{waits:?}");
    }
    assert!(waits[2..].iter().any(|wait| *wait > SEC * 2), "{waits:?}");
    assert!(waits.windows(2).all(|pair| pair[0] != pair[1]), "each send draws anew: {waits:?}");
    let mut other = RowBench::in_row(&steps, 1);
    other.call(no_answer());
    assert_ne!(other.wait(), waits[0]);
    let mut again = RowBench::new(&steps);
    again.call(no_answer());
    assert_eq!(again.wait(), waits[0], "the same seed, the same wait");
}

#[test]
fn the_vendors_own_wait_is_waited_out_and_reported() {
    let mut bench = RowBench::new(MAKE);
    let effects = bench.call(throttled(10));
    assert_eq!(effects.throttled, Some(Some(SEC * 10)));
    assert_eq!(effects.asked_until, Some(bench.now.plus(SEC * 10)));
    assert_eq!(effects.trouble.as_deref(), Some("throttled"));
    assert_eq!(bench.machine.wait_reason(), WaitReason::RetryAfter);
    let wait = bench.wait();
    assert!(wait >= SEC * 10 && wait <= SEC * 11, "{wait:?}");
    // The next refusal names no wait.
    let effects = bench.call(code("slow_down"));
    assert_eq!((effects.throttled, effects.asked_until), (Some(None), None));
    assert_eq!(bench.machine.wait_reason(), WaitReason::BackOff);
}

#[test]
fn a_wait_that_nothing_waits_for_is_not_reported() {
    let zero = RowBench::new(MAKE).call(throttled(0));
    assert_eq!((zero.throttled, zero.asked_until), (Some(Some(Duration::ZERO)), None));
    let mut last = RowBench::new(&with_retry(MAKE, "attempts: 2, delay: 1ms"));
    (1..THROTTLED_ATTEMPTS).for_each(|_| drop(last.call(code("slow_down"))));
    assert_eq!(last.call(throttled(10)).asked_until, None, "the call has failed");
}

#[test]
fn trouble_is_reported_in_our_words_or_by_the_vendors_code() {
    for (result, told) in [
        (no_answer(), Some("timed out")),
        (not_sent(), Some("connection refused")),
        (CallResult::Failed(SendError::Shortage("no descriptor".to_owned())), Some("no descriptor")),
        (CallResult::Failed(SendError::Untrusted("a certificate".to_owned())), Some("a certificate")),
        (code("busy"), Some("busy")),
        (code("unsure"), Some("unsure")),
        (code("old_token"), Some("old_token")),
        (code("slow_down"), Some("throttled")),
        (code("no"), None),
        (code("closed"), None),
        (code("used_up"), None),
        (code("warned"), None),
        (code("already"), None),
        (done(""), None),
    ] {
        assert_eq!(RowBench::new(PUT).call(result.clone()).trouble.as_deref(), told, "{result:?}");
    }
}

#[test]
fn what_was_not_sent_has_a_code_of_its_own() {
    for (result, story) in [
        (not_sent(), "attempt 0 Unsent not_sent > open"),
        (CallResult::Failed(SendError::Shortage("x".to_owned())), "attempt 0 Unsent not_sent > open"),
        (CallResult::Failed(SendError::Untrusted("x".to_owned())), "attempt 0 Unsent not_sent > open"),
        (no_answer(), "attempt 0 Lost no_answer > open"),
    ] {
        let mut bench = RowBench::new(PUT);
        bench.call(result);
        assert_eq!(bench.last_story(), story);
    }
}

#[test]
fn an_expired_token_is_renewed_until_it_is_clear_that_it_is_the_call() {
    let mut bench = RowBench::new(MAKE);
    for _ in 0..8 {
        let effects = bench.call(code("old_token"));
        assert!(effects.token_expired && !effects.token_accepted && effects.stop.is_none());
        assert_eq!(bench.last_attempt().outcome, None);
    }
    bench.call(code("old_token"));
    assert_eq!(bench.last_attempt().outcome, Some(StepOutcome::Failed));
}

#[test]
fn a_token_that_another_call_reported_as_expired_counts_for_no_renewal() {
    let mut bench = RowBench::new(MAKE);
    bench.signals = RunSignals { token_known_expired: true, ..RunSignals::default() };
    for _ in 0..20 {
        bench.call(code("old_token"));
        assert!(bench.last_attempt().token_known_expired);
        assert_eq!(bench.last_attempt().outcome, None);
    }
    bench.call(code("busy"));
    assert!(!bench.last_attempt().token_known_expired, "it is said of expired tokens alone");
}

#[test]
fn credentials_that_are_no_good_stop_the_run_and_expire_no_further_token() {
    let mut bench = RowBench::new(MAKE);
    bench.signals = RunSignals { token_hopeless: true, ..RunSignals::default() };
    let effects = bench.call(code("old_token"));
    assert!(matches!(&effects.stop, Some(StopReason::Refused { code, .. }) if code == "old_token"), "{effects:?}");
    assert!(!effects.token_expired);
    assert_eq!(bench.last_attempt().outcome, None, "the call stays to be done");
}

#[test]
fn a_rejection_after_a_lost_answer_proves_nothing() {
    let mut bench = RowBench::new(PUT);
    bench.call(no_answer());
    bench.call(code("no"));
    assert_eq!(bench.last_attempt().outcome, Some(StepOutcome::Unknown));
    let mut read = RowBench::new(GET);
    read.call(no_answer());
    read.call(code("no"));
    assert_eq!(read.last_attempt().outcome, Some(StepOutcome::Failed), "a read changes nothing");
}

#[test]
fn what_another_run_did_or_does_leaves_a_call_in_doubt_unknown() {
    let run = RunId::from_text("20270115-080000-abcdef");
    let before = CallResult::DoneBefore { run: run.clone(), state: crate::journal::EffectState::UnderWay };
    for result in [before, CallResult::LeftTo(run)] {
        let mut bench = RowBench::new(PUT);
        bench.call(no_answer());
        let effects = bench.call(result);
        assert_eq!((bench.last_attempt().outcome, effects.left_to), (Some(StepOutcome::Unknown), None));
    }
}
