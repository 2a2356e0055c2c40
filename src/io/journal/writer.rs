//! The one thread that writes: whatever waits goes into one transaction and one sync.

use std::sync::mpsc;
use std::thread::JoinHandle;

use super::schema::JournalError;
use super::store::Store;
use crate::io::crash_point;
use crate::journal::Entry;

/// What the writer tells: everything up to this entry is on the disk, or writing has failed for good.
pub type Written = Result<u64, JournalError>;

/// The handle on the writing thread.
pub struct Writer {
    queue: Option<mpsc::Sender<Vec<Entry>>>,
    thread: Option<JoinHandle<Store>>,
}

impl Writer {
    /// Starts the thread. `tell` is called after each sync, and once with the error if one fails; nothing is
    /// written after that.
    #[must_use]
    pub fn start(store: Store, tell: impl Fn(Written) + Send + 'static) -> Self {
        let (queue, waiting) = mpsc::channel();
        let thread = std::thread::spawn(move || write_all(store, &waiting, &tell));
        Self { queue: Some(queue), thread: Some(thread) }
    }

    /// Hands entries over; the answer comes through `tell`.
    pub fn append(&self, entries: Vec<Entry>) {
        if let Some(queue) = &self.queue {
            // A writer that is gone has told its error already.
            let _ = queue.send(entries);
        }
    }

    /// Writes what is still waiting, then closes the journal.
    ///
    /// # Errors
    /// The disk's trouble while closing.
    pub fn finish(mut self) -> Result<(), JournalError> {
        self.queue = None;
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(store)) => store.close(),
            _ => Err(JournalError::Damaged("the writing thread broke off".to_owned())),
        }
    }
}

fn write_all(mut store: Store, waiting: &mpsc::Receiver<Vec<Entry>>, tell: &dyn Fn(Written)) -> Store {
    while let Ok(mut batch) = waiting.recv() {
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
