//! Small letters in identity numbers (`…002x`), which documents spell with large ones.

use crate::diagnostic::Diagnostic;
use crate::playbook::ColumnDecl;
use crate::rows::checks::{Finding, Spot};

/// The sound identity numbers of a column that have small letters.
pub(in crate::rows::checks) struct Small {
    decl: ColumnDecl,
    found: Finding,
}

impl Small {
    /// For a column of identity numbers.
    pub(in crate::rows::checks) fn of(decl: &ColumnDecl) -> Option<Self> {
        decl.identity.map(|_| Self { decl: decl.clone(), found: Finding::default() })
    }

    pub(in crate::rows::checks) fn look(&mut self, text: &str, spot: &Spot<'_>) {
        if text.bytes().any(|byte| byte.is_ascii_lowercase()) && self.decl.convert(text).is_ok() {
            self.found.add(spot);
        }
    }

    pub(in crate::rows::checks) fn report(&self, column: &str) -> Option<Diagnostic> {
        let words = ["has a small letter", "have small letters"];
        let help = "Documents spell them large, and programs compare them so: write `X` for `x`";
        self.found.warning("small-letter", column, words, help)
    }
}
