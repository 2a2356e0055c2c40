//! How the rows of a run have ended so far, read in the input's order.

use super::reader::Reader;
use super::schema::JournalError;
use crate::model::RowOutcome;

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowEnd {
    /// Its place in the input.
    pub position: u64,
    /// Whether it was let in although it is not valid.
    pub invalid: bool,
    /// Its outcome, where it has ended.
    pub outcome: Option<RowOutcome>,
}

impl Reader {
    /// Calls `each` with every row, in order.
    ///
    /// # Errors
    /// The disk's trouble, [`JournalError::Damaged`], or what `each` gave.
    pub fn each_end(&self, mut each: impl FnMut(RowEnd) -> Result<(), JournalError>) -> Result<(), JournalError> {
        let mut query = self.connection.prepare(
            "SELECT r.position, r.invalid IS NOT NULL, e.outcome FROM rows r
             LEFT JOIN ended e ON e.position = r.position ORDER BY r.position",
        )?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let word: Option<String> = row.get(2)?;
            let outcome = word.map(|word| RowOutcome::of_word(&word)).transpose().map_err(JournalError::Damaged)?;
            each(RowEnd { position: row.get(0)?, invalid: row.get(1)?, outcome })?;
        }
        Ok(())
    }
}
