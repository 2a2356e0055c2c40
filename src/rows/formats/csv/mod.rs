//! CSV: records between delimiters, and texts that a spreadsheet would run as formulas.

mod delimiter;
mod formulas;
mod reader;

pub(crate) use formulas::defused;
pub(in crate::rows) use reader::{CsvReader, LONGEST_RECORD, MOST_COLUMNS};
