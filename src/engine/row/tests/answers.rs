//! What an answer of the vendor does to a call that is sent for the first time.

use super::row_bench::RowBench;
use crate::engine::fixtures::{answer_with, code, done, made};
use crate::engine::row::call_result::CallResult;
use crate::journal::EffectState;
use crate::model::{RowOutcome, RunId, StepOutcome, Time};
use crate::policy::StopReason;

pub(super) const MAKE: &str = "steps:\n  - { id: make, uses: probe.make, with: { name: '{{ row.name }}' } }\n";
pub(super) const PUT: &str = "steps:\n  - { id: put, uses: probe.put, with: { name: '{{ row.name }}' } }\n";
pub(super) const GET: &str = "steps:\n  - { id: get, uses: probe.get, with: { id: '{{ row.id }}' } }\n";

#[test]
fn a_call_that_succeeds_ends_its_step_and_its_row() {
    let mut bench = RowBench::new(MAKE);
    let outgoing = bench.send();
    assert_eq!((outgoing.operation.full_name(), outgoing.write, outgoing.lookup), ("probe.make", true, false));
    assert_eq!(outgoing.natural_key.as_deref(), Some("Ann 0"));
    assert_eq!(bench.story(), ["intent 0 #1"], "the intent is written before the call goes out");
    let effects = bench.answer(&outgoing, made("n1"));
    assert!(effects.token_accepted && effects.stop.is_none() && effects.trouble.is_none());
    assert_eq!(bench.end().outcome, RowOutcome::Succeeded);
    assert_eq!(bench.last_attempt().outputs["num"], "n1");
    assert_eq!(bench.story()[1..], ["attempt 0 Answered(Succeeded) > succeeded", "step 0 succeeded", "row succeeded"]);
}

#[test]
fn a_read_is_sent_without_an_intent_and_its_attempt_says_that_it_only_read() {
    let mut bench = RowBench::new(GET);
    let outgoing = bench.send();
    assert!(!outgoing.write && outgoing.hash.is_none() && bench.journal.is_empty());
    bench.answer(&outgoing, done("\"state\": \"open\""));
    assert!(bench.last_attempt().read);
    assert_eq!(bench.end().outcome, RowOutcome::Succeeded);
    let mut write = RowBench::new(MAKE);
    write.call(made("n1"));
    assert!(!write.last_attempt().read);
}

#[test]
fn a_warning_and_what_was_so_already_are_done_and_decide_the_row() {
    for (said, step, row) in [
        ("warned", StepOutcome::Warning, RowOutcome::Succeeded),
        ("already", StepOutcome::Unchanged, RowOutcome::Unchanged),
    ] {
        let mut bench = RowBench::new(PUT);
        assert!(bench.call(code(said)).token_accepted);
        assert_eq!((bench.end().outcome, bench.last_attempt().outcome), (row, Some(step)), "{said}");
    }
}

#[test]
fn a_rejection_fails_the_row_with_the_vendors_words() {
    let mut bench = RowBench::new(MAKE);
    let effects = bench.call(code("no"));
    assert!(effects.token_accepted && effects.stop.is_none() && effects.trouble.is_none());
    let end = bench.end();
    assert_eq!(end.outcome, RowOutcome::Failed);
    let told = [&end.step, &end.code, &end.message, &end.request_id].map(|part| part.as_deref());
    assert_eq!(told, [Some("make"), Some("no"), Some("the vendor said no"), Some("q1")]);
    assert_eq!(
        bench.story(),
        ["intent 0 #1", "attempt 0 Answered(Rejected) no > failed", "step 0 failed", "row failed"]
    );
}

#[test]
fn a_refusal_stops_the_run_and_leaves_the_call_to_be_done() {
    let mut bench = RowBench::new(MAKE);
    let effects = bench.call(code("closed"));
    let Some(StopReason::Refused { code, message, operation, advice }) = effects.stop else { panic!("{effects:?}") };
    assert_eq!(
        (code.as_str(), message.as_str(), operation.as_str()),
        ("closed", "the vendor said closed", "probe.make")
    );
    assert_eq!(advice.as_deref(), Some("Ask the vendor."));
    assert!(!effects.token_accepted && !effects.token_expired);
    assert_eq!(bench.story()[1..], ["attempt 0 Answered(Refused) closed > open"]);
    assert_eq!(bench.resume().send_in_time().operation.full_name(), "probe.make");
}

#[test]
fn a_quota_that_is_used_up_holds_the_run_and_leaves_the_call_to_be_done() {
    let mut bench = RowBench::new(MAKE);
    let effects = bench.call(code("used_up"));
    assert!(matches!(&effects.stop, Some(StopReason::QuotaExhausted { code, until: None, .. }) if code == "used_up"));
    assert_eq!(bench.story()[1..], ["attempt 0 Answered(QuotaExhausted) used_up > open"]);
}

#[test]
fn an_address_that_moved_stops_the_run_even_where_the_call_is_unknown() {
    for (status, story) in
        [(308, "attempt 0 Answered(Refused) http 308 > open"), (301, "attempt 0 Answered(Unknown) http 301 > unknown")]
    {
        let mut bench = RowBench::new(MAKE);
        let effects = bench.call(answer_with(status, "", &[("location", "https://new.example")]));
        assert!(
            matches!(&effects.stop, Some(StopReason::Redirected { operation, .. }) if operation == "probe.make"),
            "{effects:?}"
        );
        assert_eq!(bench.last_story(), story);
    }
    let mut bench = RowBench::new(MAKE);
    let effects = bench.call(answer_with(303, "", &[("location", "https://new.example")]));
    assert!(effects.stop.is_none(), "a redirect of this one call stops nothing: {effects:?}");
}

#[test]
fn an_answer_that_cannot_be_read_leaves_a_write_unknown() {
    for body in ["", "<html>", "{\"ok\": false}", "{\"ok\": true}"] {
        let mut bench = RowBench::new(MAKE);
        let effects = bench.call(answer_with(200, body, &[]));
        assert_eq!(bench.last_attempt().outcome, Some(StepOutcome::Unknown), "{body}");
        assert!(!effects.token_accepted && effects.stop.is_none(), "{body}");
        assert_eq!(bench.end().outcome, RowOutcome::Unknown, "{body}");
    }
}

#[test]
fn only_what_is_done_keeps_its_outputs() {
    let body = |code: &str| format!("{{\"ok\": false, \"code\": \"{code}\", \"num\": \"n1\", \"state\": \"s\"}}");
    for (said, kept) in [("warned", true), ("already", true), ("no", false), ("slow_down", false)] {
        let mut bench = RowBench::new(PUT);
        bench.call(answer_with(200, &body(said), &[]));
        assert_eq!(!bench.last_attempt().outputs.is_empty(), kept, "{said}");
    }
}

#[test]
fn a_whole_answer_is_kept_where_it_is_small_or_a_template_uses_it() {
    // A body is `{"ok":…,"num":…}`; its size is reckoned as it would be written, with a little on top.
    let kept = |steps: &str, length: usize| {
        let mut bench = RowBench::new(steps);
        bench.call(made(&"n".repeat(length)));
        !bench.last_attempt().body.is_null()
    };
    assert!(kept(MAKE, 10) && kept(MAKE, 1_900) && !kept(MAKE, 2_100));
    let used = format!("{MAKE}  - {{ id: put, uses: probe.put, with: {{ name: '{{{{ steps.make.body.num }}}}' }} }}\n");
    assert!(kept(&used, 10) && kept(&used, 9_000));
}

#[test]
fn credentials_that_cannot_be_had_stop_the_run_and_withhold_the_call() {
    let mut bench = RowBench::new(MAKE);
    let effects = bench.call(CallResult::Unauthenticated("no token".to_owned()));
    let Some(StopReason::Refused { code, message, operation, advice: None }) = effects.stop else {
        panic!("{effects:?}")
    };
    assert_eq!((code.as_str(), message.as_str(), operation.as_str()), ("credentials", "no token", "probe.make"));
    assert_eq!(bench.story(), ["intent 0 #1", "attempt 0 NotMade withheld > open"]);
}

#[test]
fn a_day_whose_calls_are_used_up_stops_the_run_until_they_come_back() {
    let until = Time::from_secs(1_800_050_000);
    let mut bench = RowBench::new(GET);
    let effects = bench.call(CallResult::QuotaUsedUp { what: "calls of `probe.get`".to_owned(), until });
    let Some(StopReason::QuotaExhausted { code, message, until: Some(at) }) = effects.stop else {
        panic!("{effects:?}")
    };
    assert_eq!((code.as_str(), message.as_str(), at), ("daily_quota", "calls of `probe.get`", until));
    assert!(bench.journal.is_empty(), "a read that was not sent leaves nothing to tell");
}

#[test]
fn what_another_run_made_before_is_not_made_again() {
    let mut bench = RowBench::new(MAKE);
    let run = RunId::from_text("20270115-080000-abcdef");
    let effects = bench.call(CallResult::DoneBefore { run, state: EffectState::Made });
    assert!(effects.stop.is_none() && effects.left_to.is_none());
    assert_eq!(bench.last_story(), "attempt 0 NotMade done_before > failed");
    assert!(bench.last_attempt().message.as_deref().unwrap().contains("20270115-080000-abcdef"));
    assert_eq!(bench.end().outcome, RowOutcome::Failed);
}

#[test]
fn what_another_run_has_under_way_stays_to_be_done() {
    let mut bench = RowBench::new(MAKE);
    let run = RunId::from_text("20270115-080000-abcdef");
    let effects = bench.call(CallResult::LeftTo(run.clone()));
    assert_eq!(effects.left_to, Some(run));
    assert_eq!(bench.last_story(), "attempt 0 NotMade left_to_other_run > open");
    assert_eq!(bench.resume().send_in_time().operation.full_name(), "probe.make");
}
