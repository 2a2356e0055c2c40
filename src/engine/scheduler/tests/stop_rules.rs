//! What stops a run by itself: thresholds, a step, and what the vendor says to the whole account.

use super::run_bench::{MAKE, PUT, RunBench};
use crate::engine::CallResult;
use crate::engine::fixtures::{answer_with, code, made, no_answer, plan};
use crate::journal::Fact;
use crate::model::RowOutcome;
use crate::playbook::StopWhen;
use crate::policy::StopReason;

fn run(steps: &str, rows: u64, stop_when: StopWhen) -> RunBench {
    RunBench::with(plan(steps), rows, |setup| {
        setup.stop_when = stop_when;
        setup.limits.in_flight = Some(1);
    })
}

fn never() -> StopWhen {
    StopWhen::default()
}

/// Answers the rows in turn: `x` fails, `?` stays unknown, anything else succeeds. Returns how many were answered.
fn answered(run: &mut RunBench, results: &str) -> usize {
    for (place, result) in results.chars().enumerate() {
        let Some(name) = run.under_way().first().cloned() else { return place };
        let result = match result {
            'x' => code("no"),
            '?' => no_answer(),
            _ => made("n"),
        };
        run.answer(&name, result);
    }
    results.len()
}

#[test]
fn the_run_stops_at_the_given_number_of_failed_rows() {
    let mut run = run(MAKE, 9, StopWhen { failed: Some(2), ..never() });
    assert_eq!(answered(&mut run, ".x.x....."), 4);
    assert_eq!((run.stopped(), run.done), (Some("threshold"), true));
    assert!(
        matches!(run.closed(), Some(Fact::Stopped(StopReason::Threshold { what })) if what.contains("2 rows failed"))
    );
}

#[test]
fn the_run_stops_at_the_given_number_of_unknown_rows() {
    let mut run = run(MAKE, 9, StopWhen { unknown: Some(1), ..never() });
    assert_eq!(answered(&mut run, "x.?......"), 3);
    assert_eq!(run.stopped(), Some("threshold"));
}

#[test]
fn the_run_stops_at_the_given_share_of_failed_rows() {
    let mut run = run(MAKE, 3, StopWhen { failed_ratio: Some(0.5), ..never() });
    assert_eq!(answered(&mut run, "x.x"), 3);
    assert_eq!(run.stopped(), Some("threshold"));
}

#[test]
fn a_run_without_rules_goes_on_whatever_fails() {
    let mut run = run(MAKE, 9, never());
    assert_eq!(answered(&mut run, "xxxxxxxxx"), 9);
    assert_eq!((run.stopped(), run.done), (None, true));
}

#[test]
fn rows_that_failed_in_an_earlier_process_do_not_count_for_the_rule() {
    let mut run = RunBench::with(plan(MAKE), 3, |setup| {
        setup.stop_when = StopWhen { failed: Some(2), ..never() };
        setup.limits.in_flight = Some(1);
        setup.counts.add(RowOutcome::Failed);
    });
    assert_eq!(answered(&mut run, "x"), 1);
    assert_eq!(run.stopped(), None);
    assert_eq!(answered(&mut run, "x"), 1);
    assert_eq!(run.stopped(), Some("threshold"));
}

#[test]
fn a_step_that_stops_the_run_on_its_failure_does() {
    let steps = MAKE.replace(" } }]", " }, on_failure: stop_run }]");
    let mut run = run(&steps, 3, never());
    answered(&mut run, ".x");
    let Some(StopReason::StepFailed { step, key }) = run.engine.stop_reason() else { panic!("{:?}", run.stopped()) };
    assert_eq!((step.as_str(), key.as_str()), ("one", "a1"));
}

#[test]
fn a_refusal_of_the_account_stops_the_run_and_leaves_the_row() {
    let mut run = run(PUT, 3, never());
    run.answer("put 0", code("closed"));
    let Some(StopReason::Refused { code, operation, advice, .. }) = run.engine.stop_reason() else {
        panic!("{:?}", run.stopped())
    };
    assert_eq!(
        (code.as_str(), operation.as_str(), advice.as_deref()),
        ("closed", "probe.put", Some("Ask the vendor."))
    );
    assert!(run.done && run.ends().is_empty());
}

#[test]
fn a_quota_that_is_used_up_stops_the_run_and_leaves_the_row() {
    let mut run = run(PUT, 3, never());
    run.answer("put 0", code("used_up"));
    assert_eq!((run.stopped(), run.done, run.ends().len()), (Some("quota_exhausted"), true, 0));
}

#[test]
fn a_quota_that_this_machine_counted_out_stops_the_run_without_a_call() {
    let mut run = run(PUT, 3, never());
    let until = run.now.plus(std::time::Duration::from_secs(60));
    run.answer("put 0", CallResult::QuotaUsedUp { what: "calls of `probe.put`".to_owned(), until });
    let Some(StopReason::QuotaExhausted { until: Some(told), .. }) = run.engine.stop_reason() else {
        panic!("{:?}", run.stopped())
    };
    assert_eq!((*told, run.ends().len(), run.progress().operations.len()), (until, 0, 0));
}

#[test]
fn a_redirect_of_every_call_stops_the_run() {
    let mut run = run(PUT, 3, never());
    run.answer("put 0", answer_with(308, "", &[("location", "http://127.0.0.1:1/other")]));
    assert_eq!((run.stopped(), run.ends().len()), (Some("redirected"), 0));
}

#[test]
fn a_run_that_stops_waits_for_the_calls_under_way() {
    let mut run = RunBench::with(plan(MAKE), 3, |setup| setup.stop_when = StopWhen { failed: Some(1), ..never() });
    run.answer("make 1", code("no"));
    assert_eq!((run.stopped(), run.done), (Some("threshold"), false));
    run.answer("make 0", made("n"));
    assert!(!run.done);
    run.answer("make 2", made("n"));
    assert!(run.done);
    assert_eq!(run.ends().len(), 3);
}

#[test]
fn the_first_reason_stays() {
    let mut run = RunBench::with(plan(MAKE), 2, |setup| setup.stop_when = StopWhen { failed: Some(1), ..never() });
    run.answer("make 0", code("closed"));
    assert_eq!(run.stopped(), Some("refused"));
    run.answer("make 1", code("no"));
    assert_eq!((run.stopped(), run.done), (Some("refused"), true));
}
