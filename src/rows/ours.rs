//! The columns that our row files add, and what a file that was one of ours says about its rows.

use std::io::Read;

use super::csv::CsvReader;
use super::record::{Reader, Record};

/// The columns of ours that every row file carries, right of the row's own.
pub const OUR_COLUMNS: [&str; 7] = ["_run", "_outcome", "_step", "_code", "_message", "_request_id", "_attempts"];

/// The run that a row file of ours was written by, from its first row.
#[must_use]
pub fn run_of_file(file: impl Read + Send) -> Option<String> {
    let mut reader = CsvReader::open(file, &[], None).ok()?;
    let column = reader.heads().iter().position(|head| head == OUR_COLUMNS[0])?;
    let mut record = Record::default();
    reader.read(&mut record).ok()?.then(|| record.cell(column).map(|cell| cell.into_owned()))?
}
