//! What a test expects of a run.

use super::pattern::Pattern;
use crate::diagnostic::Span;
use crate::model::RowOutcome;
use crate::playbook::Spanned;
use crate::report::RunOutcome;
use crate::yaml::{Key, Node};

/// What must come of a run; what is not written may be as it likes.
#[derive(Debug, Default)]
pub struct Expect {
    /// All requests, row by row in the order of the rows.
    pub requests: Option<(Vec<Pattern>, Span)>,
    /// How rows end, by key.
    pub rows: Vec<(Spanned<String>, RowExpected)>,
    /// How many rows end so, or are there in all.
    pub counts: Vec<(Option<RowOutcome>, Spanned<u64>)>,
    /// How the run ends.
    pub outcome: Option<Spanned<RunOutcome>>,
    /// Words of why it stops before its end.
    pub stopped: Option<Spanned<String>>,
    /// The codes of the errors that keep it from beginning.
    pub diagnostics: Option<(Vec<Spanned<String>>, Span)>,
}

/// How a row ends.
#[derive(Debug, Default)]
pub struct RowExpected {
    /// Its outcome.
    pub outcome: Option<Spanned<RowOutcome>>,
    /// The step that decided it.
    pub step: Option<Spanned<String>>,
    /// The code.
    pub code: Option<Spanned<String>>,
    /// Words of the message.
    pub message: Option<Spanned<String>>,
    /// How many requests were sent for it.
    pub attempts: Option<Spanned<u64>>,
    /// Columns of the playbook's `results`.
    pub results: Vec<(Key, Node)>,
}
