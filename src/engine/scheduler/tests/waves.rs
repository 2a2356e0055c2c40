//! Waves of rows: the next begins when the one before has ended and passed its gate.

use super::run_bench::{MAKE, PUT, RunBench};
use crate::engine::fixtures::{code, made, no_answer, plan};
use crate::model::{RowOutcome, Share};
use crate::playbook::{WaveSize, Waves};
use crate::policy::{FailureSignature, StopReason, WaveProgress, WaveRowEnd};

fn progress(sizes: &[u64], gate: &str, rows: u64, new_kind: bool) -> WaveProgress {
    let sizes = sizes.iter().map(|size| WaveSize::Rows(*size)).collect();
    let mut progress = WaveProgress::cut(&Waves { sizes, gate: Share::parse(gate).unwrap() }, rows, new_kind);
    (0..rows).for_each(|position| progress.row(position, None));
    progress
}

fn waves(sizes: &[u64], gate: &str, rows: u64, new_kind: bool) -> RunBench {
    let progress = progress(sizes, gate, rows, new_kind);
    RunBench::with(plan(PUT), rows, |setup| setup.waves = Some(progress))
}

#[test]
fn only_the_rows_of_the_wave_are_begun() {
    let mut run = waves(&[2], "100%", 5, false);
    assert_eq!((run.under_way(), run.rows_asked.as_slice()), (vec!["put 0".to_owned(), "put 1".to_owned()], &[2][..]));
    assert_eq!(run.progress().wave, Some((1, 2)));
    run.answer("put 0", made("n"));
    assert_eq!(run.under_way(), ["put 1"]);
}

#[test]
fn the_next_wave_begins_when_all_rows_of_the_first_have_passed() {
    let mut run = waves(&[2], "100%", 5, false);
    run.answer("put 1", made("n"));
    run.answer("put 0", made("n"));
    assert_eq!(run.under_way(), ["put 2", "put 3", "put 4"]);
    assert_eq!(run.progress().wave, Some((2, 2)));
    run.answer_all(&made("n"));
    assert!(run.done && run.stopped().is_none());
}

#[test]
fn a_missed_gate_stops_the_run_before_the_next_wave() {
    let mut run = waves(&[2], "100%", 5, false);
    run.answer("put 0", code("no"));
    assert_eq!(run.under_way(), ["put 1"]);
    run.answer("put 1", made("n"));
    let Some(StopReason::Gate { wave: 1, waves: 2, succeeded: 1, rows: 2, upto: 1, .. }) = run.engine.stop_reason()
    else {
        panic!("{:?}", run.engine.stop_reason());
    };
    assert!(run.done && run.under_way().is_empty());
}

#[test]
fn a_gate_lets_as_many_failures_through_as_it_says() {
    let mut run = waves(&[2], "50%", 4, false);
    run.answer("put 0", code("no"));
    run.answer("put 1", made("n"));
    assert_eq!(run.under_way(), ["put 2", "put 3"]);
}

#[test]
fn the_last_wave_has_no_gate() {
    let mut run = waves(&[1], "100%", 2, false);
    run.answer("put 0", made("n"));
    run.answer("put 1", code("no"));
    assert!(run.done && run.stopped().is_none());
}

#[test]
fn a_kind_of_failure_that_the_first_wave_did_not_show_stops_the_run() {
    let progress = progress(&[2], "50%", 4, true);
    let mut run = RunBench::with(plan(MAKE), 4, |setup| setup.waves = Some(progress));
    run.answer("make 0", code("no"));
    run.answer("make 1", made("n"));
    run.answer("make 2", code("no"));
    assert_eq!(run.stopped(), None);
    run.answer("make 3", no_answer());
    assert_eq!(run.stopped(), Some("new_kind"));
}

#[test]
fn new_kinds_are_let_through_where_the_rule_is_not_asked_for() {
    let mut run = waves(&[1], "50%", 2, false);
    run.answer("put 0", made("n"));
    run.answer("put 1", code("no"));
    assert_eq!(run.stopped(), None);
}

#[test]
fn a_new_kind_that_an_earlier_process_met_stops_the_run_before_anything_is_sent() {
    let mut progress = progress(&[1], "100%", 0, true);
    let mut cut =
        WaveProgress::cut(&Waves { sizes: vec![WaveSize::Rows(1)], gate: Share::parse("100%").unwrap() }, 3, true);
    let kind = FailureSignature { step: Some("one".to_owned()), code: Some("no".to_owned()) };
    let failed = WaveRowEnd { outcome: RowOutcome::Failed, refused: false, kind: kind.clone() };
    let good = WaveRowEnd { outcome: RowOutcome::Succeeded, refused: false, kind };
    let at = crate::engine::fixtures::START;
    cut.row(0, Some((&good, at)));
    cut.row(1, Some((&failed, at)));
    cut.row(2, None);
    std::mem::swap(&mut progress, &mut cut);
    let run = RunBench::with(plan(PUT), 1, |setup| setup.waves = Some(progress));
    assert_eq!((run.stopped(), run.done, run.under_way().len()), (Some("new_kind"), true, 0));
}

#[test]
fn a_wave_is_limited_by_the_calls_under_way_too() {
    let progress = progress(&[50], "100%", 60, false);
    let run = RunBench::with(plan(PUT), 60, |setup| {
        setup.waves = Some(progress);
        setup.limits.in_flight = Some(1);
    });
    assert_eq!(run.rows_asked, [32]);
}
