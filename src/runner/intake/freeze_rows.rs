//! Writes rows into a journal: reads and checks them on this thread, and writes them on another.

use std::sync::mpsc;
use std::thread;

use super::take_rows::{Intake, take_rows};
use super::tally::IntakeTally;
use crate::diagnostic::Diagnostics;
use crate::io::journal::{JournalError, Store};

/// The most batches of checked rows that wait to be written.
const MAX_WAITING: usize = 2;

/// The writing thread ended before the rows did; its own error says why.
struct WriterEnded;

/// Reads and checks all rows and writes the valid ones into the journal. Mistakes go to `diagnostics`.
///
/// # Errors
/// [`JournalError`] if the journal cannot be written.
pub fn freeze_rows(
    intake: Intake<'_>,
    diagnostics: &mut Diagnostics,
    store: &mut Store,
) -> Result<IntakeTally, JournalError> {
    thread::scope(|scope| {
        let (give, given) = mpsc::sync_channel(MAX_WAITING);
        let writing = scope.spawn(move || store.keep_rows(&given));
        let taken = take_rows(intake, diagnostics, &mut |rows| give.send(rows).map_err(|_| WriterEnded));
        drop(give);
        let broken = || JournalError::Damaged("the writing thread broke off".to_owned());
        writing.join().map_err(|_| broken())??;
        taken.map_err(|WriterEnded| broken())
    })
}
