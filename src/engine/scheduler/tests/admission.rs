//! How many calls are under way at once, how fast they follow each other, and in which order.

use std::sync::Arc;

use super::run_bench::{GET, MAKE, PUT, RunBench, rate, rated};
use crate::engine::fixtures::{made, plan, throttled};
use crate::model::StepScope;

#[test]
fn no_more_calls_are_under_way_than_the_run_allows() {
    let mut run = RunBench::with(plan(PUT), 5, |setup| setup.limits.in_flight = Some(2));
    assert_eq!(run.under_way(), ["put 0", "put 1"]);
    run.answer("put 0", made("n"));
    assert_eq!(run.under_way(), ["put 1", "put 2"]);
}

#[test]
fn no_more_calls_are_under_way_than_the_connection_allows() {
    let mut plan = plan(PUT);
    Arc::make_mut(&mut plan.connections[0]).limits.in_flight = Some(1);
    let mut run = RunBench::with(plan, 3, |_| ());
    assert_eq!(run.under_way(), ["put 0"]);
    run.answer("put 0", made("n"));
    assert_eq!(run.under_way(), ["put 1"]);
}

#[test]
fn sixteen_calls_are_under_way_by_default() {
    assert_eq!(RunBench::new(PUT, 40).under_way().len(), 16);
}

#[test]
fn a_limit_of_no_calls_lets_one_out() {
    let run = RunBench::with(plan(PUT), 3, |setup| setup.limits.in_flight = Some(0));
    assert_eq!(run.under_way(), ["put 0"]);
}

#[test]
fn calls_of_an_operation_are_spaced_by_its_rate() {
    let mut run = RunBench::with(rated(PUT, "2/s"), 3, |_| ());
    assert_eq!(run.under_way(), ["put 0"]);
    run.at(500);
    assert_eq!(run.under_way(), ["put 0"]);
    run.at(510);
    assert_eq!(run.under_way(), ["put 0", "put 1"]);
    run.at(1_000);
    assert_eq!(run.under_way(), ["put 0", "put 1"]);
    run.at(1_020);
    assert_eq!(run.under_way(), ["put 0", "put 1", "put 2"]);
}

#[test]
fn the_run_is_woken_when_the_next_call_may_go() {
    let run = RunBench::with(rated(PUT, "1/s"), 2, |_| ());
    let wake = run.wake_at.unwrap();
    assert!(wake > run.now && wake <= run.now.plus(std::time::Duration::from_millis(1_010)), "{wake}");
}

/// Rows that read and then write.
const GET_PUT: &str = "steps:\n  - { id: one, uses: probe.get, with: { id: '{{ row.id }}' } }\n  \
    - { id: two, uses: probe.put, with: { name: '{{ row.name }}' } }\n";

#[test]
fn the_rate_of_one_operation_does_not_hold_another_back() {
    let mut plan = plan(GET_PUT);
    plan.rate_buckets[1].limits.rate = rate("1/s");
    let mut run = RunBench::with(plan, 3, |_| ());
    assert_eq!(run.under_way(), ["get 0", "get 1", "get 2"]);
    for name in ["get 0", "get 1", "get 2"] {
        run.answer(name, made("n"));
    }
    assert_eq!(run.under_way(), ["put 0"]);
}

#[test]
fn the_rate_of_the_run_binds_all_operations_together() {
    let mut run = RunBench::with(plan(GET_PUT), 2, |setup| setup.limits.rate = rate("1/s"));
    assert_eq!(run.under_way(), ["get 0"]);
    run.answer("get 0", made("n"));
    assert_eq!(run.under_way(), [""; 0]);
    run.at(1_000);
    assert_eq!(run.under_way().len(), 0);
    run.at(1_010);
    assert_eq!(run.under_way().len(), 1);
    run.at(2_000);
    assert_eq!(run.under_way().len(), 1);
    run.at(2_020);
    assert_eq!(run.under_way().len(), 2);
}

#[test]
fn the_slower_of_both_rates_counts() {
    let mut run = RunBench::with(rated(PUT, "1/s"), 2, |setup| setup.limits.rate = rate("10/s"));
    run.at(1_000);
    assert_eq!(run.under_way(), ["put 0"]);
    run.at(1_010);
    assert_eq!(run.under_way(), ["put 0", "put 1"]);
}

#[test]
fn later_steps_of_rows_go_before_the_first_steps_of_others() {
    let mut run = RunBench::with(plan(GET_PUT), 3, |setup| setup.limits.in_flight = Some(1));
    assert_eq!(run.under_way(), ["get 0"]);
    run.answer("get 0", made("n"));
    assert_eq!(run.under_way(), ["put 0"]);
    run.answer("put 0", made("n"));
    assert_eq!(run.under_way(), ["get 1"]);
}

#[test]
fn an_operation_that_was_refused_for_its_pace_pauses_for_all_rows() {
    let mut run = RunBench::with(rated(PUT, "10/s"), 3, |setup| setup.limits.in_flight = Some(1));
    run.answer("put 0", throttled(7));
    run.at(6_990);
    assert_eq!(run.under_way(), [""; 0]);
    run.at(7_100);
    assert_eq!(run.under_way().len(), 1);
    assert_eq!(run.progress().operations["probe.put"].throttled, 1);
}

#[test]
fn a_write_is_sent_when_its_intent_is_on_the_disk_and_not_before() {
    let mut run = RunBench::unread(plan(MAKE), vec![(crate::engine::fixtures::row(0), Vec::new())], |_| ());
    run.syncs = false;
    run.go();
    assert_eq!((run.under_way(), run.facts(StepScope::Row(0)).is_empty()), (vec![], false));
    run.sync();
    run.go();
    assert_eq!(run.under_way(), ["make 0"]);
}

#[test]
fn an_entry_that_is_not_the_calls_own_does_not_let_it_out() {
    let rows = (0..2).map(|position| (crate::engine::fixtures::row(position), Vec::new())).collect();
    let mut run = RunBench::unread(plan(MAKE), rows, |_| ());
    run.syncs = false;
    run.go();
    let first = run.journal.iter().find(|entry| entry.scope == StepScope::Row(0)).unwrap().seq;
    run.engine.on_durable(first, run.now);
    run.go();
    assert_eq!(run.under_way(), ["make 0"]);
}

#[test]
fn a_call_that_is_late_for_its_slot_takes_another_and_the_next_keeps_its_distance() {
    let rows = (0..2).map(|position| (crate::engine::fixtures::row(position), Vec::new())).collect();
    let mut run = RunBench::unread(rated(PUT, "1/s"), rows, |_| ());
    run.syncs = false;
    run.go();
    run.at(10_000);
    assert_eq!(run.under_way(), [""; 0]);
    run.syncs = true;
    run.sync();
    run.go();
    assert_eq!(run.under_way().len(), 1);
    run.at(10_800);
    assert_eq!(run.under_way().len(), 1);
    run.at(11_100);
    assert_eq!(run.under_way().len(), 2);
}

#[test]
fn a_deadline_that_would_be_missed_at_its_slot_is_not_sent() {
    let steps =
        "steps: [{ id: one, uses: probe.make, with: { name: '{{ row.name }}', before: '2027-01-15T08:00:01Z' } }]\n";
    let mut run = RunBench::with(rated(steps, "1/m"), 2, |_| ());
    assert_eq!(run.under_way(), ["make 0"]);
    run.at(61_000);
    assert_eq!(run.under_way(), ["make 0"]);
    assert_eq!(run.ends().keys().collect::<Vec<_>>(), [&1]);
}

#[test]
fn calls_are_counted_by_operation() {
    let mut run = RunBench::new(GET, 3);
    run.answer_all(&made("n"));
    let progress = run.progress();
    let counts = &progress.operations["probe.get"];
    assert_eq!((counts.calls, counts.attempts, counts.throttled), (3, 3, 0));
    assert_eq!((progress.in_flight, progress.active, progress.rows.ended()), (0, 0, 3));
}

#[test]
fn an_order_says_whether_it_writes_and_whether_it_goes_out_only_once() {
    let order = |steps: &str, name: &str| {
        let order = RunBench::new(steps, 1).order(name);
        (order.write, order.once, order.effect.is_some())
    };
    assert_eq!(order(GET, "get 0"), (false, false, false));
    assert_eq!(order(PUT, "put 0"), (true, false, false));
    assert_eq!(order(MAKE, "make 0"), (true, true, true));
}

#[test]
fn a_result_for_an_unknown_ticket_changes_nothing() {
    let mut run = RunBench::new(PUT, 1);
    run.engine.on_result(99, made("n"), run.now);
    run.go();
    assert_eq!((run.under_way(), run.ends().len()), (vec!["put 0".to_owned()], 0));
}
