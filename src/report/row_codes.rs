//! What each code means that runsheet itself writes into the column `_code`; read once from `row_codes.md`.

use std::sync::OnceLock;

use crate::diagnostic::{Explanation, read_explanations};
use crate::model::RunId;

/// The codes of runsheet in result files, each with its meaning and what to do.
#[must_use]
pub fn row_codes() -> &'static [Explanation] {
    static CODES: OnceLock<Vec<Explanation>> = OnceLock::new();
    CODES.get_or_init(|| read_explanations(include_str!("row_codes.md")))
}

/// Puts the id of the run into the commands of an explanation, where `RUN` stands for it.
#[must_use]
pub fn with_run_id(text: &str, run: &RunId) -> String {
    text.replace(" RUN", &format!(" {run}"))
}
