//! What steers a run from outside, and what it does when this machine or its journal fails.

use rusqlite::Connection;

use super::acme::{MAKE_EACH, START, TestRun, answer, field};
use crate::journal::Fact;
use crate::model::{SendError, StepScope};
use crate::policy::StopReason;
use crate::runner::{Control, DriveError};

const INTERRUPT: i32 = 2;

fn rows(count: usize) -> String {
    (0..count).fold("num,note\n".to_owned(), |text, row| format!("{text}n-{row},x\n"))
}

fn counts(run: &TestRun) -> Vec<(String, u64)> {
    run.ended()
}

#[test]
fn each_row_is_sent_once_in_the_order_of_the_file() {
    let run = TestRun::new(MAKE_EACH, &rows(3));
    let (ended, sent) = run.go(|_, _, _| answer(0));
    assert_eq!(ended.unwrap(), None);
    let made: Vec<_> = sent[1..].iter().map(|(_, body)| field(body, "num")).collect();
    assert_eq!((field(&sent[0].1, "key"), made), ("parrot-key".into(), vec!["n-0".into(), "n-1".into(), "n-2".into()]));
    assert_eq!(counts(&run), [("succeeded".to_owned(), 3)]);
    assert_eq!(run.facts(StepScope::Run).last(), Some(&Fact::Finished));
}

#[test]
fn a_drained_run_lets_the_call_in_flight_end_and_begins_no_other() {
    let run = TestRun::new(MAKE_EACH, &rows(3));
    let (ended, sent) = run.go(|n, _, orders| {
        if n == 2 {
            orders.send(Control::Drain { signal: INTERRUPT }).unwrap();
        }
        answer(0)
    });
    assert_eq!(ended.unwrap(), Some(StopReason::Interrupted { signal: INTERRUPT }));
    assert_eq!(sent.len(), 2, "the login and the first row");
    assert_eq!(counts(&run), [("succeeded".to_owned(), 1)]);
}

#[test]
fn an_aborted_run_leaves_the_call_in_flight_without_a_result() {
    let run = TestRun::new(MAKE_EACH, &rows(3));
    let (ended, sent) = run.go(|n, _, orders| {
        if n == 2 {
            orders.send(Control::Abort { signal: INTERRUPT }).unwrap();
        }
        answer(0)
    });
    assert_eq!(ended.unwrap(), Some(StopReason::Interrupted { signal: INTERRUPT }));
    assert_eq!((sent.len(), counts(&run)), (2, Vec::new()));
    let facts = run.facts(StepScope::Row(0));
    assert!(matches!(facts.as_slice(), [Fact::Intent(_)]), "{facts:?}");
}

#[test]
fn a_call_without_a_connection_is_tried_again_and_costs_no_attempt() {
    let run = TestRun::new(MAKE_EACH, &rows(1));
    let (ended, sent) = run.go(|n, _, _| match n {
        2..=6 => Err(SendError::Shortage("too many open files".to_owned())),
        _ => answer(0),
    });
    assert_eq!(ended.unwrap(), None);
    assert_eq!((sent.len(), counts(&run)), (7, vec![("succeeded".to_owned(), 1)]));
    let attempts = run.facts(StepScope::Row(0)).iter().filter(|fact| matches!(fact, Fact::Attempted(_))).count();
    assert_eq!(attempts, 1);
}

#[test]
fn a_lack_of_connections_that_does_not_pass_is_given_up_after_a_minute() {
    let run = TestRun::new(MAKE_EACH, &rows(1));
    let (ended, sent) = run.go(|n, _, _| match n {
        2..=602 => Err(SendError::Shortage("too many open files".to_owned())),
        _ => answer(0),
    });
    assert_eq!(ended.unwrap(), None);
    assert_eq!(counts(&run), [("succeeded".to_owned(), 1)], "it counts as not sent, and that is safe to repeat");
    let attempts = run.facts(StepScope::Row(0)).iter().filter(|fact| matches!(fact, Fact::Attempted(_))).count();
    assert_eq!(attempts, 2, "only giving up is an attempt");
    assert!(sent[602].0.since(START).as_secs() >= 60, "{:?}", sent[602].0.since(START));
}

#[test]
fn nothing_is_sent_once_the_journal_cannot_be_written() {
    let run = TestRun::new(MAKE_EACH, &rows(2));
    Connection::open(run.journal()).unwrap().execute_batch("DROP TABLE effects").unwrap();
    let (ended, sent) = run.go(|_, _, _| answer(0));
    assert!(matches!(ended, Err(DriveError::Unwritable(_) | DriveError::Journal(_))), "{ended:?}");
    assert!(sent.iter().all(|(_, body)| !body.contains("num")), "{sent:?}");
}

#[test]
fn a_resumed_run_sends_only_what_has_not_ended() {
    let run = TestRun::new(MAKE_EACH, &rows(3));
    let (_, first) = run.go(|n, _, orders| {
        if n == 2 {
            orders.send(Control::Drain { signal: INTERRUPT }).unwrap();
        }
        answer(0)
    });
    let (ended, second) = run.go(|_, _, _| answer(0));
    assert_eq!(ended.unwrap(), None);
    let made = |sent: &[(crate::model::Time, String)]| -> Vec<String> {
        sent[1..].iter().map(|(_, body)| field(body, "num").as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((made(&first), made(&second)), (vec!["n-0".to_owned()], vec!["n-1".to_owned(), "n-2".to_owned()]));
    assert_eq!(counts(&run), [("succeeded".to_owned(), 3)]);
}

#[test]
fn a_lost_answer_to_a_write_that_must_not_be_repeated_leaves_the_row_unknown() {
    let run = TestRun::new(MAKE_EACH, &rows(2));
    let (ended, sent) = run.go(|n, _, _| match n {
        2 => Err(SendError::NoAnswer("connection closed".to_owned())),
        _ => answer(0),
    });
    assert_eq!(ended.unwrap(), None);
    assert_eq!((sent.len(), counts(&run)), (3, vec![("succeeded".to_owned(), 1), ("unknown".to_owned(), 1)]));
}
