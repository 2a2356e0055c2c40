//! The log under slow, full and closed targets: nothing waits, nothing grows, nothing is missing silently.

use std::io::{self, ErrorKind, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::log::QUEUE;
use super::{EventLog, Patience, open_target};
use crate::model::{RunId, Time, Value};
use crate::report::EventKind;

const SHORT: Patience = Patience { again: Duration::ZERO, at_the_end: Duration::from_secs(20) };

/// What each write does, given the number of bytes: writes some of them, or fails.
type Script = Box<dyn FnMut(usize) -> io::Result<usize> + Send>;

struct Target {
    script: Script,
    held: Arc<Mutex<Vec<u8>>>,
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = (self.script)(bytes.len())?;
        self.held.lock().unwrap().extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Log {
    log: EventLog,
    held: Arc<Mutex<Vec<u8>>>,
    troubles: Receiver<String>,
}

impl Log {
    fn new(script: impl FnMut(usize) -> io::Result<usize> + Send + 'static) -> Self {
        Self::patient(SHORT, script)
    }

    fn patient(patience: Patience, script: impl FnMut(usize) -> io::Result<usize> + Send + 'static) -> Self {
        let held = Arc::new(Mutex::new(Vec::new()));
        let target = Target { script: Box::new(script), held: Arc::clone(&held) };
        let (tell, troubles) = channel();
        let trouble = move |error: &io::Error| drop(tell.send(error.to_string()));
        Self { log: EventLog::start(Box::new(target), patience, trouble), held, troubles }
    }

    fn tell(&self, count: usize) {
        for place in 0..count {
            let kind = EventKind::Warning { message: format!("number {place}") };
            self.log.tell(Some(&RunId::from_text("r")), Time::from_secs(1), kind);
        }
    }

    fn lines(&self) -> Vec<Value> {
        let held = self.held.lock().unwrap();
        std::str::from_utf8(&held).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// A target that blocks until the sender sends.
fn gated() -> (Sender<()>, impl FnMut(usize) -> io::Result<usize> + Send) {
    let (open, gate) = channel::<()>();
    let mut is_open = false;
    (open, move |length| {
        is_open = is_open || gate.recv().is_ok();
        Ok(length)
    })
}

#[test]
fn every_event_is_a_line_with_a_number() {
    let log = Log::new(|length| Ok(length.min(7)));
    log.tell(3);
    assert_eq!(log.log.close(), 0);
    let lines = log.lines();
    assert_eq!(lines.len(), 3);
    for (place, line) in (1u64..).zip(&lines) {
        assert_eq!((line["v"].as_u64(), line["seq"].as_u64()), (Some(1), Some(place)));
        assert_eq!((&line["at"], &line["run_id"]), (&"1970-01-01T00:00:01.000Z".into(), &"r".into()));
        assert_eq!((&line["event"], &line["message"]), (&"warning".into(), &format!("number {}", place - 1).into()));
    }
    assert!(log.troubles.try_recv().is_err());
}

#[test]
fn events_that_find_the_queue_full_are_counted_in_the_file() {
    let (open, script) = gated();
    let log = Log::new(script);
    // Nothing is written yet, and still this must return at once.
    log.tell(QUEUE + 5_000);
    open.send(()).unwrap();
    assert_eq!(log.log.close(), 0, "the file itself tells what is missing");
    let lines = log.lines();
    let left_out: u64 = lines.iter().filter_map(|line| line["events"].as_u64()).sum();
    let told = lines.iter().filter(|line| line["event"] == "warning").count() as u64;
    assert!(left_out > 0 && told + left_out == (QUEUE + 5_000) as u64, "{told} + {left_out}");
}

#[test]
fn a_full_disk_is_reported_once_and_writing_goes_on_from_the_failed_byte() {
    let mut times = 0;
    let log = Log::new(move |length| {
        times += 1;
        if times % 3 == 0 { Err(io::Error::from(ErrorKind::StorageFull)) } else { Ok(length.min(11)) }
    });
    log.tell(50);
    assert_eq!(log.log.close(), 0);
    assert_eq!(log.lines().len(), 50, "whole lines, each once");
    assert_eq!(log.troubles.iter().count(), 1);
}

#[test]
fn a_disk_that_stays_full_ends_with_a_count() {
    let log = Log::new(|_| Err(io::Error::from(ErrorKind::StorageFull)));
    log.tell(50);
    assert_eq!(log.log.close(), 50);
    assert_eq!(log.troubles.iter().count(), 1);
    assert_eq!(log.log.close(), 0, "told once");
}

#[test]
fn a_closed_pipe_is_reported_once_and_later_events_are_counted() {
    let mut taken = false;
    let log = Log::new(move |length| {
        if std::mem::replace(&mut taken, true) { Err(io::Error::from(ErrorKind::BrokenPipe)) } else { Ok(length) }
    });
    log.tell(1);
    while log.held.lock().unwrap().is_empty() {
        std::thread::yield_now();
    }
    log.tell(9);
    assert_eq!(log.log.close(), 9);
    assert_eq!(log.troubles.iter().count(), 1);
}

#[test]
fn closing_does_not_wait_for_ever_for_a_reader() {
    let (open, script) = gated();
    let log = Log::patient(Patience { at_the_end: Duration::ZERO, ..SHORT }, script);
    log.tell(4);
    assert!(log.log.close() >= 4);
    drop(open);
}

#[test]
fn a_file_is_appended_to_and_an_unfinished_line_of_ours_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.jsonl");
    let line = b"{\"v\":1,\"seq\":1}\n";
    for (before, after) in [
        (&b""[..], &b""[..]),
        (b"{\"v\":1}\n", b"{\"v\":1}\n"),
        (b"{\"v\":1}\n{\"v\":1,\"se", b"{\"v\":1}\n"),
        (b"{\"v\":1,\"se", b""),
        (b"{", b""),
        (b"somebody's notes", b"somebody's notes\n"),
    ] {
        std::fs::write(&path, before).unwrap();
        open_target(&path).unwrap().write_all(line).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), [after, line].concat());
    }
    assert!(open_target(&folder.path().join("none/events.jsonl")).is_err());
    assert!(open_target(folder.path()).is_err());
}
