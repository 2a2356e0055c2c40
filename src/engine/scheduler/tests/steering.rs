//! Commands of people to a run under way: each binds at once, whatever the run waits for.

use std::time::Duration;

use super::run_bench::{GET, MAKE, PUT, RunBench, SIGN, rate, rated};
use crate::engine::fixtures::{START, code, made, no_answer, plan, row, states};
use crate::engine::scheduler::AcceptedCommand;
use crate::journal::{AttemptEnd, Fact, Steered};
use crate::model::{Limits, Rate, StepScope};
use crate::policy::{
    RateLease, RateStep, SteerCommand, SteerOrigin, SteerRefusal, SteerWish, SteeredBy, StopReason, WaitReason,
};

const DRAIN: SteerWish = SteerWish::Do(SteerCommand::Drain);
const PAUSE: SteerWish = SteerWish::Do(SteerCommand::Pause);
const RESUME: SteerWish = SteerWish::Do(SteerCommand::Resume);
const CANCEL: SteerWish = SteerWish::Do(SteerCommand::Cancel);

fn mei() -> SteeredBy {
    SteeredBy { name: "mei".to_owned(), uid: 7, from: SteerOrigin::Ctl }
}

fn set_rate(text: &str) -> SteerWish {
    SteerWish::Do(SteerCommand::Rate(rate(text).unwrap()))
}

fn in_flight(calls: u32) -> SteerWish {
    SteerWish::Do(SteerCommand::InFlight(calls))
}

fn try_to(run: &mut RunBench, wish: SteerWish) -> Result<AcceptedCommand, SteerRefusal> {
    let accepted = run.engine.on_steer(wish, mei(), run.now);
    run.go();
    accepted
}

/// Steers, and gives the command that it was.
fn steer(run: &mut RunBench, wish: SteerWish) -> SteerCommand {
    let accepted = try_to(run, wish).unwrap();
    let written = run.facts(StepScope::Run).into_iter().any(
        |fact| matches!(fact, Fact::Steered(Steered { what, by }) if *what == accepted.done.command && *by == mei()),
    );
    assert!(written && accepted.seq.is_some() && !accepted.done.already, "{accepted:?}");
    accepted.done.command
}

/// Whether a wish changes nothing and nothing is written.
fn is_already_so(run: &mut RunBench, wish: SteerWish) -> bool {
    let entries = run.journal.len();
    let accepted = try_to(run, wish).unwrap();
    assert_eq!(run.journal.len(), entries);
    accepted.seq.is_none() && accepted.done.already
}

fn ran(steps: &str, rows: u64, most: u32) -> RunBench {
    RunBench::with(plan(steps), rows, |setup| setup.limits.in_flight = Some(most))
}

#[test]
fn a_paused_run_sends_nothing_new_and_records_what_is_answered() {
    for (steps, name) in [(PUT, "put"), (GET, "get")] {
        let mut run = ran(steps, 5, 2);
        steer(&mut run, PAUSE);
        assert_eq!(run.under_way().len(), 2);
        run.answer_all(&made("n"));
        run.at(3_600_000);
        assert_eq!((run.ends().len(), run.under_way().len(), run.done), (2, 0, false));
        assert_eq!(run.progress().paused, Some((mei(), START)));
        assert_eq!(steer(&mut run, RESUME), SteerCommand::Resume);
        assert_eq!(run.under_way(), [format!("{name} 2"), format!("{name} 3")]);
        run.answer_all(&made("n"));
        assert!(run.done && run.stopped().is_none() && run.ends().len() == 5);
    }
}

#[test]
fn a_paused_run_sends_no_lookup_and_no_repeat_and_fetches_no_token() {
    let mut run = RunBench::new(SIGN, 1);
    run.answer("sign 0", no_answer());
    steer(&mut run, PAUSE);
    run.at(600_000);
    assert_eq!(run.under_way(), [""; 0]);
    steer(&mut run, RESUME);
    assert_eq!(run.under_way(), ["states 0"]);
    run.answer("states 0", states(&[("a0", "signed")]));
    assert!(run.done && run.ends().len() == 1);

    let mut run = RunBench::new(PUT, 1);
    run.answer("put 0", code("busy"));
    steer(&mut run, PAUSE);
    run.at(600_000);
    assert_eq!(run.under_way(), [""; 0]);

    let mut run = RunBench::unread(plan(PUT), vec![(row(0), vec![])], |setup| setup.needs_token = vec![true]);
    run.engine.on_steer(PAUSE, mei(), run.now).unwrap();
    run.go();
    assert!(run.fetches.is_empty() && run.under_way().is_empty());
    steer(&mut run, RESUME);
    assert_eq!(run.fetches.len(), 1);
}

#[test]
fn a_write_whose_intent_is_written_is_withheld_by_a_pause_so_that_a_crash_leaves_no_doubt() {
    let mut run = RunBench::unread(plan(MAKE), vec![(row(0), vec![])], |_| ());
    run.syncs = false;
    run.go();
    run.engine.on_steer(PAUSE, mei(), run.now).unwrap();
    run.go();
    let [Fact::Intent(_), Fact::Attempted(withheld)] = run.facts(StepScope::Row(0))[..] else {
        panic!("{:?}", run.facts(StepScope::Row(0)));
    };
    assert_eq!((withheld.end, withheld.outcome), (AttemptEnd::NotMade, None));
    run.syncs = true;
    run.sync();
    run.go();
    run.at(60_000);
    assert_eq!(run.under_way(), [""; 0]);
    steer(&mut run, RESUME);
    assert_eq!(run.under_way(), ["make 0"]);
}

#[test]
fn a_pause_survives_the_process_and_the_next_one_sends_nothing_until_it_is_ended() {
    let mut run = ran(MAKE, 3, 1);
    steer(&mut run, PAUSE);
    run.answer("make 0", made("n"));
    let mut resumed = run.resume(|_| ());
    resumed.at(60_000);
    assert_eq!((resumed.under_way().len(), resumed.progress().paused), (0, Some((mei(), START))));
    steer(&mut resumed, RESUME);
    resumed.answer_all(&made("n"));
    assert_eq!((resumed.ends().len(), resumed.done), (2, true));
}

#[test]
fn an_order_that_could_not_be_handed_over_is_withheld_while_the_run_is_paused() {
    let mut run = RunBench::new(MAKE, 1);
    let order = run.order("make 0");
    steer(&mut run, PAUSE);
    run.engine.on_postponed(order, WaitReason::Shortage, run.now);
    run.go();
    run.at(60_000);
    assert_eq!(run.under_way(), [""; 0]);
    steer(&mut run, RESUME);
    assert_eq!(run.under_way(), ["make 0"]);
}

#[test]
fn a_run_that_is_paused_before_its_rows_came_takes_none_in() {
    let mut run = RunBench::unread(plan(PUT), vec![(row(0), vec![])], |_| ());
    run.engine.on_steer(PAUSE, mei(), run.now).unwrap();
    run.go();
    assert!(run.rows_asked.is_empty() && !run.done);
    steer(&mut run, RESUME);
    assert_eq!(run.under_way(), ["put 0"]);
}

#[test]
fn a_drained_run_waits_for_what_is_under_way_and_says_who_drained_it() {
    let mut run = ran(PUT, 5, 2);
    steer(&mut run, DRAIN);
    assert!(!run.done && is_already_so(&mut run, DRAIN));
    run.answer_all(&made("n"));
    assert!(run.done && run.ends().len() == 2);
    assert!(matches!(run.closed(), Some(Fact::Stopped(StopReason::Drained { by })) if *by == mei()));
}

#[test]
fn a_run_that_waits_drains_at_once_also_where_it_is_paused() {
    let mut run = RunBench::new(PUT, 1);
    run.answer("put 0", code("busy"));
    steer(&mut run, PAUSE);
    steer(&mut run, DRAIN);
    assert!(run.done && run.ends().is_empty());
}

#[test]
fn a_cancelled_run_is_closed_also_where_it_was_stopping_already() {
    for first in [None, Some(DRAIN)] {
        let mut run = ran(PUT, 3, 1);
        if let Some(wish) = first {
            steer(&mut run, wish);
        }
        steer(&mut run, CANCEL);
        assert!(is_already_so(&mut run, CANCEL));
        run.answer_all(&made("n"));
        assert!(run.done && run.ends().len() == 1);
        let expected = StopReason::Cancelled { by: mei(), since: START };
        assert_eq!(run.closed(), Some(&Fact::Stopped(expected)), "{first:?}");
        // Whatever resumes it, nothing is sent any more.
        let mut resumed = run.resume(|_| ());
        resumed.at(60_000);
        assert!(resumed.done && resumed.under_way().is_empty());
    }
}

#[test]
fn a_lower_rate_binds_from_the_last_call_on_and_slots_taken_ahead_are_given_back() {
    let mut run = RunBench::with(rated(PUT, "20/s"), 200, |setup| setup.limits.in_flight = Some(100));
    run.at(1_000);
    let before = run.under_way().len();
    assert!((18..=21).contains(&before), "{before}");
    steer(&mut run, set_rate("1/s"));
    assert_eq!(run.progress().rate, rate("1/s"));
    run.at(1_999);
    assert!(run.under_way().len() <= before + 1, "{}", run.under_way().len());
    run.at(11_000);
    let later = run.under_way().len();
    assert!((before + 9..=before + 11).contains(&later), "{later}");
    // Raised again, the rate of the operation binds.
    steer(&mut run, set_rate("100/s"));
    run.at(13_000);
    let raised = run.under_way().len() - later;
    assert!((38..=41).contains(&raised), "{raised}");
}

#[test]
fn a_rate_binds_calls_that_other_processes_share_too() {
    let mut run = RunBench::with(rated(PUT, "10/s"), 30, |setup| setup.shared = true);
    let at = |millis| START.plus(Duration::from_millis(millis));
    run.engine.on_lease(0, Some(RateLease { from: START, until: at(60_000), mark: at(60_000) }), run.now);
    run.go();
    run.at(500);
    let before = run.under_way().len();
    steer(&mut run, set_rate("1/s"));
    run.at(3_500);
    let more = run.under_way().len() - before;
    assert!((2..=3).contains(&more), "{more}");
    assert!(run.leases.len() < 20, "{} leases asked for", run.leases.len());
}

#[test]
fn fewer_calls_under_way_bind_once_others_have_ended() {
    let mut run = ran(PUT, 40, 8);
    assert_eq!(run.under_way().len(), 8);
    steer(&mut run, in_flight(2));
    for left in (1..8).rev() {
        let first = run.under_way()[0].clone();
        run.answer(&first, made("n"));
        assert_eq!(run.under_way().len(), left.max(2));
    }
    steer(&mut run, in_flight(8));
    assert_eq!(run.under_way().len(), 8);
}

#[test]
fn limits_above_the_highest_ones_are_refused_and_change_nothing() {
    let ceiling = Limits { in_flight: Some(4), rate: rate("10/s") };
    let mut run = RunBench::with(plan(PUT), 40, |setup| (setup.limits, setup.ceiling) = (ceiling, ceiling));
    let most = Rate::parse("10/s").unwrap();
    assert_eq!(try_to(&mut run, set_rate("11/s")), Err(SteerRefusal::RateTooHigh { most }));
    assert_eq!(try_to(&mut run, in_flight(5)), Err(SteerRefusal::TooManyInFlight { most: 4 }));
    assert!(is_already_so(&mut run, set_rate("10/s")) && is_already_so(&mut run, in_flight(4)));
    assert_eq!(steer(&mut run, set_rate("600/m")), SteerCommand::Rate(rate("600/m").unwrap()));
    assert!(run.facts(StepScope::Run).len() <= 3);
    let plain = ran(PUT, 40, 4);
    let mut plain = plain;
    assert_eq!(try_to(&mut plain, in_flight(5)), Err(SteerRefusal::TooManyInFlight { most: 4 }));
    assert_eq!(try_to(&mut plain, in_flight(0)), Err(SteerRefusal::NoneInFlight));
    steer(&mut plain, set_rate("1000/s"));
}

#[test]
fn keys_step_from_rate_to_rate_and_toggle_the_pause() {
    let (up, down) = (SteerWish::StepRate(RateStep::Up), SteerWish::StepRate(RateStep::Down));
    let set = |text: &str| SteerCommand::Rate(rate(text).unwrap());
    let mut run = RunBench::with(rated(PUT, "20/s"), 200, |_| ());
    assert_eq!(try_to(&mut run, up), Err(SteerRefusal::NoRateToRaise));
    assert_eq!(steer(&mut run, down), set("10/s"));
    assert_eq!(steer(&mut run, down), set("5/s"));
    assert_eq!(steer(&mut run, up), set("10/s"));
    steer(&mut run, set_rate("1/m"));
    assert!(matches!(try_to(&mut run, down), Err(SteerRefusal::LowestRate { .. })));
    assert_eq!(steer(&mut run, SteerWish::TogglePause), SteerCommand::Pause);
    assert_eq!(steer(&mut run, SteerWish::TogglePause), SteerCommand::Resume);

    let ceiling = Limits { in_flight: None, rate: rate("7/s") };
    let mut run = RunBench::with(plan(PUT), 9, |setup| (setup.limits, setup.ceiling) = (ceiling, ceiling));
    assert_eq!(steer(&mut run, down), set("5/s"));
    assert_eq!(steer(&mut run, up), set("7/s"));
    let most = rate("7/s").unwrap();
    assert_eq!(try_to(&mut run, up), Err(SteerRefusal::HighestRate { most }));
}

#[test]
fn a_run_that_stops_takes_no_pause_and_no_limits_and_an_ended_one_nothing_at_all() {
    let mut run = ran(PUT, 5, 1);
    run.interrupt();
    for wish in [PAUSE, set_rate("1/s"), in_flight(1)] {
        // One call under way at once is what it has already.
        let refused = try_to(&mut run, wish);
        assert!(
            matches!(refused, Err(SteerRefusal::Stopping(_))) || refused.is_ok_and(|accepted| accepted.done.already),
            "{wish:?}"
        );
    }
    assert!(is_already_so(&mut run, RESUME) && is_already_so(&mut run, DRAIN));
    run.answer_all(&made("n"));
    assert!(run.done);
    for wish in [PAUSE, RESUME, DRAIN, CANCEL, set_rate("1/s"), in_flight(1)] {
        assert_eq!(run.engine.on_steer(wish, mei(), run.now), Err(SteerRefusal::Ended), "{wish:?}");
    }
}

#[test]
fn a_pause_that_is_ended_while_the_run_stops_is_over_for_the_next_process() {
    let mut run = ran(PUT, 3, 1);
    steer(&mut run, PAUSE);
    run.interrupt();
    steer(&mut run, RESUME);
    run.answer_all(&made("n"));
    assert!(run.done);
    let resumed = run.resume(|_| ());
    assert_eq!(resumed.under_way().len(), 2);
}

#[test]
fn a_paused_run_whose_rows_have_all_ended_finishes() {
    let mut run = RunBench::new(PUT, 1);
    steer(&mut run, PAUSE);
    run.answer("put 0", made("n"));
    assert!(run.done && run.stopped().is_none());
}
