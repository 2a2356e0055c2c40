//! Numbers events, puts them into the queue, and counts those that find it full.

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

/// The most lines that wait to be written.
pub(super) const QUEUE: usize = 8_192;

/// Time between two tries to put the last line into a full queue.
const RETRY_EVERY: Duration = Duration::from_millis(2);

/// How long slow writing is tolerated.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Time until a failed write is tried again.
    pub again: Duration,
    /// Time for the lines that still wait when the log is closed.
    pub at_the_end: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { again: Duration::from_secs(1), at_the_end: Duration::from_secs(5) }
    }
}

/// Writes events to a file without ever blocking the caller.
pub struct EventLog {
    inner: Mutex<Inner>,
    patience: Patience,
    over: Arc<AtomicBool>,
}

struct Inner {
    seq: u64,
    /// Events that found the queue full since the last one that did not.
    left_out: u64,
    last_at: Time,
    queue: Option<SyncSender<Vec<u8>>>,
    ended: Receiver<u64>,
}

impl EventLog {
    /// Starts a log that writes to `target`. `trouble` is called with the first error of a write.
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
        // If the thread cannot be started, the queue is closed and every event counts as left out.
        let _ = thread::Builder::new().name("events".to_owned()).spawn(move || {
            let _ = tell.send(writing.run());
        });
        let inner = Inner { seq: 0, left_out: 0, last_at: Time::default(), queue: Some(queue), ended };
        Self { inner: Mutex::new(inner), patience, over }
    }

    /// Adds an event of a run; never waits.
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

    /// Writes the lines that still wait. Returns the number of missing events that the file does not mention.
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
            // The reader of a pipe does not read; it is not known how many lines got through.
            Err(RecvTimeoutError::Timeout) => missing + seq.min(QUEUE as u64).max(1),
            Err(RecvTimeoutError::Disconnected) => missing + seq,
        }
    }

    /// Tries to queue the last line within the time for it; true if that worked.
    fn finds_room(&self, queue: &SyncSender<Vec<u8>>, mut line: Vec<u8>) -> bool {
        let began = Instant::now();
        loop {
            match queue.try_send(line) {
                Ok(()) => return true,
                Err(TrySendError::Full(back)) if began.elapsed() < self.patience.at_the_end => line = back,
                Err(_) => return false,
            }
            thread::sleep(RETRY_EVERY);
        }
    }
}

impl Inner {
    /// Queues a line; false if the queue is full. Its number is used either way, so that a gap shows.
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
        // Serializing an event cannot fail.
        let line = serde_json::to_string(&event).unwrap_or_default();
        let mut line = harmless_json(&line).into_owned();
        line.push('\n');
        line.into_bytes()
    }
}
