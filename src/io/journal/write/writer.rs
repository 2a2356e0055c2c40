//! The one thread that writes: whatever waits goes into one transaction and one sync. A rehearsal writes on its own.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::reserve::Reserve;
use super::store::Store;
use crate::io::crash_point;
use crate::io::journal::format::JournalError;
use crate::io::journal::guards::SYNC_EVERY;
use crate::journal::Entry;

/// For how long a journal that takes nothing is tried again once nothing more is handed over.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often it is tried.
const AGAIN: Duration = Duration::from_millis(200);

/// What the writer tells: everything up to this entry is on the disk, or the journal took something not and is tried
/// again for a while.
pub type WriteResult = Result<u64, JournalError>;

/// The handle on what writes.
pub struct Writer {
    way: Way,
}

enum Way {
    /// A thread of its own.
    Thread { queue: mpsc::Sender<Vec<Entry>>, thread: JoinHandle<Thread> },
    /// Whoever hands entries over waits.
    Here { store: Store, tell: Box<dyn Fn(WriteResult)> },
}

/// What the thread writes with.
struct Thread {
    store: Store,
    /// Room for what the journal does not take; none once it holds something.
    rest: Option<Reserve>,
    tell: Box<dyn Fn(WriteResult) + Send>,
}

impl Writer {
    /// Starts the thread. `tell` is called after each sync, and with the error where the journal takes something not.
    /// Entries may be handed over then as before: the journal is tried again, with all that it has not taken, until
    /// [`Writer::finish`] and for a while beyond. What it does not take by then is kept in `rest`.
    #[must_use]
    pub fn start(store: Store, rest: Reserve, tell: impl Fn(WriteResult) + Send + 'static) -> Self {
        let (queue, waiting) = mpsc::channel();
        let mut writing = Thread { store, rest: Some(rest), tell: Box::new(tell) };
        let thread = std::thread::spawn(move || {
            writing.write_all(&waiting);
            writing
        });
        Self { way: Way::Thread { queue, thread } }
    }

    /// Writes on the thread that hands entries over, before it goes on: the same course every time.
    #[must_use]
    pub fn here(store: Store, tell: impl Fn(WriteResult) + 'static) -> Self {
        Self { way: Way::Here { store, tell: Box::new(tell) } }
    }

    /// Hands entries over; the answer comes through `tell`.
    pub fn append(&mut self, entries: Vec<Entry>) {
        match &mut self.way {
            // A writer that is gone has told its error already.
            Way::Thread { queue, .. } => drop(queue.send(entries)),
            Way::Here { store, tell } => {
                if let Some(last) = entries.last().map(|entry| entry.seq) {
                    tell(store.append(&entries).map(|()| last));
                }
            }
        }
    }

    /// Writes what is still waiting, then closes the journal and gives the room beside it back.
    ///
    /// # Errors
    /// The disk's trouble while closing.
    pub fn finish(self) -> Result<(), JournalError> {
        match self.way {
            Way::Here { store, .. } => store.close(),
            Way::Thread { queue, thread } => {
                drop(queue);
                let Thread { store, rest, .. } = joined(thread)?;
                store.close()?;
                rest.into_iter().for_each(Reserve::give_back);
                Ok(())
            }
        }
    }

    /// Writes what is still waiting, or keeps it beside the journal, after an error was told.
    ///
    /// # Errors
    /// The thread broke off.
    pub fn break_off(self) -> Result<(), JournalError> {
        match self.way {
            Way::Here { .. } => Ok(()),
            Way::Thread { queue, thread } => {
                drop(queue);
                joined(thread).map(drop)
            }
        }
    }
}

fn joined(thread: JoinHandle<Thread>) -> Result<Thread, JournalError> {
    thread.join().map_err(|_| JournalError::Damaged("the writing thread broke off".to_owned()))
}

impl Thread {
    fn write_all(&mut self, waiting: &mpsc::Receiver<Vec<Entry>>) {
        while let Some(mut batch) = next(&mut self.store, waiting) {
            batch.extend(waiting.try_iter().flatten());
            let Some(last) = batch.last().map(|entry| entry.seq) else { continue };
            crash_point();
            match self.store.append(&batch) {
                Ok(()) => {
                    crash_point();
                    (self.tell)(Ok(last));
                }
                Err(error) => self.write_in_trouble(batch, error, waiting),
            }
        }
    }

    /// Tries again until the journal has taken everything, or until nothing more comes and it was tried for long enough.
    fn write_in_trouble(&mut self, mut batch: Vec<Entry>, error: JournalError, waiting: &mpsc::Receiver<Vec<Entry>>) {
        // One attempt of many need not be patient.
        let _ = self.store.wait_shortly();
        let mut last = batch.last().map_or(0, |entry| entry.seq);
        let mut hopeless = error.is_damage();
        (self.tell)(Err(error));
        let (began, mut closed) = (Instant::now(), false);
        loop {
            match waiting.recv_timeout(AGAIN) {
                Ok(more) => batch.extend(more),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) if closed => std::thread::sleep(AGAIN),
                Err(RecvTimeoutError::Disconnected) => closed = true,
            }
            batch.extend(waiting.try_iter().flatten());
            last = batch.last().map_or(last, |entry| entry.seq);
            match self.store.append_again(&mut batch) {
                Ok(()) => return (self.tell)(Ok(last)),
                Err(error) => hopeless |= error.is_damage(),
            }
            // A folder that was moved takes entries all the same, and none are left then.
            if closed && (batch.is_empty() || hopeless || began.elapsed() >= PATIENCE) {
                return self.keep(&batch);
            }
        }
    }

    /// Keeps beside the journal what it does not take. Where that fails, too, it is as after a crash.
    fn keep(&mut self, batch: &[Entry]) {
        let Some(rest) = self.rest.take().filter(|_| !batch.is_empty()) else { return };
        if let Err(error) = rest.keep(batch) {
            tracing::warn!("what the journal did not take could not be kept beside it: {error}");
        }
    }
}

/// The next entries. While none come, the mark of those that were written reaches the disk.
fn next(store: &mut Store, waiting: &mpsc::Receiver<Vec<Entry>>) -> Option<Vec<Entry>> {
    if store.mark_waits() {
        match waiting.recv_timeout(SYNC_EVERY) {
            Ok(batch) => return Some(batch),
            Err(RecvTimeoutError::Disconnected) => return None,
            // What the next entry needs is the journal; that its mark cannot be synced is told then.
            Err(RecvTimeoutError::Timeout) => drop(store.sync_mark()),
        }
    }
    waiting.recv().ok()
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::journal::Fact;
    use crate::model::{Scope, Time};

    fn entry(seq: u64) -> Entry {
        Entry { seq, at: Time::from_secs(1), scope: Scope::Row(seq), facts: vec![Fact::RollbackStarted] }
    }

    #[test]
    fn a_journal_that_is_free_again_takes_all_that_waited_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.sqlite");
        let store = Store::create(&path).unwrap();
        store.wait_shortly().unwrap();
        let rest = Reserve::set_aside(&path, 16).unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let (tell, told) = mpsc::channel();
        let mut writer = Writer::start(store, rest, move |news| tell.send(news.is_ok().then_some(())).unwrap());
        writer.append(vec![entry(1)]);
        assert_eq!(told.recv().unwrap(), None, "the error is told once");
        writer.append(vec![entry(2), entry(3)]);
        other.execute_batch("ROLLBACK").unwrap();
        assert_eq!(told.recv().unwrap(), Some(()));
        writer.append(vec![entry(4)]);
        writer.finish().unwrap();
        let mut store = Store::open(&path).unwrap();
        assert_eq!(store.next_seq().unwrap(), 5);
        assert!(!path.with_extension("rest").exists(), "the room is given back");
        // What is there already is not written twice.
        let mut again = vec![entry(3), entry(4), entry(5)];
        store.append_again(&mut again).unwrap();
        assert_eq!((again.len(), store.next_seq().unwrap()), (1, 6));
    }
}
