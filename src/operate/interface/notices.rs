//! Notices of the ends of runs while they are on their way: sent in the background, waited for at the end.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use super::observer::{Notice, Observer};

/// A notice that could not be sent.
pub(crate) struct UnsentNotice {
    /// Where it should have gone.
    pub(crate) to: String,
    /// Why it was given up.
    pub(crate) why: String,
}

/// The notices under way. Dropping the last handle waits for them, a bounded time, and tells the observer of those that
/// failed.
#[derive(Default)]
pub(crate) struct NoticesUnderWay {
    threads: Mutex<Vec<NoticeThread>>,
}

/// A thread that sends notices, and who hears of those that failed.
type NoticeThread = (JoinHandle<Vec<UnsentNotice>>, Arc<dyn Observer>);

impl NoticesUnderWay {
    /// Adds a thread that sends notices, and returns after a bounded time.
    pub(crate) fn add(&self, thread: JoinHandle<Vec<UnsentNotice>>, observer: Arc<dyn Observer>) {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push((thread, observer));
    }
}

impl Drop for NoticesUnderWay {
    fn drop(&mut self) {
        let threads = self.threads.get_mut().unwrap_or_else(PoisonError::into_inner);
        for (thread, observer) in threads.drain(..) {
            for UnsentNotice { to, why } in thread.join().unwrap_or_default() {
                observer.notice(Notice::NotNotified { to, why });
            }
        }
    }
}
