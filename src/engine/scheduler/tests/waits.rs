//! What each call waited for and how long it took, as its attempt keeps it.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::run_bench::{GET, MAKE, PUT, RunBench, SIGN, rated};
use crate::engine::fixtures::{made, no_answer, not_sent, plan, states, throttled};
use crate::engine::{CallResult, TokenResult};
use crate::journal::{Attempted, EffectState, Fact};
use crate::model::{RunId, StepScope};
use crate::playbook::SendWindow;
use crate::policy::{SteerCommand, SteerOrigin, SteerWish, SteeredBy, WaitReason};

/// The waits of an attempt and how long it took, in milliseconds.
type Timing = (Vec<(WaitReason, u64)>, Option<u64>);

/// The attempts of a row, each with its waits and with how long it took, in milliseconds.
fn timing(run: &RunBench, row: u64) -> Vec<Timing> {
    let attempts = run.facts(StepScope::Row(row)).into_iter().filter_map(|fact| match fact {
        Fact::Attempted(Attempted { waited, took_ms, .. }) => Some((waited.iter().collect(), *took_ms)),
        _ => None,
    });
    attempts.collect()
}

#[test]
fn a_call_that_waits_for_nothing_keeps_only_how_long_it_took() {
    let mut run = RunBench::new(PUT, 1);
    run.at(340);
    run.answer("put 0", made("n"));
    assert_eq!(timing(&run, 0), [(vec![], Some(340))]);
}

#[test]
fn each_call_of_a_rated_queue_keeps_its_own_wait_for_the_rate() {
    let mut run = RunBench::with(rated(PUT, "1/s"), 3, |_| ());
    run.at(50);
    run.answer("put 0", made("n"));
    run.at(1_010);
    run.answer("put 1", made("n"));
    run.at(2_020);
    run.answer("put 2", made("n"));
    assert_eq!(timing(&run, 0), [(vec![], Some(50))]);
    let [(waits, _)] = timing(&run, 1).try_into().unwrap();
    assert!(matches!(waits[..], [(WaitReason::Limit, 1_000..=1_010)]), "{waits:?}");
    let [(waits, _)] = timing(&run, 2).try_into().unwrap();
    assert!(matches!(waits[..], [(WaitReason::Limit, 2_000..=2_020)]), "{waits:?}");
}

#[test]
fn a_throttled_call_and_those_behind_it_keep_why_they_waited() {
    let mut run = RunBench::with(rated(PUT, "10/s"), 2, |setup| setup.limits.in_flight = Some(1));
    run.at(100);
    run.answer("put 0", throttled(10));
    run.at(12_000);
    assert_eq!(run.under_way().len(), 1);
    run.answer_all(&made("n"));
    run.at(13_000);
    run.answer_all(&made("n"));
    let [first, again] = timing(&run, 0).try_into().unwrap();
    assert_eq!(first, (vec![], Some(100)));
    assert!(again.0.iter().any(|(why, ms)| *why == WaitReason::RetryAfter && *ms >= 9_900), "{again:?}");
    let [(waits, _)] = timing(&run, 1).try_into().unwrap();
    assert!(waits.iter().any(|(why, ms)| *why == WaitReason::Throttled && *ms >= 9_800), "{waits:?}");
}

#[test]
fn a_call_keeps_its_wait_for_a_login() {
    let mut run = RunBench::with(plan(PUT), 1, |setup| setup.needs_token = vec![true]);
    run.at(700);
    run.engine.on_token(0, TokenResult::Ready { renew_at: None }, run.now);
    run.go();
    run.answer("put 0", made("n"));
    assert_eq!(timing(&run, 0), [(vec![(WaitReason::Login, 700)], Some(0))]);
}

#[test]
fn a_call_keeps_its_wait_for_a_free_place() {
    let mut plan = plan(PUT);
    Arc::make_mut(&mut plan.connections[0]).limits.in_flight = Some(1);
    let mut run = RunBench::with(plan, 2, |_| ());
    run.at(500);
    run.answer("put 0", made("n"));
    run.at(600);
    run.answer("put 1", made("n"));
    assert_eq!(timing(&run, 1), [(vec![(WaitReason::InFlight, 500)], Some(100))]);
}

#[test]
fn a_call_keeps_its_wait_for_the_send_window() {
    let zone = TimeZone::UTC;
    let window = SendWindow { days: [true; 7], from: 9 * 60, to: 17 * 60, zone, timezone: "UTC".to_owned() };
    let mut run = RunBench::with(plan(PUT), 1, |setup| setup.window = Some(window));
    run.at(3_600_000);
    run.answer("put 0", made("n"));
    assert_eq!(timing(&run, 0), [(vec![(WaitReason::Window, 3_600_000)], Some(0))]);
}

#[test]
fn a_call_keeps_its_wait_for_the_disk() {
    let mut run = RunBench::unread(plan(PUT), vec![(crate::engine::fixtures::row(0), Vec::new())], |_| ());
    run.syncs = false;
    run.go();
    run.now = run.now.plus(std::time::Duration::from_millis(250));
    run.sync();
    run.go();
    run.answer("put 0", made("n"));
    assert_eq!(timing(&run, 0), [(vec![(WaitReason::Journal, 250)], Some(0))]);
}

#[test]
fn a_lookup_keeps_the_time_until_it_was_reliable() {
    let mut run = RunBench::new(SIGN, 1);
    run.answer("sign 0", no_answer());
    run.at(5_000);
    run.answer("states 0", states(&[("a0", "signed")]));
    assert_eq!(timing(&run, 0), [(vec![], Some(0)), (vec![(WaitReason::Settling, 5_000)], Some(0))]);
}

#[test]
fn a_call_of_an_unreachable_vendor_keeps_that_as_the_reason() {
    let mut run = RunBench::new(GET, 1);
    run.answer("get 0", not_sent());
    run.at(60_000);
    run.answer("get 0", made("n"));
    let [_, (waits, _)] = timing(&run, 0).try_into().unwrap();
    assert!(matches!(waits[..], [(WaitReason::OutOfReach, 100..)]), "{waits:?}");
}

#[test]
fn an_order_that_the_driver_gives_back_keeps_what_it_waited_for_there() {
    let mut run = RunBench::new(MAKE, 1);
    let order = run.order("make 0");
    run.now = run.now.plus(std::time::Duration::from_secs(2));
    run.engine.on_postponed(order, WaitReason::Shortage, run.now);
    run.go();
    run.answer("make 0", made("n"));
    assert_eq!(timing(&run, 0), [(vec![(WaitReason::Shortage, 2_000)], Some(0))]);
}

#[test]
fn a_call_that_another_run_made_took_no_time_but_waited() {
    let mut run = RunBench::new(MAKE, 1);
    run.at(300);
    let (of, state) = (RunId::from_text("other"), EffectState::Made);
    run.answer("make 0", CallResult::DoneBefore { run: of, state });
    assert_eq!(timing(&run, 0), [(vec![(WaitReason::OtherRun, 300)], None)]);
}

#[test]
fn a_call_keeps_the_time_for_which_a_person_paused_the_run() {
    let mut run = RunBench::with(plan(PUT), 1, |setup| setup.needs_token = vec![true]);
    let by = || SteeredBy { name: "mei".to_owned(), uid: 7, from: SteerOrigin::Ctl };
    run.engine.on_steer(SteerWish::Do(SteerCommand::Pause), by(), run.now).unwrap();
    run.engine.on_token(0, TokenResult::Ready { renew_at: None }, run.now);
    run.go();
    run.at(5_000);
    assert_eq!(run.under_way(), [""; 0]);
    run.engine.on_steer(SteerWish::Do(SteerCommand::Resume), by(), run.now).unwrap();
    run.go();
    run.answer("put 0", made("n"));
    assert_eq!(timing(&run, 0), [(vec![(WaitReason::Paused, 5_000)], Some(0))]);
}
