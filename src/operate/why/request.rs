//! The request of `why`: a run, and one row of it.

/// A request for the story of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyRequest {
    /// The run: its id, a unique prefix of it, or `latest`.
    pub run: String,
    /// The row.
    pub which: WhichRow,
    /// The only step to tell of; `None` for all.
    pub step: Option<String>,
}

impl WhyRequest {
    /// A request for the whole story of the row with a key.
    #[must_use]
    pub fn new(run: impl Into<String>, key: impl Into<String>) -> Self {
        Self { run: run.into(), which: WhichRow::Key(key.into()), step: None }
    }
}

/// The row to tell of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhichRow {
    /// The only row of the run.
    Only,
    /// The row with this key.
    Key(String),
    /// The row with this number, as in a spreadsheet, where the header is 1.
    Number(u64),
    /// One row of the kind of failure with this number, as the summary numbers them from 1.
    Kind(usize),
    /// The steps that run once before the rows.
    Before,
    /// The steps that run once after the rows.
    After,
}
