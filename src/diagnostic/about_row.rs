//! The row that a message is about.

/// A row of a file, as a message names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AboutRow {
    /// Its number as a spreadsheet shows it; the header is 1.
    pub number: u64,
    /// Its key as it may be shown; of a list's row, that of the row it belongs to. `None` where it has none.
    pub key: Option<String>,
    /// The file's name as shown.
    pub file: String,
}
