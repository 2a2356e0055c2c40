//! Which rows are read and when.

use super::run_bench::{PUT, RunBench};
use crate::engine::fixtures::{code, made, plan, row};
use crate::journal::Fact;
use crate::model::{RowOutcome, StepScope};

fn unread(rows: u64, in_flight: u32) -> RunBench {
    let rows = (0..rows).map(|position| (row(position), Vec::new())).collect();
    RunBench::unread(plan(PUT), rows, |setup| setup.limits.in_flight = Some(in_flight))
}

#[test]
fn four_rows_a_call_are_read_but_at_least_32_and_at_most_512_at_once() {
    for (in_flight, asked) in [(1, 32), (8, 32), (9, 36), (16, 64), (128, 512), (1_000, 512)] {
        let mut run = unread(2_000, in_flight);
        run.reads_rows = false;
        run.go();
        assert_eq!(run.rows_asked, [asked], "{in_flight} calls");
    }
}

#[test]
fn rows_are_not_asked_for_again_before_they_came() {
    let mut run = unread(100, 1);
    run.reads_rows = false;
    run.go();
    run.at(1_000);
    assert_eq!(run.rows_asked, [32]);
}

#[test]
fn more_rows_are_asked_for_when_half_of_the_room_is_free() {
    let mut run = unread(100, 1);
    run.go();
    assert_eq!(run.rows_asked, [32]);
    for position in 0..15 {
        run.answer(&format!("put {position}"), made("n"));
    }
    assert_eq!(run.rows_asked, [32]);
    run.answer("put 15", made("n"));
    assert_eq!(run.rows_asked, [32, 16]);
}

#[test]
fn no_rows_are_asked_for_when_there_are_no_more() {
    let mut run = unread(2, 1);
    run.go();
    run.answer_all(&made("n"));
    assert_eq!((run.rows_asked.as_slice(), run.done), (&[32][..], true));
}

#[test]
fn a_run_without_rows_finishes_at_once() {
    let run = RunBench::new(PUT, 0);
    assert!(run.done && matches!(run.closed(), Some(Fact::Finished)));
}

#[test]
fn an_invalid_row_fails_without_a_call_and_counts() {
    let mut invalid = row(0);
    invalid.invalid = Some("`name` is blank".to_owned());
    let mut run = RunBench::of_rows(plan(PUT), vec![(invalid, vec![]), (row(1), vec![])], |_| ());
    assert_eq!(run.under_way(), ["put 1"]);
    let [Fact::RowEnded(ended)] = run.facts(StepScope::Row(0))[..] else {
        panic!("{:?}", run.facts(StepScope::Row(0)))
    };
    assert_eq!(
        (ended.outcome, ended.code.as_deref(), ended.message.as_deref()),
        (RowOutcome::Failed, Some("invalid"), Some("`name` is blank"))
    );
    run.answer("put 1", made("n"));
    assert_eq!(run.progress().rows.of(RowOutcome::Failed), 1);
}

#[test]
fn the_run_ends_when_its_last_row_has() {
    let mut run = RunBench::new(PUT, 2);
    run.answer("put 1", code("no"));
    assert!(!run.done);
    run.answer("put 0", made("n"));
    assert!(run.done && matches!(run.closed(), Some(Fact::Finished)));
    assert_eq!(run.ends().into_values().collect::<Vec<_>>(), [RowOutcome::Succeeded, RowOutcome::Failed]);
}
