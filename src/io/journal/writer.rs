//! The one thread that writes: whatever waits goes into one transaction and one sync. A rehearsal writes on its own.

use std::sync::mpsc;
use std::thread::JoinHandle;

use super::schema::JournalError;
use super::store::Store;
use super::watermark::SYNC_EVERY;
use crate::io::crash_point;
use crate::journal::Entry;

/// What the writer tells: everything up to this entry is on the disk, or writing has failed for good.
pub type Written = Result<u64, JournalError>;

/// The handle on what writes.
pub struct Writer {
    way: Way,
}

enum Way {
    /// A thread of its own.
    Thread { queue: mpsc::Sender<Vec<Entry>>, thread: JoinHandle<Store> },
    /// Whoever hands entries over waits.
    Here { store: Store, tell: Box<dyn Fn(Written)> },
}

impl Writer {
    /// Starts the thread. `tell` is called after each sync, and once with the error if one fails; nothing is
    /// written after that.
    #[must_use]
    pub fn start(store: Store, tell: impl Fn(Written) + Send + 'static) -> Self {
        let (queue, waiting) = mpsc::channel();
        let thread = std::thread::spawn(move || write_all(store, &waiting, &tell));
        Self { way: Way::Thread { queue, thread } }
    }

    /// Writes on the thread that hands entries over, before it goes on: the same course every time.
    #[must_use]
    pub fn here(store: Store, tell: impl Fn(Written) + 'static) -> Self {
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

    /// Writes what is still waiting, then closes the journal.
    ///
    /// # Errors
    /// The disk's trouble while closing.
    pub fn finish(self) -> Result<(), JournalError> {
        match self.way {
            Way::Here { store, .. } => store.close(),
            Way::Thread { queue, thread } => {
                drop(queue);
                match thread.join() {
                    Ok(store) => store.close(),
                    Err(_) => Err(JournalError::Damaged("the writing thread broke off".to_owned())),
                }
            }
        }
    }
}

fn write_all(mut store: Store, waiting: &mpsc::Receiver<Vec<Entry>>, tell: &dyn Fn(Written)) -> Store {
    while let Some(mut batch) = next(&mut store, waiting) {
        batch.extend(waiting.try_iter().flatten());
        let Some(last) = batch.last().map(|entry| entry.seq) else { continue };
        crash_point();
        match store.append(&batch) {
            Ok(()) => {
                crash_point();
                tell(Ok(last));
            }
            Err(error) => {
                tell(Err(error));
                break;
            }
        }
    }
    store
}

/// The next entries. While none come, the mark of those that were written reaches the disk.
fn next(store: &mut Store, waiting: &mpsc::Receiver<Vec<Entry>>) -> Option<Vec<Entry>> {
    if store.mark_waits() {
        match waiting.recv_timeout(SYNC_EVERY) {
            Ok(batch) => return Some(batch),
            Err(mpsc::RecvTimeoutError::Disconnected) => return None,
            // What the next entry needs is the journal; that its mark cannot be synced is told then.
            Err(mpsc::RecvTimeoutError::Timeout) => drop(store.sync_mark()),
        }
    }
    waiting.recv().ok()
}
