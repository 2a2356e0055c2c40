//! Lookups that several rows ask together, and passes that only look up.

use super::run_bench::{PUT, RunBench, SIGN};
use crate::engine::fixtures::{code, made, no_answer, states};
use crate::engine::{CallResult, CallTotals};
use crate::journal::{AttemptEnd, Fact, RowState};
use crate::model::{RowOutcome, StepScope, Time};

/// A run whose rows have all lost their answers, at the time of the lookups.
fn lost(rows: u64) -> RunBench {
    let mut run = RunBench::new(SIGN, rows);
    for position in 0..rows {
        run.answer(&format!("sign {position}"), no_answer());
    }
    run.at(60_000);
    run
}

#[test]
fn a_lost_answer_is_looked_up_after_its_delay() {
    let mut run = RunBench::new(SIGN, 1);
    run.answer("sign 0", no_answer());
    run.at(4_999);
    assert_eq!(run.under_way(), [""; 0]);
    run.at(30_000);
    assert_eq!(run.under_way(), ["states 0"]);
}

#[test]
fn lookups_that_wait_together_are_asked_in_one_read_up_to_its_limit() {
    let run = lost(4);
    assert_eq!(run.under_way(), ["states 0+1+2", "states 3"]);
}

#[test]
fn one_read_asks_for_the_ids_of_all_rows() {
    let mut run = lost(2);
    let order = run.order("states 0+1");
    let request = format!("{:?}", order.prepared);
    assert!(request.contains("a0") && request.contains("a1"), "{request}");
}

#[test]
fn each_row_takes_its_own_part_of_the_answer() {
    let mut run = lost(2);
    run.answer("states 0+1", states(&[("a0", "signed"), ("a1", "open")]));
    assert_eq!(run.ends(), std::collections::BTreeMap::from([(0, RowOutcome::Succeeded)]));
    run.at(120_000);
    assert_eq!(run.under_way(), ["sign 1"]);
}

#[test]
fn one_row_counts_a_read_that_several_asked() {
    let mut run = lost(2);
    run.answer("states 0+1", states(&[("a0", "signed"), ("a1", "signed")]));
    let joined = |position| {
        let facts = run.facts(StepScope::Row(position));
        facts.into_iter().any(|fact| matches!(fact, Fact::Attempted(one) if one.joined && one.end.is_of_a_lookup()))
    };
    assert_eq!([joined(0), joined(1)], [false, true]);
    assert_eq!(run.progress().operations["probe.states"].attempts, 1);
}

#[test]
fn a_read_that_is_refused_for_several_is_asked_in_halves_until_the_refused_one_is_alone() {
    let mut run = lost(3);
    run.answer("states 0+1+2", code("no"));
    assert_eq!(run.under_way(), ["states 0", "states 1+2"]);
    run.answer("states 1+2", code("no"));
    let mut asked = run.under_way();
    asked.sort();
    assert_eq!(asked, ["states 0", "states 1", "states 2"]);
    for (position, id) in [(0, "a0"), (1, "a1")] {
        run.answer(&format!("states {position}"), states(&[(id, "signed")]));
    }
    assert_eq!(run.ends().len(), 2);
}

#[test]
fn a_refused_read_is_not_asked_in_halves_where_the_run_stops() {
    let mut run = lost(2);
    run.interrupt();
    run.answer("states 0+1", code("no"));
    assert!(run.done && run.under_way().is_empty() && run.ends().is_empty());
    let mut resumed = run.resume(|_| ());
    resumed.at(60_000);
    assert_eq!(resumed.under_way(), ["states 0+1"]);
}

#[test]
fn a_read_for_several_that_fails_is_tried_again() {
    let mut run = lost(2);
    run.answer("states 0+1", code("busy"));
    assert!(run.ends().is_empty());
    run.at(200_000);
    assert_eq!(run.under_way().len(), 1);
}

#[test]
fn a_pass_that_only_looks_up_sends_nothing_else_and_says_nothing_of_the_run() {
    let mut run = RunBench::new(SIGN, 3);
    run.answer("sign 0", no_answer());
    run.answer("sign 1", made("n"));
    let mut pass = run.resume(|setup| setup.lookups_only = true);
    pass.at(60_000);
    let asked = pass.under_way();
    assert!(!asked.is_empty() && asked.iter().all(|name| name.starts_with("states")), "{asked:?}");
    while let Some(name) = pass.under_way().first().cloned() {
        pass.answer(&name, states(&[("a0", "signed"), ("a2", "signed")]));
    }
    assert!(pass.done && pass.facts(StepScope::Run).is_empty());
}

#[test]
fn a_pass_that_only_looks_up_counts_the_lookups_that_are_done() {
    let mut run = RunBench::new(SIGN, 4);
    (0..3).for_each(|row| run.answer(&format!("sign {row}"), no_answer()));
    run.answer("sign 3", made("n"));
    let plan = run.plan.clone();
    let states_of: Vec<RowState> = (0..4)
        .map(|row| {
            let facts = run.facts(StepScope::Row(row));
            RowState::fold(facts.into_iter().map(|fact| (Time::from_secs(1), fact)))
        })
        .collect();
    let mut pass = run.resume(|setup| {
        setup.lookups_only = true;
        setup.calls = CallTotals::of_lookups(&plan);
        (0..).zip(&states_of).for_each(|(row, state)| setup.calls.add_earlier(StepScope::Row(row), state));
    });
    let counted = |pass: &RunBench| {
        let now = pass.progress();
        assert!(now.lookups_only);
        let calls = now.calls.iter();
        calls.map(|own| (own.operation.clone(), own.done, own.total)).collect::<Vec<_>>()
    };
    assert_eq!(counted(&pass), [("probe.states".to_owned(), 0, Some(3))]);
    pass.at(60_000);
    // The first took effect, the second did not, so that it may be sent again, and of the third nothing can be told.
    while let Some(name) = pass.under_way().first().cloned() {
        pass.answer(&name, states(&[("a0", "signed"), ("a1", "open"), ("a2", "?")]));
        pass.at(600_000);
    }
    assert!(pass.done, "{:?}", pass.under_way());
    assert_eq!(counted(&pass), [("probe.states".to_owned(), 3, Some(3))]);
}

#[test]
fn a_pass_that_only_looks_up_leaves_rows_that_are_not_in_doubt() {
    let mut run = RunBench::new(PUT, 1);
    run.answer("put 0", code("busy"));
    let pass = run.resume(|setup| setup.lookups_only = true);
    assert!(pass.done && pass.under_way().is_empty() && pass.journal.is_empty());
}

#[test]
fn a_lookup_that_shows_no_effect_in_a_pass_leaves_the_row_to_be_sent() {
    let mut run = RunBench::new(SIGN, 1);
    run.answer("sign 0", no_answer());
    let mut pass = run.resume(|setup| setup.lookups_only = true);
    pass.at(60_000);
    pass.answer("states 0", states(&[("a0", "open")]));
    assert!(pass.done && pass.under_way().is_empty() && pass.ends().is_empty());
    let told = pass
        .facts(StepScope::Row(0))
        .into_iter()
        .any(|fact| matches!(fact, Fact::Attempted(one) if matches!(one.end, AttemptEnd::LookedUp(_))));
    assert!(told, "{:?}", pass.facts(StepScope::Row(0)));
}

#[test]
fn an_invalid_row_is_left_alone_by_a_pass_that_only_looks_up() {
    let mut invalid = crate::engine::fixtures::row(0);
    invalid.invalid = Some("blank".to_owned());
    let pass = RunBench::of_rows(crate::engine::fixtures::plan(PUT), vec![(invalid, vec![])], |setup| {
        setup.lookups_only = true
    });
    assert!(pass.done && pass.journal.is_empty());
}

#[test]
fn a_lookup_that_never_reached_the_vendor_is_not_the_rows_failure() {
    let mut run = lost(1);
    run.answer("states 0", CallResult::Failed(crate::model::SendError::NotSent("refused".to_owned())));
    assert!(run.ends().is_empty() && run.stopped().is_none());
}
