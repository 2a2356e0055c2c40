//! The summary as Markdown.

use std::fmt::Write as _;
use std::time::Duration;

use super::summary::Summary;
use crate::diagnostic::printable;
use crate::model::{RowOutcome, show_duration};

/// Escapes a text for a line or a table cell of Markdown.
#[must_use]
pub fn markdown_text(text: &str) -> String {
    let text = printable(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '!' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

impl Summary {
    /// The summary as Markdown: rows by outcome, calls by operation, how long it took.
    #[must_use]
    pub fn render_markdown(&self) -> String {
        let mut out = String::new();
        let took = show_duration(Duration::from_millis(self.duration_ms));
        // Writing to a string cannot fail.
        let _ = writeln!(out, "### runsheet: {}\n", self.outcome.as_str());
        let environment = markdown_text(&self.environment);
        let _ = writeln!(out, "Run `{}` in environment {environment}, {took}\n", self.run_id);
        let _ = writeln!(out, "| outcome | rows |\n|---|---:|");
        for outcome in RowOutcome::ALL {
            let count = self.rows.of(outcome);
            if count > 0 {
                let _ = writeln!(out, "| {} | {count} |", outcome.as_str());
            }
        }
        let _ = writeln!(out, "| total | {} |\n", self.rows.total);
        if !self.operations.is_empty() {
            let _ = writeln!(out, "| operation | calls | attempts | throttled |\n|---|---:|---:|---:|");
        }
        for (name, counts) in &self.operations {
            let name = markdown_text(name);
            let _ = writeln!(out, "| {name} | {} | {} | {} |", counts.calls, counts.attempts, counts.throttled);
        }
        out.push('\n');
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_markdown_stay_text() {
        assert_eq!(
            markdown_text("a|b\n<x> `c` [d](e) *f* #1 & \x1b\u{202e}"),
            "a\\|b &lt;x> \\`c\\` \\[d\\](e) \\*f\\* \\#1 &amp; ␛\\[U+202E\\]"
        );
    }
}
