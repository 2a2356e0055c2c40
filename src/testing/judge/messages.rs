//! The messages of one test, each at the expectation that it is about.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::testing::file::Test;
use crate::testing::rehearsal::Rehearsed;

/// The messages of one test.
pub(in crate::testing) struct Judge<'a> {
    pub(in crate::testing) source: &'a Arc<Source>,
    pub(in crate::testing) test: &'a Test,
    pub(in crate::testing) done: &'a Rehearsed,
    pub(in crate::testing) found: Diagnostics,
}

impl Judge<'_> {
    /// Reports a difference.
    pub(in crate::testing) fn differs(
        &mut self,
        code: &'static str,
        span: Span,
        message: String,
        help: Option<String>,
    ) {
        let place = self.source.place(span);
        let diagnostic = Diagnostic::error(code, message).at(place, "");
        self.found.push(match help {
            Some(help) => diagnostic.help_in_lines(&help),
            None => diagnostic,
        });
    }
}

/// Indents every line of a text.
pub(in crate::testing) fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}
