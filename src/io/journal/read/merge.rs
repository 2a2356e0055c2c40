//! The rows of two journals side by side, joined by their keys. SQLite sorts them, so that neither is held in memory.

use rusqlite::{Row, Rows};

use super::reader::Reader;
use crate::io::journal::format::JournalError;
use crate::model::RowOutcome;

/// The rows of a journal in the order of their keys.
const BY_KEY: &str = "SELECT r.key, r.position, r.number, e.outcome FROM rows r
     LEFT JOIN ended e ON e.position = r.position ORDER BY r.key, r.position";

/// A row as a comparison sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyedRow {
    /// Its place in the input, from 0.
    pub position: u64,
    /// The number that a spreadsheet shows.
    pub number: u64,
    /// Its outcome; `None` if it has not ended.
    pub outcome: Option<RowOutcome>,
}

/// One key, with its row in either journal; at least one of the two is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyedPair<'k> {
    /// The key.
    pub key: &'k str,
    /// The row of the first journal.
    pub left: Option<KeyedRow>,
    /// The row of the second journal.
    pub right: Option<KeyedRow>,
}

impl Reader {
    /// Calls `each` with every key of this journal and of `other`, in the order of the keys. Rows with one key, which only
    /// rows without a readable key are, are joined in their order.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] if an outcome is not one of ours, [`JournalError::Sqlite`] if the disk or SQLite fails, or
    /// the error of `each`.
    pub fn merge_by_key(
        &self,
        other: &Self,
        each: &mut dyn FnMut(KeyedPair<'_>) -> Result<(), JournalError>,
    ) -> Result<(), JournalError> {
        let (mut left, mut right) = (self.connection.prepare(BY_KEY)?, other.connection.prepare(BY_KEY)?);
        let (mut left, mut right) = (left.query([])?, right.query([])?);
        let (mut one, mut two) = (next(&mut left)?, next(&mut right)?);
        loop {
            let order = match (&one, &two) {
                (None, None) => return Ok(()),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some((one, _)), Some((two, _))) => one.as_bytes().cmp(two.as_bytes()),
            };
            let taken_left = if order.is_le() { one.take() } else { None };
            let taken_right = if order.is_ge() { two.take() } else { None };
            let key = taken_left.as_ref().or(taken_right.as_ref()).map_or("", |(key, _)| key.as_str());
            let pair = KeyedPair {
                key,
                left: taken_left.as_ref().map(|(_, row)| *row),
                right: taken_right.as_ref().map(|(_, row)| *row),
            };
            each(pair)?;
            if order.is_le() {
                one = next(&mut left)?;
            }
            if order.is_ge() {
                two = next(&mut right)?;
            }
        }
    }
}

fn next(rows: &mut Rows<'_>) -> Result<Option<(String, KeyedRow)>, JournalError> {
    rows.next()?.map(keyed).transpose()
}

fn keyed(row: &Row<'_>) -> Result<(String, KeyedRow), JournalError> {
    let word: Option<String> = row.get(3)?;
    let outcome = word.map(|word| RowOutcome::of_word(&word)).transpose().map_err(JournalError::Damaged)?;
    Ok((row.get(0)?, KeyedRow { position: row.get(1)?, number: row.get(2)?, outcome }))
}
