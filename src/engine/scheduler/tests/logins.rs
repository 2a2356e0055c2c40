//! Logins: one at a time for a connection, renewed ahead of their end, tried again for a while.

use std::time::Duration;

use super::run_bench::{GET, PUT, RunBench};
use crate::engine::TokenResult;
use crate::engine::fixtures::{START, code, made, plan};
use crate::model::{Disposition, Time};
use crate::policy::StopReason;

fn at(seconds: u64) -> Time {
    START.plus(Duration::from_secs(seconds))
}

/// A run whose connection needs a token, with all the room that its rows need.
fn run(rows: u64) -> RunBench {
    RunBench::with(plan(PUT), rows, |setup| setup.needs_token = vec![true])
}

fn ready(run: &mut RunBench, renew_at: Option<Time>) {
    told(run, TokenResult::Ready { renew_at });
}

fn told(run: &mut RunBench, result: TokenResult) {
    run.engine.on_token(0, result, run.now);
    run.go();
}

fn failed(disposition: Disposition) -> TokenResult {
    TokenResult::Failed { disposition, code: "http 500".to_owned(), message: "down".to_owned(), advice: None }
}

#[test]
fn one_token_is_fetched_for_all_rows_and_nothing_is_sent_before() {
    let mut run = run(3);
    assert_eq!((run.fetches.as_slice(), run.under_way().len()), (&[0][..], 0));
    run.at(1_000);
    assert_eq!(run.fetches, [0]);
    ready(&mut run, None);
    assert_eq!(run.under_way(), ["put 0", "put 1", "put 2"]);
}

#[test]
fn a_connection_without_a_login_fetches_none() {
    assert_eq!(RunBench::new(PUT, 1).fetches, [0; 0]);
}

#[test]
fn a_run_with_nothing_to_send_fetches_none() {
    assert_eq!(run(0).fetches, [0; 0]);
}

#[test]
fn a_token_is_renewed_ahead_of_its_end_while_calls_go_on() {
    let mut run = RunBench::with(plan(PUT), 3, |setup| {
        setup.needs_token = vec![true];
        setup.limits.in_flight = Some(1);
    });
    ready(&mut run, Some(at(60)));
    run.at(59_999);
    run.answer("put 0", made("n"));
    assert_eq!((run.fetches.len(), run.under_way()), (1, vec!["put 1".to_owned()]));
    run.at(60_000);
    run.answer("put 1", made("n"));
    assert_eq!((run.fetches.len(), run.under_way()), (2, vec!["put 2".to_owned()]));
}

#[test]
fn an_expired_token_is_fetched_again_once_for_all_calls_that_reported_it() {
    let mut run = run(2);
    ready(&mut run, None);
    run.at(10);
    run.answer("put 0", code("old_token"));
    run.answer("put 1", code("old_token"));
    run.at(60_000);
    assert_eq!((run.fetches.len(), run.under_way().len()), (2, 0));
    ready(&mut run, None);
    assert_eq!(run.under_way().len(), 2);
}

#[test]
fn an_expiry_reported_by_a_call_with_an_older_token_fetches_no_other() {
    let mut run = run(2);
    ready(&mut run, None);
    run.at(10);
    run.answer("put 0", code("old_token"));
    run.at(60_000);
    ready(&mut run, None);
    assert_eq!(run.fetches.len(), 2);
    run.answer("put 1", code("old_token"));
    run.at(120_000);
    assert_eq!(run.fetches.len(), 2);
    assert_eq!(run.under_way().len(), 2);
}

#[test]
fn fresh_tokens_that_no_call_gets_through_with_stop_the_run() {
    let mut run = run(1);
    let mut tokens = 0;
    while run.stopped().is_none() && tokens < 50 {
        tokens += 1;
        ready(&mut run, None);
        let until = tokens * 100_000;
        run.at(until);
        if run.under_way() == ["put 0"] {
            run.answer("put 0", code("old_token"));
        }
        run.at(until + 90_000);
    }
    assert_eq!((run.stopped(), run.ends().len()), (Some("refused"), 0));
    assert_eq!(tokens, 6);
}

#[test]
fn a_call_that_gets_through_begins_the_count_of_useless_tokens_anew() {
    let mut run = RunBench::with(plan(GET), 40, |setup| {
        setup.needs_token = vec![true];
        setup.limits.in_flight = Some(1);
    });
    ready(&mut run, None);
    for round in 1..12_u64 {
        let first = run.under_way()[0].clone();
        run.answer(&first, made("n"));
        let next = run.under_way()[0].clone();
        run.answer(&next, code("old_token"));
        run.at(round * 100_000);
        ready(&mut run, None);
        assert_eq!(run.stopped(), None, "round {round}");
    }
}

#[test]
fn a_refused_login_stops_the_run() {
    let mut run = run(2);
    told(&mut run, failed(Disposition::Refused));
    let Some(StopReason::Refused { code, operation, .. }) = run.engine.stop_reason() else {
        panic!("{:?}", run.stopped())
    };
    assert_eq!((code.as_str(), operation.as_str()), ("http 500", "probe login"));
    assert!(run.done && run.ends().is_empty());
}

#[test]
fn a_login_that_fails_otherwise_is_tried_again_after_a_wait_and_stops_the_run_after_the_twelfth() {
    let mut run = run(1);
    for fetch in 1..=11 {
        assert_eq!((run.fetches.len(), run.stopped()), (fetch, None));
        told(&mut run, failed(Disposition::Unavailable));
        assert_eq!(run.stopped(), None);
        run.at(fetch as u64 * 31_000);
    }
    assert_eq!(run.fetches.len(), 12);
    told(&mut run, failed(Disposition::Unavailable));
    let Some(StopReason::NoToken { connection, code, message }) = run.engine.stop_reason() else {
        panic!("{:?}", run.stopped())
    };
    assert_eq!((connection.as_str(), code.as_str(), message.as_str()), ("probe", "http 500", "down"));
    assert!(run.done);
}

#[test]
fn a_login_that_succeeds_after_failures_lets_the_calls_out() {
    let mut run = run(1);
    told(&mut run, failed(Disposition::Unavailable));
    run.at(31_000);
    ready(&mut run, None);
    assert_eq!(run.under_way(), ["put 0"]);
}

#[test]
fn a_redirected_login_and_one_that_cannot_be_trusted_stop_the_run() {
    let mut redirected = run(1);
    told(&mut redirected, TokenResult::Redirected { code: "http 308".to_owned(), message: "elsewhere".to_owned() });
    assert_eq!(redirected.stopped(), Some("redirected"));
    let mut untrusted = run(1);
    told(&mut untrusted, TokenResult::Untrusted { message: "unknown issuer".to_owned() });
    assert_eq!(untrusted.stopped(), Some("unreachable"));
}
