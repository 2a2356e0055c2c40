//! The log: numbers events, puts them into the queue, counts what finds no place.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::writer_thread::WriterThread;
use crate::diagnostic::harmless_json;
use crate::model::{RunId, Time};
use crate::report::{EVENTS_VERSION, Event, EventKind};

/// Lines that may wait to be written.
pub(super) const QUEUE: usize = 8_192;

/// How often a place for the last line is looked for.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// How long the writing may take its time.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Until a write that failed is tried again.
    pub again: Duration,
    /// For what still waits at the end.
    pub at_the_end: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { again: Duration::from_secs(1), at_the_end: Duration::from_secs(5) }
    }
}

/// Events on their way to a file.
pub struct EventLog {
    inner: Mutex<Inner>,
    patience: Patience,
    over: Arc<AtomicBool>,
}

struct Inner {
    seq: u64,
    /// Events that found no place since the last one that did.
    left_out: u64,
    last_at: Time,
    queue: Option<SyncSender<Vec<u8>>>,
    ended: Receiver<u64>,
}

impl EventLog {
    /// A log that writes to `target`; `trouble` is told once where that fails.
    #[must_use]
    pub fn start(
        target: Box<dyn Write + Send>,
        patience: Patience,
        trouble: impl Fn(&std::io::Error) + Send + 'static,
    ) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let (queue, lines) = mpsc::sync_channel(QUEUE);
        let (tell, ended) = mpsc::channel();
        let writing = WriterThread::new(target, lines, patience.again, Box::new(trouble), Arc::clone(&over));
        // Without a thread the queue is closed, and what is told counts as left out.
        let _ = thread::Builder::new().name("events".to_owned()).spawn(move || {
            let _ = tell.send(writing.run());
        });
        let inner = Inner { seq: 0, left_out: 0, last_at: Time::default(), queue: Some(queue), ended };
        Self { inner: Mutex::new(inner), patience, over }
    }

    /// Tells of an event; never waits.
    pub fn tell(&self, run: Option<&RunId>, at: Time, kind: EventKind) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.last_at = at;
        if inner.left_out > 0 {
            let missing = EventKind::LeftOut { events: inner.left_out };
            if !inner.put(run, at, missing) {
                inner.left_out += 1;
                return;
            }
            inner.left_out = 0;
        }
        if !inner.put(run, at, kind) {
            inner.left_out += 1;
        }
    }

    /// Writes what still waits. Gives how many events are missing that no `left_out` tells of.
    #[must_use]
    pub fn close(&self) -> u64 {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(queue) = inner.queue.take() else { return 0 };
        self.over.store(true, Ordering::Relaxed);
        let mut missing = inner.left_out;
        if missing > 0 {
            let at = inner.last_at;
            let line = inner.line(None, at, EventKind::LeftOut { events: missing });
            if self.finds_room(&queue, line) {
                missing = 0;
            }
        }
        let seq = inner.seq;
        drop(queue);
        match inner.ended.recv_timeout(self.patience.at_the_end) {
            Ok(unwritten) => missing + unwritten,
            // It waits for whoever should read; nobody knows how many lines got through.
            Err(RecvTimeoutError::Timeout) => missing + seq.min(QUEUE as u64).max(1),
            Err(RecvTimeoutError::Disconnected) => missing + seq,
        }
    }

    /// Whether the last line finds a place within the time that is left for it.
    fn finds_room(&self, queue: &SyncSender<Vec<u8>>, mut line: Vec<u8>) -> bool {
        let began = Instant::now();
        loop {
            match queue.try_send(line) {
                Ok(()) => return true,
                Err(TrySendError::Full(back)) if began.elapsed() < self.patience.at_the_end => line = back,
                Err(_) => return false,
            }
            thread::sleep(LOOK_AGAIN);
        }
    }
}

impl Inner {
    /// Whether there was a place for it. A number is used up either way, so that a gap shows.
    fn put(&mut self, run: Option<&RunId>, at: Time, kind: EventKind) -> bool {
        let line = self.line(run, at, kind);
        match self.queue.as_ref().map(|queue| queue.try_send(line)) {
            Some(Ok(())) => true,
            Some(Err(TrySendError::Full(_) | TrySendError::Disconnected(_))) | None => false,
        }
    }

    fn line(&mut self, run: Option<&RunId>, at: Time, kind: EventKind) -> Vec<u8> {
        self.seq += 1;
        let event = Event { v: EVENTS_VERSION, seq: self.seq, at: Event::instant(at), run_id: run.cloned(), kind };
        // Every part of an event has a form in JSON.
        let line = serde_json::to_string(&event).unwrap_or_default();
        let mut line = harmless_json(&line).into_owned();
        line.push('\n');
        line.into_bytes()
    }
}
