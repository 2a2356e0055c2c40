//! Rows that hold nothing, as spreadsheets leave them behind.

use crate::diagnostic::{Diagnostic, Diagnostics};

/// Rows whose cells are all blank; they are left out with one warning.
#[derive(Default)]
pub(in crate::rows) struct BlankRows {
    count: u64,
    first: u64,
}

impl BlankRows {
    /// Counts one.
    pub(in crate::rows) fn add(&mut self, number: u64) {
        if self.count == 0 {
            self.first = number;
        }
        self.count += 1;
    }

    /// Tells of them, if there were any.
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
