//! Hours in which the run sends: outside them only reads go out. The tests begin on Friday, 15 January 2027, 08:00 UTC.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::run_bench::{GET, MAKE, PUT, RunBench, SIGN};
use crate::engine::fixtures::{START, made, no_answer, not_sent, plan, row, states};
use crate::journal::Fact;
use crate::model::StepScope;
use crate::playbook::SendWindow;

const HOUR: u64 = 3_600_000;

/// A window of every day, from one hour to another.
fn window(from: u16, to: u16) -> Option<SendWindow> {
    Some(SendWindow { days: [true; 7], from: from * 60, to: to * 60, zone: TimeZone::UTC, timezone: "UTC".to_owned() })
}

fn within(steps: &str, from: u16, to: u16) -> RunBench {
    RunBench::with(plan(steps), 2, |setup| setup.window = window(from, to))
}

#[test]
fn a_write_waits_until_the_window_opens() {
    let mut run = within(PUT, 9, 17);
    assert_eq!(run.under_way(), [""; 0]);
    assert_eq!(run.wake_at, Some(START.plus(Duration::from_millis(HOUR))));
    run.at(HOUR - 1);
    assert_eq!(run.under_way(), [""; 0]);
    run.at(HOUR);
    assert_eq!(run.under_way(), ["put 0", "put 1"]);
}

#[test]
fn the_progress_says_when_the_window_opens_while_something_waits_for_it() {
    let run = within(PUT, 9, 17);
    let closed = run.progress().closed_until;
    assert_eq!(closed, Some((START.plus(Duration::from_millis(HOUR)), "Fri 2027-01-15 09:00 UTC".to_owned())));
    assert_eq!(within(PUT, 8, 17).progress().closed_until, None);
    assert_eq!(within(GET, 9, 17).progress().closed_until, None);
}

#[test]
fn a_read_goes_out_at_any_time() {
    assert_eq!(within(GET, 9, 17).under_way(), ["get 0", "get 1"]);
}

#[test]
fn a_run_without_a_window_sends_at_any_time() {
    assert_eq!(RunBench::new(PUT, 1).under_way(), ["put 0"]);
}

#[test]
fn a_call_under_way_when_the_window_closes_is_answered_and_the_next_waits() {
    let mut run = RunBench::with(plan(PUT), 2, |setup| {
        setup.window = window(7, 9);
        setup.limits.in_flight = Some(1);
    });
    assert_eq!(run.under_way(), ["put 0"]);
    run.at(HOUR);
    run.answer("put 0", made("n"));
    assert_eq!((run.ends().len(), run.under_way().len()), (1, 0));
    run.at(23 * HOUR - 1);
    assert_eq!(run.under_way(), [""; 0]);
    run.at(23 * HOUR);
    assert_eq!(run.under_way(), ["put 1"]);
}

#[test]
fn a_write_whose_intent_is_written_when_the_window_closes_is_withheld_and_sent_at_its_opening() {
    let mut run = RunBench::unread(plan(MAKE), vec![(row(0), vec![])], |setup| setup.window = window(7, 9));
    run.syncs = false;
    run.go();
    run.at(HOUR);
    run.syncs = true;
    run.sync();
    run.go();
    assert_eq!(run.under_way(), [""; 0]);
    let withheld = run
        .facts(StepScope::Row(0))
        .into_iter()
        .any(|fact| matches!(fact, Fact::Attempted(one) if one.message.as_deref() == Some("the window closed first")));
    assert!(withheld, "{:?}", run.facts(StepScope::Row(0)));
    run.at(23 * HOUR);
    assert_eq!(run.under_way(), ["make 0"]);
}

#[test]
fn a_lookup_goes_out_while_the_window_is_closed() {
    let mut run = RunBench::with(plan(SIGN), 1, |setup| setup.window = window(7, 9));
    run.at(HOUR - 1_000);
    run.answer("sign 0", no_answer());
    run.at(HOUR + 60_000);
    assert_eq!(run.under_way(), ["states 0"]);
    run.answer("states 0", states(&[("a0", "signed")]));
    assert_eq!(run.ends().len(), 1);
}

#[test]
fn what_was_out_of_reach_before_the_window_closed_says_nothing_after_it_opens() {
    let mut run = RunBench::with(plan(PUT), 1, |setup| setup.window = window(7, 9));
    run.at(HOUR - 2_000);
    run.answer("put 0", not_sent());
    run.at(HOUR - 1);
    run.answer("put 0", not_sent());
    run.at(HOUR + 60_000);
    assert_eq!(run.under_way(), [""; 0]);
    run.at(23 * HOUR);
    run.answer("put 0", not_sent());
    assert_eq!(run.stopped(), None);
}
