//! Writes entries on a thread of its own: all that wait go into one transaction and one sync. A rehearsal writes on the
//! calling thread.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::reserve::Reserve;
use super::store::Store;
use crate::io::crash_point;
use crate::io::journal::format::JournalError;
use crate::io::journal::guards::SYNC_EVERY;
use crate::journal::JournalEntry;

/// How long a failing journal is tried again after the last entry was handed over.
const LAST_TRIES_FOR: Duration = Duration::from_secs(10);

/// Time between two tries of a failing journal.
const RETRY_EVERY: Duration = Duration::from_millis(200);

/// What the writer reports: every entry up to this number is on the disk, or the journal refused an entry and is tried
/// again for a while.
pub type WriteResult = Result<u64, JournalError>;

/// Takes entries and writes them in order.
pub struct Writer {
    mode: WriterMode,
}

enum WriterMode {
    /// A thread of its own writes.
    Thread { queue: mpsc::Sender<Vec<JournalEntry>>, thread: JoinHandle<WriterThread> },
    /// The calling thread writes.
    Inline { store: Box<Store>, report: Box<dyn Fn(WriteResult)> },
}

/// What the writing thread works with.
struct WriterThread {
    store: Store,
    /// Room for entries that the journal refuses; `None` once it was used.
    reserve: Option<Reserve>,
    report: Box<dyn Fn(WriteResult) + Send>,
}

impl Writer {
    /// Starts the writing thread. `report` is called after each sync, and with the error when the journal refuses an
    /// entry. Entries may still be appended then: the journal is tried again with all that it has not taken, until
    /// [`Writer::finish`] and for a while after that. What it still refuses is kept in `reserve`.
    #[must_use]
    pub fn start(store: Store, reserve: Reserve, report: impl Fn(WriteResult) + Send + 'static) -> Self {
        let (queue, waiting) = mpsc::channel();
        let mut writing = WriterThread { store, reserve: Some(reserve), report: Box::new(report) };
        let thread = std::thread::spawn(move || {
            writing.write_all(&waiting);
            writing
        });
        Self { mode: WriterMode::Thread { queue, thread } }
    }

    /// Writes on the calling thread before [`Writer::append`] returns, so that a rehearsal is the same every time.
    #[must_use]
    pub fn inline(store: Store, report: impl Fn(WriteResult) + 'static) -> Self {
        Self { mode: WriterMode::Inline { store: Box::new(store), report: Box::new(report) } }
    }

    /// Hands entries over to be written; the result comes through `report`.
    pub fn append(&mut self, entries: Vec<JournalEntry>) {
        match &mut self.mode {
            // A thread that is gone has reported its error already.
            WriterMode::Thread { queue, .. } => drop(queue.send(entries)),
            WriterMode::Inline { store, report } => {
                if let Some(last) = entries.last().map(|entry| entry.seq) {
                    report(store.append(&entries).map(|()| last));
                }
            }
        }
    }

    /// Writes what is still waiting, closes the journal and removes the reserve beside it.
    ///
    /// # Errors
    /// [`JournalError`] if the journal cannot be closed.
    pub fn finish(self) -> Result<(), JournalError> {
        match self.mode {
            WriterMode::Inline { store, .. } => store.close(),
            WriterMode::Thread { queue, thread } => {
                drop(queue);
                let WriterThread { store, reserve, .. } = joined(thread)?;
                store.close()?;
                reserve.into_iter().for_each(Reserve::remove);
                Ok(())
            }
        }
    }

    /// Writes what is still waiting, or keeps it beside the journal, after an error was reported.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] if the writing thread panicked.
    pub fn break_off(self) -> Result<(), JournalError> {
        match self.mode {
            WriterMode::Inline { .. } => Ok(()),
            WriterMode::Thread { queue, thread } => {
                drop(queue);
                joined(thread).map(drop)
            }
        }
    }
}

fn joined(thread: JoinHandle<WriterThread>) -> Result<WriterThread, JournalError> {
    thread.join().map_err(|_| JournalError::Damaged("the writing thread broke off".to_owned()))
}

impl WriterThread {
    fn write_all(&mut self, waiting: &mpsc::Receiver<Vec<JournalEntry>>) {
        while let Some(mut batch) = next(&mut self.store, waiting) {
            batch.extend(waiting.try_iter().flatten());
            let Some(last) = batch.last().map(|entry| entry.seq) else { continue };
            crash_point();
            match self.store.append(&batch) {
                Ok(()) => {
                    crash_point();
                    (self.report)(Ok(last));
                }
                Err(error) => self.retry_until_written(batch, error, waiting),
            }
        }
    }

    /// Tries again until the journal has taken everything, or until no more entries come and the time is up.
    fn retry_until_written(
        &mut self,
        mut batch: Vec<JournalEntry>,
        error: JournalError,
        waiting: &mpsc::Receiver<Vec<JournalEntry>>,
    ) {
        // One try of many need not wait long for a lock.
        let _ = self.store.use_short_lock_waits();
        let mut last = batch.last().map_or(0, |entry| entry.seq);
        let mut hopeless = error.is_damage();
        (self.report)(Err(error));
        let (began, mut closed) = (Instant::now(), false);
        loop {
            match waiting.recv_timeout(RETRY_EVERY) {
                Ok(more) => batch.extend(more),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) if closed => std::thread::sleep(RETRY_EVERY),
                Err(RecvTimeoutError::Disconnected) => closed = true,
            }
            batch.extend(waiting.try_iter().flatten());
            last = batch.last().map_or(last, |entry| entry.seq);
            match self.store.append_again(&mut batch) {
                Ok(()) => return (self.report)(Ok(last)),
                Err(error) => hopeless |= error.is_damage(),
            }
            // A folder that was moved still takes entries; none are left then.
            if closed && (batch.is_empty() || hopeless || began.elapsed() >= LAST_TRIES_FOR) {
                return self.keep(&batch);
            }
        }
    }

    /// Keeps beside the journal what it refuses. If that fails as well, the entries are lost as in a crash.
    fn keep(&mut self, batch: &[JournalEntry]) {
        let Some(reserve) = self.reserve.take().filter(|_| !batch.is_empty()) else { return };
        if let Err(error) = reserve.keep(batch) {
            tracing::warn!("what the journal did not take could not be kept beside it: {error}");
        }
    }
}

/// The next entries. While none come, the watermark of those written is synced.
fn next(store: &mut Store, waiting: &mpsc::Receiver<Vec<JournalEntry>>) -> Option<Vec<JournalEntry>> {
    if store.watermark_is_unsynced() {
        match waiting.recv_timeout(SYNC_EVERY) {
            Ok(batch) => return Some(batch),
            Err(RecvTimeoutError::Disconnected) => return None,
            // If the sync fails, the next entry reports it.
            Err(RecvTimeoutError::Timeout) => drop(store.sync_watermark()),
        }
    }
    waiting.recv().ok()
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::journal::Fact;
    use crate::model::{StepScope, Time};

    fn entry(seq: u64) -> JournalEntry {
        JournalEntry { seq, at: Time::from_secs(1), scope: StepScope::Row(seq), facts: vec![Fact::RollbackStarted] }
    }

    #[test]
    fn a_journal_that_is_no_longer_locked_gets_every_entry_that_waited() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.sqlite");
        let store = Store::create(&path).unwrap();
        store.use_short_lock_waits().unwrap();
        let reserve = Reserve::set_aside(&path, 16).unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let (report, reported) = mpsc::channel();
        let mut writer =
            Writer::start(store, reserve, move |result| report.send(result.is_ok().then_some(())).unwrap());
        writer.append(vec![entry(1)]);
        assert_eq!(reported.recv().unwrap(), None, "the error is reported once");
        writer.append(vec![entry(2), entry(3)]);
        other.execute_batch("ROLLBACK").unwrap();
        assert_eq!(reported.recv().unwrap(), Some(()));
        writer.append(vec![entry(4)]);
        writer.finish().unwrap();
        let mut store = Store::open(&path).unwrap();
        assert_eq!(store.next_seq().unwrap(), 5);
        assert!(!path.with_extension("rest").exists(), "the reserve is removed");
        // Entries that are there already are not written twice.
        let mut again = vec![entry(3), entry(4), entry(5)];
        store.append_again(&mut again).unwrap();
        assert_eq!((again.len(), store.next_seq().unwrap()), (1, 6));
    }
}
