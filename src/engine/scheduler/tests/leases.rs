//! Rates that other processes use too: a call goes out in a lease of this process.

use std::time::Duration;

use super::run_bench::{PUT, RunBench, rated};
use crate::engine::fixtures::START;
use crate::policy::RateLease;

fn shared() -> RunBench {
    RunBench::with(rated(PUT, "1/s"), 3, |setup| setup.shared = true)
}

fn lease(from_millis: u64, until_millis: u64) -> RateLease {
    let at = |millis| START.plus(Duration::from_millis(millis));
    RateLease { from: at(from_millis), until: at(until_millis), mark: at(until_millis) }
}

#[test]
fn no_call_goes_out_without_a_lease() {
    let mut run = shared();
    assert_eq!((run.under_way().len(), run.leases.len()), (0, 1));
    run.jump(5_000);
    assert_eq!((run.under_way().len(), run.leases.len()), (0, 1));
}

#[test]
fn calls_go_out_within_the_lease_and_the_next_one_is_asked_for() {
    let mut run = shared();
    let asked = run.leases.remove(0);
    assert!(asked.from == START && asked.after.is_none(), "{asked:?}");
    run.engine.on_lease(0, Some(lease(0, 1_500)), run.now);
    run.go();
    assert_eq!(run.under_way(), ["put 0"]);
    run.at(1_400);
    assert_eq!((run.under_way().len(), run.leases.len()), (1, 1));
    assert_eq!(run.leases[0].after, Some(lease(0, 1_500).mark));
}

#[test]
fn a_lease_that_begins_later_is_waited_for() {
    let mut run = shared();
    run.engine.on_lease(0, Some(lease(4_000, 9_000)), run.now);
    run.go();
    run.at(3_900);
    assert_eq!(run.under_way().len(), 0);
    run.at(4_000);
    assert_eq!(run.under_way(), ["put 0"]);
}

#[test]
fn a_lease_that_could_not_be_given_is_asked_for_again_a_little_later() {
    let mut run = shared();
    run.engine.on_lease(0, None, run.now);
    run.go();
    assert_eq!(run.leases.len(), 1);
    run.at(2);
    assert_eq!(run.leases.len(), 2);
}

#[test]
fn an_operation_without_a_rate_needs_no_lease() {
    let run = RunBench::with(crate::engine::fixtures::plan(PUT), 2, |setup| setup.shared = true);
    assert_eq!((run.under_way().len(), run.leases.len()), (2, 0));
}
