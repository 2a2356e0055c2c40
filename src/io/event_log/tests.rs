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

/// What each write does: takes so many bytes, or fails.
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

struct Scene {
    log: EventLog,
    held: Arc<Mutex<Vec<u8>>>,
    troubles: Receiver<String>,
}

impl Scene {
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

/// A target that takes nothing before it is told to.
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
    let scene = Scene::new(|length| Ok(length.min(7)));
    scene.tell(3);
    assert_eq!(scene.log.close(), 0);
    let lines = scene.lines();
    assert_eq!(lines.len(), 3);
    for (place, line) in (1u64..).zip(&lines) {
        assert_eq!((line["v"].as_u64(), line["seq"].as_u64()), (Some(1), Some(place)));
        assert_eq!((&line["at"], &line["run_id"]), (&"1970-01-01T00:00:01.000Z".into(), &"r".into()));
        assert_eq!((&line["event"], &line["message"]), (&"warning".into(), &format!("number {}", place - 1).into()));
    }
    assert!(scene.troubles.try_recv().is_err());
}

#[test]
fn what_finds_no_place_is_counted_and_told_of_in_the_file() {
    let (open, script) = gated();
    let scene = Scene::new(script);
    // Nobody waits here, though nothing is written: this returns at once, or never.
    scene.tell(QUEUE + 5_000);
    open.send(()).unwrap();
    assert_eq!(scene.log.close(), 0, "the file itself tells what is missing");
    let lines = scene.lines();
    let left_out: u64 = lines.iter().filter_map(|line| line["events"].as_u64()).sum();
    let told = lines.iter().filter(|line| line["event"] == "warning").count() as u64;
    assert!(left_out > 0 && told + left_out == (QUEUE + 5_000) as u64, "{told} + {left_out}");
}

#[test]
fn a_full_disk_is_told_of_once_and_written_to_again_from_where_it_was() {
    let mut times = 0;
    let scene = Scene::new(move |length| {
        times += 1;
        if times % 3 == 0 { Err(io::Error::from(ErrorKind::StorageFull)) } else { Ok(length.min(11)) }
    });
    scene.tell(50);
    assert_eq!(scene.log.close(), 0);
    assert_eq!(scene.lines().len(), 50, "whole lines, each once");
    assert_eq!(scene.troubles.iter().count(), 1);
}

#[test]
fn a_disk_that_stays_full_ends_with_a_count() {
    let scene = Scene::new(|_| Err(io::Error::from(ErrorKind::StorageFull)));
    scene.tell(50);
    assert_eq!(scene.log.close(), 50);
    assert_eq!(scene.troubles.iter().count(), 1);
    assert_eq!(scene.log.close(), 0, "told once");
}

#[test]
fn a_closed_pipe_is_told_of_once_and_what_follows_is_counted() {
    let mut taken = false;
    let scene = Scene::new(move |length| {
        if std::mem::replace(&mut taken, true) { Err(io::Error::from(ErrorKind::BrokenPipe)) } else { Ok(length) }
    });
    scene.tell(1);
    while scene.held.lock().unwrap().is_empty() {
        std::thread::yield_now();
    }
    scene.tell(9);
    assert_eq!(scene.log.close(), 9);
    assert_eq!(scene.troubles.iter().count(), 1);
}

#[test]
fn nobody_is_waited_for_for_ever_at_the_end() {
    let (open, script) = gated();
    let scene = Scene::patient(Patience { at_the_end: Duration::ZERO, ..SHORT }, script);
    scene.tell(4);
    assert!(scene.log.close() >= 4);
    drop(open);
}

#[test]
fn a_file_is_appended_to_and_a_torn_line_of_ours_is_cut_off() {
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
