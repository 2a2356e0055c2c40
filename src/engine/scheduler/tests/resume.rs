//! A run that goes on from its journal, after a stop or after a process that died.

use std::collections::BTreeMap;

use super::run_bench::{MAKE, PUT, RunBench, SIGN};
use crate::engine::fixtures::{code, made, no_answer, plan};
use crate::journal::Fact;
use crate::model::{RowOutcome, StepScope};
use crate::policy::{EffectBudget, EffectCounts};

const TWO: &str = "steps:\n  - { id: one, uses: probe.put, with: { name: '{{ row.name }}' } }\n  \
    - { id: two, uses: probe.make, with: { name: '{{ row.name }}' } }\n";

#[test]
fn rows_that_ended_are_not_sent_again_and_the_others_are() {
    let mut run = RunBench::with(plan(PUT), 4, |setup| setup.limits.in_flight = Some(1));
    run.answer("put 0", made("n"));
    run.answer("put 1", code("no"));
    run.interrupt();
    run.answer("put 2", made("n"));
    assert!(run.done);
    let resumed = run.resume(|_| ());
    assert_eq!(resumed.under_way(), ["put 3"]);
    assert_eq!((resumed.progress().rows.ended(), resumed.progress().rows.of(RowOutcome::Failed)), (3, 1));
}

#[test]
fn a_row_goes_on_with_the_step_after_the_last_one_that_succeeded() {
    let mut run = RunBench::new(TWO, 1);
    run.answer("put 0", made("n"));
    assert_eq!(run.under_way(), ["make 0"]);
    run.interrupt();
    // The process dies before the answer.
    let resumed = run.resume(|_| ());
    assert_eq!((resumed.under_way().len(), resumed.ends().get(&0)), (0, Some(&RowOutcome::Unknown)));
}

#[test]
fn a_write_that_may_be_repeated_is_sent_again_after_a_process_that_died() {
    let run = RunBench::new(PUT, 1);
    assert_eq!(run.under_way(), ["put 0"]);
    let mut resumed = run.resume(|_| ());
    resumed.at(60_000);
    assert_eq!(resumed.under_way(), ["put 0"]);
}

#[test]
fn a_write_that_must_not_be_repeated_is_unknown_after_a_process_that_died() {
    let run = RunBench::new(MAKE, 1);
    let resumed = run.resume(|_| ());
    assert_eq!((resumed.under_way().len(), resumed.done), (0, true));
    assert_eq!(resumed.ends(), BTreeMap::from([(0, RowOutcome::Unknown)]));
}

#[test]
fn a_write_that_can_be_looked_up_is_looked_up_after_a_process_that_died() {
    let run = RunBench::new(SIGN, 1);
    let mut resumed = run.resume(|_| ());
    assert_eq!(resumed.under_way().iter().filter(|name| name.starts_with("sign")).count(), 0);
    resumed.at(60_000);
    assert_eq!(resumed.under_way(), ["states 0"]);
}

#[test]
fn a_row_that_waits_to_be_sent_again_does_so_after_the_run_goes_on() {
    let mut run = RunBench::new(PUT, 1);
    run.answer("put 0", code("busy"));
    run.interrupt();
    assert!(run.done);
    let mut resumed = run.resume(|_| ());
    resumed.at(60_000);
    assert_eq!(resumed.under_way(), ["put 0"]);
}

#[test]
fn a_run_that_goes_on_numbers_its_entries_after_the_last_one_and_says_which_process_it_is() {
    let mut run = RunBench::new(PUT, 2);
    run.answer("put 0", made("n"));
    let last = run.journal.last().unwrap().seq;
    let resumed = run.resume(|_| ());
    let first = &resumed.journal[0];
    assert_eq!((first.seq, first.scope), (last + 1, StepScope::Run));
    assert!(matches!(first.facts[..], [Fact::Began { process: 2, .. }]));
}

#[test]
fn an_effect_whose_answer_was_lost_counts_for_the_budget_of_the_run_that_goes_on() {
    let notices = |count: u64| -> EffectCounts { BTreeMap::from([("notice".to_owned(), count)]) };
    let mut plan = plan(MAKE);
    plan.bounds.budget = notices(2);
    let mut run = RunBench::with(plan, 3, |setup| {
        setup.effect_budget = EffectBudget::new(&notices(2), &notices(0));
        setup.limits.in_flight = Some(1);
    });
    run.answer("make 0", no_answer());
    run.interrupt();
    run.order("make 1");
    let mut resumed = run.resume(|setup| {
        setup.effect_budget = EffectBudget::new(&notices(2), &notices(2));
    });
    resumed.go();
    assert_eq!((resumed.stopped(), resumed.under_way().len()), (Some("budget"), 0));
    assert_eq!(resumed.ends().get(&1), Some(&RowOutcome::Unknown));
}

#[test]
fn a_run_whose_rows_all_ended_finishes_without_a_call() {
    let mut run = RunBench::new(PUT, 2);
    run.answer("put 0", made("n"));
    run.interrupt();
    run.answer("put 1", made("n"));
    let resumed = run.resume(|_| ());
    assert!(resumed.done && resumed.under_way().is_empty() && matches!(resumed.closed(), Some(Fact::Finished)));
}
