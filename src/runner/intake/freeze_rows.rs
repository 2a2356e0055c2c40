//! Rows on their way into a journal: read and checked on this thread, written on another.

use std::sync::mpsc;
use std::thread;

use super::take_rows::{Intake, take_rows};
use super::tally::IntakeTally;
use crate::diagnostic::Diagnostics;
use crate::io::journal::{JournalError, Store};

/// Batches of checked rows that wait to be written, at most.
const WAITING: usize = 2;

/// The writing has ended before the rows did; its own error says why.
struct BrokenOff;

/// Reads and checks all rows and keeps the good ones in the journal. What is wrong with rows goes to `diagnostics`.
///
/// # Errors
/// The journal could not be written.
pub fn freeze_rows(
    intake: Intake<'_>,
    diagnostics: &mut Diagnostics,
    store: &mut Store,
) -> Result<IntakeTally, JournalError> {
    thread::scope(|scope| {
        let (give, given) = mpsc::sync_channel(WAITING);
        let writing = scope.spawn(move || store.keep_rows(&given));
        let taken = take_rows(intake, diagnostics, &mut |rows| give.send(rows).map_err(|_| BrokenOff));
        drop(give);
        let broken = || JournalError::Damaged("the writing thread broke off".to_owned());
        writing.join().map_err(|_| broken())??;
        taken.map_err(|BrokenOff| broken())
    })
}
