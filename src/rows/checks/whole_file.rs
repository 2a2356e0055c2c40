//! Messages about a file as a whole: blank rows, no rows at all, a detected encoding.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::TextEncoding;

/// Rows whose cells are all blank. They are left out with one warning.
#[derive(Default)]
pub(in crate::rows) struct BlankRows {
    count: u64,
    first: u64,
}

impl BlankRows {
    /// Counts a blank row.
    pub(in crate::rows) fn add(&mut self, number: u64) {
        if self.count == 0 {
            self.first = number;
        }
        self.count += 1;
    }

    /// Adds the warning, if there were any.
    pub(in crate::rows) fn report(&self, file: &str, diagnostics: &mut Diagnostics) {
        let message = match self.count {
            0 => return,
            1 => format!("Row {} of `{file}` has only blank cells and is left out", self.first),
            count => format!(
                "{count} rows of `{file}` have only blank cells and are left out, the first is row {}",
                self.first
            ),
        };
        diagnostics
            .push(Diagnostic::warning("blank-row", message).help("Take the rows away to be rid of this message"));
    }
}

/// The warning about a file with a header and no rows.
pub(in crate::rows) fn no_rows(file: &str) -> Diagnostic {
    let help = "An export that failed often looks so; with `--fail-empty` it is an error";
    Diagnostic::warning("no-rows", format!("`{file}` holds no rows")).help(help)
}

/// Adds a note about an encoding that was detected and is not UTF-8.
pub(in crate::rows) fn note_encoding(file: &str, encoding: TextEncoding, diagnostics: &mut Diagnostics) {
    let message = format!("`{file}` is read as {}, detected from its bytes", encoding.name());
    let help = format!("`encoding: {}` in the playbook fixes it", encoding.as_str());
    diagnostics.push(Diagnostic::note("encoding-told", message).help(help));
}
