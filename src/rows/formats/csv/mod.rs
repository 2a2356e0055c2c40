//! CSV: records between delimiters, and texts that a spreadsheet would run as formulas.

mod cells;
mod formulas;
mod problems;
mod reader;

pub(super) use cells::reread;
pub(in crate::rows) use cells::{csv_line, push};
pub(crate) use formulas::escape_formula;
pub(super) use reader::CsvReader;
