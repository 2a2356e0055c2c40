//! A vendor that cannot be reached stops the run rather than failing its rows.

use super::run_bench::{PUT, RunBench};
use crate::engine::CallResult;
use crate::engine::fixtures::{made, no_answer, not_sent, plan};
use crate::model::SendError;

/// Gives every call this result until the run stops or the time is over. Returns the seconds until it stopped.
fn until_stopped(run: &mut RunBench, result: &CallResult, from: u64, seconds: u64) -> Option<u64> {
    for second in from..=from + seconds {
        run.at(second * 1_000);
        for name in run.under_way() {
            run.answer(&name, result.clone());
            if run.stopped().is_some() {
                return Some(second - from);
            }
        }
    }
    None
}

#[test]
fn a_vendor_that_was_never_reached_stops_the_run_after_half_a_minute() {
    let mut run = RunBench::new(PUT, 3);
    let after = until_stopped(&mut run, &not_sent(), 0, 1_000).unwrap();
    assert!((30..=61).contains(&after), "{after}");
    assert_eq!(run.stopped(), Some("unreachable"));
    run.answer_all(&not_sent());
    assert!(run.done && run.ends().is_empty());
}

#[test]
fn a_vendor_that_was_reached_before_is_waited_for_longer() {
    let mut run = RunBench::with(plan(PUT), 3, |setup| setup.limits.in_flight = Some(1));
    run.answer("put 0", made("n"));
    let after = until_stopped(&mut run, &not_sent(), 0, 2_000).unwrap();
    assert!((600..=660).contains(&after), "{after}");
    assert_eq!((run.stopped(), run.ends().len()), (Some("unreachable"), 1));
}

#[test]
fn an_answer_in_between_begins_the_count_anew() {
    let mut run = RunBench::with(plan(PUT), 3, |setup| setup.limits.in_flight = Some(1));
    assert_eq!(until_stopped(&mut run, &not_sent(), 0, 20), None);
    run.at(60_000);
    let name = run.under_way()[0].clone();
    run.answer(&name, made("n"));
    assert_eq!(until_stopped(&mut run, &not_sent(), 61, 500), None);
}

#[test]
fn a_lost_answer_shows_that_the_vendor_may_be_reached() {
    let mut run = RunBench::with(plan(PUT), 1, |_| ());
    assert_eq!(until_stopped(&mut run, &no_answer(), 0, 60), None);
    assert_ne!(run.stopped(), Some("unreachable"));
}

#[test]
fn a_certificate_that_cannot_be_trusted_stops_the_run_at_once() {
    let mut run = RunBench::new(PUT, 2);
    run.answer("put 0", CallResult::Failed(SendError::Untrusted("unknown issuer".to_owned())));
    assert_eq!((run.stopped(), run.under_way()), (Some("unreachable"), vec!["put 1".to_owned()]));
    run.answer("put 1", made("n"));
    assert_eq!((run.done, run.ends().len()), (true, 1));
}
