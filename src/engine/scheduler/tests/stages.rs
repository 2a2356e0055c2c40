//! Steps before the rows, the rows, steps after them, and the end.

use super::run_bench::{PUT, RunBench};
use crate::engine::fixtures::{code, made};
use crate::journal::Fact;
use crate::model::StepScope;
use crate::policy::StopReason;

fn all() -> String {
    format!(
        "before: [{{ id: zero, uses: probe.make, with: {{ name: x }} }}]\n\
         after: [{{ id: last, uses: probe.put, with: {{ name: '{{{{ run.counts.succeeded }}}} of {{{{ run.counts.total }}}}' }} }}]\n{}",
        PUT.replace("{{ row.name }}", "{{ row.name }} {{ steps.zero.outputs.num }}")
    )
}

#[test]
fn the_rows_begin_when_the_steps_before_them_have_succeeded() {
    let mut run = RunBench::new(&all(), 2);
    assert_eq!((run.under_way(), run.rows_asked.len()), (vec!["make before".to_owned()], 0));
    run.answer("make before", made("n7"));
    assert_eq!(run.under_way(), ["put 0", "put 1"]);
}

fn body(run: &mut RunBench, name: &str) -> String {
    let order = run.order(name);
    let body = format!("{:?}", order.prepared);
    run.engine.on_result(order.ticket, made("n"), run.now);
    run.go();
    body
}

#[test]
fn rows_see_the_outputs_of_the_steps_before_them() {
    let mut run = RunBench::new(&all(), 1);
    run.answer("make before", made("n7"));
    let sent = body(&mut run, "put 0");
    assert!(sent.contains("Ann 0 n7"), "{sent}");
}

#[test]
fn the_steps_after_the_rows_begin_when_all_rows_have_ended_and_see_the_counts() {
    let mut run = RunBench::new(&all(), 2);
    run.answer("make before", made("n7"));
    run.answer("put 0", code("no"));
    assert_eq!(run.under_way(), ["put 1"]);
    run.answer("put 1", made("n"));
    assert_eq!((run.under_way(), run.done), (vec!["put after".to_owned()], false));
    let sent = body(&mut run, "put after");
    assert!(sent.contains("1 of 2"), "{sent}");
    assert!(run.done && matches!(run.closed(), Some(Fact::Finished)));
}

#[test]
fn a_step_before_the_rows_that_fails_stops_the_run() {
    let mut run = RunBench::new(&all(), 2);
    run.answer("make before", code("no"));
    assert_eq!(run.engine.stop_reason(), Some(&StopReason::Before { step: "zero".to_owned() }));
    assert!(run.done && run.rows_asked.is_empty());
}

#[test]
fn the_steps_after_the_rows_are_not_begun_where_the_run_stops() {
    let mut run = RunBench::new(&all(), 1);
    run.answer("make before", made("n7"));
    run.interrupt();
    run.answer("put 0", made("n"));
    assert!(run.done && run.facts(StepScope::After).is_empty());
}

#[test]
fn a_run_says_first_that_it_began_and_last_how_it_ended() {
    let mut run = RunBench::new(PUT, 1);
    run.answer("put 0", made("n"));
    assert!(matches!(run.facts(StepScope::Run)[..], [Fact::Began { process: 1, .. }, Fact::Finished]));
    let seqs: Vec<u64> = run.journal.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, (1..=seqs.len() as u64).collect::<Vec<_>>());
}

#[test]
fn steps_that_run_once_are_not_made_again_by_a_run_that_goes_on() {
    let mut run = RunBench::new(&all(), 2);
    run.answer("make before", made("n7"));
    run.answer("put 0", made("n"));
    let mut resumed = run.resume(|_| ());
    resumed.at(60_000);
    assert_eq!(resumed.under_way(), ["put 1"]);
    let sent = body(&mut resumed, "put 1");
    assert!(sent.contains("Ann 1 n7"), "{sent}");
    let sent = body(&mut resumed, "put after");
    assert!(sent.contains("2 of 2"), "{sent}");
}

#[test]
fn a_step_after_the_rows_that_is_done_is_not_made_again() {
    let mut run = RunBench::new(&all(), 1);
    run.answer("make before", made("n7"));
    run.answer("put 0", made("n"));
    run.answer("put after", made("n"));
    let mut resumed = run.resume(|_| ());
    resumed.go();
    assert!(resumed.done && resumed.under_way().is_empty());
}
