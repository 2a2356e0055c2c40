//! The effect budget: a call that would exceed it is not sent, and the run stops.

use std::collections::BTreeMap;

use super::run_bench::{MAKE, RunBench};
use crate::engine::fixtures::{code, made, no_answer, plan};
use crate::policy::{EffectBudget, EffectCounts, StopReason};

fn notices(count: u64) -> EffectCounts {
    BTreeMap::from([("notice".to_owned(), count)])
}

/// A run that may make this many notices, of which some are made.
fn run(steps: &str, rows: u64, most: u64, spent: u64) -> RunBench {
    let mut plan = plan(steps);
    plan.bounds.budget = notices(most);
    RunBench::with(plan, rows, |setup| setup.effect_budget = EffectBudget::new(&notices(most), &notices(spent)))
}

#[test]
fn calls_go_out_up_to_the_budget_and_the_next_is_held_while_one_is_open() {
    let run = run(MAKE, 4, 2, 0);
    assert_eq!((run.under_way(), run.stopped()), (vec!["make 0".to_owned(), "make 1".to_owned()], None));
}

#[test]
fn the_run_stops_when_the_budget_is_spent() {
    let mut run = run(MAKE, 4, 2, 0);
    run.answer("make 0", made("n"));
    assert_eq!((run.under_way().len(), run.stopped()), (1, None));
    run.answer("make 1", made("n"));
    let reason = run.engine.stop_reason();
    assert_eq!(reason, Some(&StopReason::Budget { effect: "notice".to_owned(), most: 2, made: 2 }));
    assert!(run.done && run.ends().len() == 2);
}

#[test]
fn an_effect_that_was_refused_gives_its_place_back() {
    let mut run = run(MAKE, 4, 1, 0);
    run.answer("make 0", code("no"));
    assert_eq!((run.under_way(), run.stopped()), (vec!["make 1".to_owned()], None));
}

#[test]
fn an_effect_that_may_have_been_made_counts() {
    let mut run = run(MAKE, 2, 1, 0);
    run.answer("make 0", no_answer());
    assert_eq!((run.stopped(), run.under_way().len()), (Some("budget"), 0));
}

#[test]
fn what_an_earlier_process_made_counts() {
    assert_eq!(run(MAKE, 3, 2, 1).under_way(), ["make 0"]);
    let spent = run(MAKE, 3, 2, 2);
    assert_eq!((spent.stopped(), spent.under_way().len(), spent.done), (Some("budget"), 0, true));
}

#[test]
fn a_run_that_ends_within_its_budget_finishes() {
    let mut run = run(MAKE, 2, 2, 0);
    run.answer_all(&made("n"));
    assert_eq!((run.stopped(), run.done), (None, true));
}

/// A row without a notice beside rows with one: `put` counts as a signature.
#[test]
fn effects_of_other_words_are_not_counted() {
    let put = "steps: [{ id: one, uses: probe.put, with: { name: '{{ row.name }}' } }]\n";
    let mut plan = plan(put);
    plan.bounds.budget = notices(0);
    let run = RunBench::with(plan, 3, |setup| setup.effect_budget = EffectBudget::new(&notices(0), &notices(0)));
    assert_eq!(run.under_way().len(), 3);
}

#[test]
fn reads_go_out_while_a_write_is_held() {
    let steps = "steps:\n  - { id: one, uses: probe.get, with: { id: '{{ row.id }}' } }\n  - { id: two, uses: probe.make, with: { name: '{{ row.name }}' } }\n";
    let mut run = run(steps, 3, 1, 0);
    run.answer("get 0", made("n"));
    run.answer("get 1", made("n"));
    assert_eq!((run.under_way(), run.stopped()), (vec!["get 2".to_owned(), "make 0".to_owned()], None));
    run.answer("get 2", made("n"));
    assert_eq!(run.under_way(), ["make 0"]);
}

#[test]
fn a_budget_of_nothing_stops_the_run_at_the_first_effect() {
    let run = run(MAKE, 2, 0, 0);
    assert_eq!((run.stopped(), run.done, run.ends().len()), (Some("budget"), true, 0));
}
