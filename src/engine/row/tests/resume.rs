//! A row goes on from its journal as it would have gone on without a crash, wherever the process ended.

use std::time::Duration;

use super::answers::{GET, MAKE, PUT};
use super::row_bench::{RowBench, words};
use crate::engine::CallResult;
use crate::engine::fixtures::{answer_with, code, done, made, no_answer, not_sent, states, throttled};
use crate::engine::row::row_machine::NextMove;
use crate::journal::Fact;
use crate::model::{RowOutcome, StepOutcome};
use crate::policy::WaitReason;

const SIGN: &str = "steps:\n  - { id: sign, uses: probe.sign, with: { id: '{{ row.id }}' } }\n";

/// Plays answers to the row's end.
fn play(steps: &str, answers: &[CallResult]) -> RowBench {
    let mut bench = RowBench::new(steps);
    go_on(&mut bench, answers);
    bench
}

/// Goes on with the answers that the journal does not hold yet.
fn go_on(bench: &mut RowBench, answers: &[CallResult]) {
    let had = bench.journal.iter().filter(|(_, fact)| matches!(fact, Fact::Attempted(_))).count();
    for answer in &answers[had..] {
        bench.call(answer.clone());
    }
    bench.end();
}

/// Rows whose calls succeed, fail, are sent again, looked up, repeated and taken back.
fn runs() -> Vec<(String, Vec<CallResult>)> {
    let each = "steps:\n  - { id: one, uses: probe.put, for_each: '{{ row.tags }}', with: { name: '{{ item }}' } }\n  \
        - { id: two, uses: probe.put, when: '{{ not row.go }}', with: { name: x } }\n  \
        - { id: three, uses: probe.put, with: { name: '{{ steps.one.outputs.num }}' }, expect: '{{ eq steps.three.outputs.num \"n4\" }}' }\n";
    let back = "steps:\n  - { id: one, uses: probe.make, with: { name: x }, rollback: { uses: probe.unmake, with: { num: '{{ steps.one.outputs.num }}' } } }\n  \
        - { id: two, uses: probe.put, with: { name: x } }\n";
    let until = "steps:\n  - { id: get, uses: probe.get, with: { id: x }, until: { is: '{{ eq steps.get.outputs.state \"open\" }}', every: 10s, within: 60s } }\n";
    let warned = answer_with(200, "{\"ok\": false, \"code\": \"warned\", \"num\": \"n2\"}", &[]);
    let state = |state: &str| done(&format!("\"state\": \"{state}\""));
    vec![
        (MAKE.to_owned(), vec![made("n1")]),
        (MAKE.to_owned(), vec![throttled(10), code("busy"), not_sent(), made("n1")]),
        (MAKE.to_owned(), vec![code("no")]),
        (MAKE.to_owned(), vec![no_answer()]),
        (PUT.to_owned(), vec![no_answer(), code("unsure"), code("old_token"), made("n1")]),
        (GET.to_owned(), vec![no_answer(), done("")]),
        (SIGN.to_owned(), vec![no_answer(), states(&[]), states(&[("a0", "open")]), made("n1")]),
        (SIGN.to_owned(), vec![no_answer(), no_answer(), states(&[("a0", "signed")])]),
        (SIGN.to_owned(), vec![no_answer(), states(&[]), states(&[]), states(&[]), states(&[])]),
        (each.to_owned(), vec![made("n1"), made("n2"), made("n4")]),
        (each.to_owned(), vec![made("n1"), warned, made("n5")]),
        (each.to_owned(), vec![made("n1"), code("no")]),
        (back.to_owned(), vec![made("n1"), code("no"), no_answer(), made("n1")]),
        (back.to_owned(), vec![made("n1"), code("no"), code("no")]),
        (until.to_owned(), vec![state("new"), code("busy"), state("new"), state("open")]),
    ]
}

#[test]
fn a_row_resumed_from_any_prefix_of_its_journal_writes_the_rest_of_it() {
    for (steps, answers) in runs() {
        let whole = play(&steps, &answers);
        let story = whole.story();
        for facts in 0..=whole.journal.len() {
            // A prefix that ends with an intent is another matter: nobody knows whether the call went out.
            if facts > 0 && matches!(whole.journal[facts - 1].1, Fact::Intent(_)) {
                continue;
            }
            let mut resumed = whole.resume_from(facts);
            go_on(&mut resumed, &answers);
            assert_eq!(resumed.story(), story, "from fact {facts} of {steps}");
            let ends = [&whole, &resumed].map(|bench| bench.machine.state().ended.clone());
            assert_eq!(ends[0], ends[1], "from fact {facts} of {steps}");
        }
    }
}

#[test]
fn a_row_resumed_from_any_prefix_waits_as_long_as_it_would_have() {
    for (steps, answers) in runs() {
        let mut live = RowBench::new(&steps);
        for answer in answers {
            live.call(answer.clone());
            let mut resumed = live.resume();
            let waits = [&mut live, &mut resumed].map(|bench| match bench.next() {
                NextMove::Wait(until) => Some(until.since(bench.now)),
                NextMove::Send(_) | NextMove::Ended => None,
            });
            // The journal keeps neither how long the vendor asked to wait nor how long the lookup of a call was waited
            // for, and a polled read that was refused waits as after a poll.
            let asked = matches!(&answer, CallResult::Answered(response) if response.header("retry-after").is_some());
            let polled = live.machine.state().steps[0].calls[0].polls > 0;
            if !asked && !polled && !live.last_attempt().end.is_of_a_lookup() {
                assert_eq!(waits[0], waits[1], "after {answer:?} of {steps}");
            }
        }
    }
}

/// A row whose process ended right after the intent of its first call.
fn interrupted(steps: &str) -> RowBench {
    let mut bench = RowBench::new(steps);
    bench.send();
    bench.resume()
}

#[test]
fn a_call_whose_answer_was_lost_in_a_crash_is_unknown_where_it_must_not_be_repeated() {
    let mut bench = interrupted(MAKE);
    let end = bench.end();
    assert_eq!((end.outcome, end.code.as_deref()), (RowOutcome::Unknown, Some("interrupted")));
    assert_eq!(bench.story()[1], "attempt 0 Lost interrupted > unknown");
}

#[test]
fn a_call_whose_answer_was_lost_in_a_crash_is_sent_again_where_it_may_be() {
    let mut bench = interrupted(PUT);
    let outgoing = bench.send_in_time();
    assert_eq!((outgoing.operation.full_name(), outgoing.lookup), ("probe.put", false));
    assert_eq!(bench.story(), ["intent 0 #1", "attempt 0 Lost interrupted > open", "intent 0 #2"]);
}

#[test]
fn a_call_whose_answer_was_lost_in_a_crash_is_looked_up_where_a_read_can_tell() {
    let mut bench = interrupted(SIGN);
    assert_eq!(bench.wait(), Duration::from_secs(5), "the lookup waits until it can be trusted");
    assert!(bench.send().lookup);
    assert_eq!(bench.story(), ["intent 0 #1", "attempt 0 Lost interrupted > look up"]);
}

#[test]
fn crash_after_crash_uses_up_the_attempts_of_a_call() {
    let mut bench =
        RowBench::new("steps:\n  - { id: put, uses: probe.put, with: { name: x }, retry: { attempts: 2 } }\n");
    bench.send();
    let mut bench = bench.resume();
    bench.send_in_time();
    let mut bench = bench.resume();
    assert_eq!(bench.end().outcome, RowOutcome::Unknown);
    assert_eq!(bench.last_attempt().outcome, Some(StepOutcome::Unknown));
}

#[test]
fn a_row_that_ended_stays_ended() {
    for (steps, answers) in runs() {
        let whole = play(&steps, &answers);
        let mut resumed = whole.resume();
        assert!(matches!(resumed.next(), NextMove::Ended) && !resumed.machine.has_facts());
        assert_eq!(resumed.journal.len(), whole.journal.len());
    }
}

#[test]
fn facts_are_drained_once() {
    let mut bench = RowBench::new(MAKE);
    let outgoing = bench.send();
    bench.answer(&outgoing, made("n1"));
    assert!(!bench.machine.has_facts(), "the bench has taken them");
    assert!(bench.machine.take_facts().is_empty());
    assert_eq!(bench.journal.iter().map(|(_, fact)| words(fact)).next().as_deref(), Some("intent 0 #1"));
}

#[test]
fn a_resumed_row_asks_again_after_the_time_between_polls() {
    let steps = "steps:\n  - { id: get, uses: probe.get, with: { id: x }, until: { is: '{{ eq steps.get.outputs.state \"open\" }}', every: 10s, within: 60s }, retry: { delay: 1ms } }\n";
    let mut bench = RowBench::new(steps);
    bench.call(done("\"state\": \"new\""));
    let mut resumed = bench.resume();
    assert_eq!(resumed.machine.wait_reason(), WaitReason::Until);
    assert_eq!(resumed.wait(), Duration::from_secs(10));
    resumed.call(no_answer());
    let mut again = resumed.resume();
    assert!(again.wait() < Duration::from_secs(10), "a send without an answer is repeated after the back-off");
}
