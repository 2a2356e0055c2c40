//! The columns that the row files of a run carry, right of the row's own.

use std::io::Read;

use super::dialect::Dialect;
use super::input::open_as;
use super::record::Record;
use crate::model::words;

words! {
    /// A column that every row file of a run carries, in the order in which they are written.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ResultColumn {
        /// The run's id. The columns left of it are the row's own.
        Run = "_run",
        /// How the row ended.
        Outcome = "_outcome",
        /// The id of the step that decided it.
        Step = "_step",
        /// The vendor's code, or one of our own.
        Code = "_code",
        /// The vendor's message, or one of our own.
        Message = "_message",
        /// The vendor's id of the request.
        RequestId = "_request_id",
        /// How many requests were sent for the row's steps and rollbacks, repeats included and lookups not.
        Attempts = "_attempts",
    }
}

impl ResultColumn {
    /// The first of them, by which a row file that a run wrote is known.
    pub const FIRST: Self = Self::ALL[0];
}

/// The member of our JSON rows that names all columns, where the row lacks some.
pub const COLUMNS: &str = "_columns";

/// What a cell of a workbook begins with in row files that could not be read: it is refused as long as it stands there.
pub(super) const UNREAD: &str = "#UNREAD!";

/// Where the result columns start; `None` where a file has none.
pub(super) fn result_columns_start(heads: impl IntoIterator<Item = impl AsRef<str>>) -> Option<usize> {
    heads.into_iter().position(|head| head.as_ref() == ResultColumn::FIRST.as_str())
}

/// The run that wrote a row file in that dialect: its first row says so.
#[must_use]
pub fn run_of_file(file: impl Read + Send + 'static, dialect: &Dialect) -> Option<String> {
    let mut reader = open_as(file, dialect).ok()?;
    let column = result_columns_start(reader.heads())?;
    let mut record = Record::default();
    reader.read(&mut record).ok()?.then(|| record.cell(column).map(std::borrow::Cow::into_owned))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_names_every_column() {
        let readme = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"));
        for column in ResultColumn::WORDS {
            assert!(readme.contains(&format!("`{column}`")), "{column}");
        }
    }

    #[test]
    fn a_file_of_a_run_is_known_by_the_first_column() {
        assert_eq!(result_columns_start(["a", "b"]), None);
        assert_eq!(result_columns_start(["a", "_outcome", "_run", "_outcome"]), Some(2));
    }
}
