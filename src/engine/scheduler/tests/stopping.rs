//! Orders to stop a run: calls under way are answered, everything else stays as it is.

use super::run_bench::{MAKE, PUT, RunBench};
use crate::engine::CallResult;
use crate::engine::fixtures::{code, made, plan, row};
use crate::journal::{AttemptEnd, Fact};
use crate::model::{RunId, StepScope};
use crate::policy::{StopReason, WaitReason};

#[test]
fn an_interrupted_run_sends_nothing_more_and_waits_for_what_is_under_way() {
    let mut run = RunBench::with(plan(PUT), 5, |setup| setup.limits.in_flight = Some(2));
    run.interrupt();
    assert_eq!((run.under_way().len(), run.done), (2, false));
    run.answer("put 0", made("n"));
    assert_eq!((run.under_way().len(), run.done), (1, false));
    run.answer("put 1", made("n"));
    assert!(run.done);
    assert_eq!(run.ends().len(), 2);
    assert!(matches!(run.closed(), Some(Fact::Stopped(StopReason::Interrupted { signal: 2 }))));
}

#[test]
fn an_answer_after_the_stop_is_written_and_the_rows_next_step_not_begun() {
    let steps = "steps:\n  - { id: one, uses: probe.put, with: { name: x } }\n  - { id: two, uses: probe.get, with: { id: y } }\n";
    let mut run = RunBench::new(steps, 1);
    run.interrupt();
    run.answer("put 0", made("n"));
    assert!(run.done && run.under_way().is_empty() && run.ends().is_empty());
    let answered = run
        .facts(StepScope::Row(0))
        .into_iter()
        .any(|fact| matches!(fact, Fact::Attempted(one) if one.outcome.is_some()));
    assert!(answered, "{:?}", run.facts(StepScope::Row(0)));
}

#[test]
fn a_second_stop_changes_nothing() {
    let mut run = RunBench::new(PUT, 1);
    run.interrupt();
    run.stop(StopReason::Interrupted { signal: 15 });
    assert_eq!(run.engine.stop_reason(), Some(&StopReason::Interrupted { signal: 2 }));
    run.answer("put 0", made("n"));
    assert_eq!(
        run.journal.iter().flat_map(|entry| &entry.facts).filter(|fact| matches!(fact, Fact::Stopped(_))).count(),
        1
    );
}

#[test]
fn a_run_that_is_stopped_while_it_waits_ends_at_once() {
    let mut run = RunBench::new(PUT, 1);
    run.answer("put 0", code("busy"));
    assert!(!run.done && run.wake_at.is_some());
    run.interrupt();
    assert!(run.done && run.ends().is_empty());
}

#[test]
fn a_run_that_is_stopped_before_its_rows_came_ends_at_once() {
    let mut run = RunBench::unread(plan(PUT), vec![(row(0), vec![])], |_| ());
    run.reads_rows = false;
    run.go();
    run.interrupt();
    assert!(run.done && run.facts(StepScope::Row(0)).is_empty());
}

#[test]
fn a_finished_run_cannot_be_stopped_any_more() {
    let mut run = RunBench::new(PUT, 1);
    run.answer("put 0", made("n"));
    assert!(run.done);
    run.engine.on_stop(StopReason::Interrupted { signal: 2 }, run.now);
    run.engine.on_time();
    assert!(run.engine.take_actions(run.now).is_empty());
    assert_eq!(run.stopped(), None);
}

#[test]
fn a_write_whose_intent_is_written_and_that_is_not_sent_is_withheld() {
    let mut run = RunBench::unread(plan(MAKE), vec![(row(0), vec![])], |_| ());
    run.syncs = false;
    run.go();
    run.interrupt();
    assert!(run.done && run.under_way().is_empty());
    let [Fact::Intent(_), Fact::Attempted(withheld)] = run.facts(StepScope::Row(0))[..] else {
        panic!("{:?}", run.facts(StepScope::Row(0)));
    };
    assert_eq!((withheld.end, withheld.outcome), (AttemptEnd::NotMade, None));
    let mut resumed = run.resume(|_| ());
    resumed.at(60_000);
    assert_eq!(resumed.under_way(), ["make 0"]);
}

#[test]
fn an_order_that_could_not_be_handed_over_is_given_again() {
    let mut run = RunBench::new(MAKE, 1);
    let order = run.order("make 0");
    run.engine.on_postponed(order, WaitReason::Shortage, run.now);
    run.go();
    assert_eq!(run.under_way(), ["make 0"]);
    let intents = run.facts(StepScope::Row(0)).into_iter().filter(|fact| matches!(fact, Fact::Intent(_))).count();
    assert_eq!(intents, 1);
    run.answer("make 0", made("n"));
    assert!(run.done && run.stopped().is_none());
}

#[test]
fn an_order_that_could_not_be_handed_over_is_withheld_where_the_run_stops() {
    let mut run = RunBench::new(MAKE, 1);
    let order = run.order("make 0");
    run.interrupt();
    assert!(!run.done);
    run.engine.on_postponed(order, WaitReason::Shortage, run.now);
    run.go();
    assert!(run.done && run.under_way().is_empty());
    assert!(
        matches!(run.facts(StepScope::Row(0)).last(), Some(Fact::Attempted(one)) if one.end == AttemptEnd::NotMade)
    );
}

fn other() -> RunId {
    RunId::from_text("other")
}

#[test]
fn a_row_that_another_run_has_under_way_is_left_and_the_others_go_on() {
    let mut run = RunBench::new(MAKE, 3);
    run.answer("make 1", CallResult::LeftTo(other()));
    assert_eq!((run.under_way().len(), run.stopped()), (2, None));
    run.answer_all(&made("n"));
    let Some(StopReason::LeftToOtherRun { rows, runs }) = run.engine.stop_reason() else {
        panic!("{:?}", run.stopped())
    };
    assert_eq!((*rows, runs.iter().collect::<Vec<_>>()), (1, vec![&other()]));
    assert_eq!((run.done, run.ends().keys().copied().collect::<Vec<_>>()), (true, vec![0, 2]));
}

#[test]
fn a_row_that_was_left_is_sent_when_the_run_goes_on() {
    let mut run = RunBench::new(MAKE, 1);
    run.answer("make 0", CallResult::LeftTo(other()));
    assert!(run.done);
    let mut resumed = run.resume(|_| ());
    resumed.at(60_000);
    assert_eq!(resumed.under_way(), ["make 0"]);
}

#[test]
fn a_step_that_runs_once_and_is_left_stops_the_run() {
    let before = format!("before: [{{ id: zero, uses: probe.make, with: {{ name: x }} }}]\n{PUT}");
    let mut run = RunBench::new(&before, 2);
    run.answer("make before", CallResult::LeftTo(other()));
    let Some(StopReason::LeftToOtherRun { rows: 0, .. }) = run.engine.stop_reason() else {
        panic!("{:?}", run.stopped())
    };
    assert!(run.done && run.under_way().is_empty());
}
