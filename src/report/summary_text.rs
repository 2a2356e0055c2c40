//! The summary as text for people: rows, files, and what to do next.

use std::fmt::Write as _;
use std::time::Duration;

use super::failures::failure_lines;
use super::grouped_number::grouped;
use super::steering::steering_lines;
use super::summary::{RunOutcome, Summary};
use crate::diagnostic::{padded, widest};
use crate::model::{RowOutcome, show_duration};

impl Summary {
    /// Renders the summary for a terminal: several lines without colour.
    #[must_use]
    pub fn render_text(&self) -> String {
        let mut out = self.render_what_came();
        for step in self.next_steps() {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{step}");
        }
        out
    }

    /// Renders the summary without what to do next.
    #[must_use]
    pub(crate) fn render_what_came(&self) -> String {
        let mut out = String::new();
        self.push_head(&mut out);
        self.push_rows(&mut out);
        self.push_operations(&mut out);
        out.push_str(&steering_lines(&self.steered));
        out.push_str(&failure_lines(&self.failures, &self.run_id));
        self.push_files(&mut out);
        out
    }

    fn push_head(&self, out: &mut String) {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}", self.headline());
    }

    /// How the run ended, in one line: ``Run 20351122-004610-3fa9c1 stopped early in 3.1 s (environment `sandbox`)``.
    #[must_use]
    pub fn headline(&self) -> String {
        let took = show_duration(Duration::from_millis(self.duration_ms));
        let state = match self.outcome {
            RunOutcome::Succeeded => "succeeded",
            RunOutcome::Failed => "finished with failures",
            RunOutcome::Unknown if self.is_cancelled() => "was cancelled with unknown outcomes",
            RunOutcome::Unknown if self.stopped.is_some() => "stopped early with unknown outcomes",
            RunOutcome::Unknown => "finished with unknown outcomes",
            RunOutcome::Stopped if self.is_cancelled() => "was cancelled",
            RunOutcome::Stopped => "stopped early",
            RunOutcome::Refused => "was refused by the vendor",
            RunOutcome::Interrupted => "was interrupted",
            RunOutcome::Broken => "broke off",
        };
        format!("Run {} {state} in {took} (environment `{}`)", self.run_id, self.environment)
    }

    fn push_rows(&self, out: &mut String) {
        let _ = writeln!(out, "  {}", self.balance());
    }

    /// The rows and their outcomes, which add up to them: `8 rows: 1 succeeded, 1 failed, 6 not started`.
    #[must_use]
    pub(crate) fn balance(&self) -> String {
        let noun = if self.rows.total == 1 { "row" } else { "rows" };
        let occurred = RowOutcome::READING_ORDER.into_iter().filter(|outcome| self.rows.of(*outcome) > 0);
        let parts = occurred.map(|outcome| format!("{} {}", grouped(self.rows.of(outcome)), outcome.in_words()));
        let parts = parts.collect::<Vec<_>>().join(", ");
        let separator = if parts.is_empty() { "" } else { ": " };
        format!("{} {noun}{separator}{parts}", grouped(self.rows.total))
    }

    fn push_operations(&self, out: &mut String) {
        let width = widest(self.operations.keys());
        for (name, counts) in &self.operations {
            let noun = if counts.calls == 1 { "call" } else { "calls" };
            let _ = write!(out, "  {}  {} {noun}", padded(name, width), grouped(counts.calls));
            if counts.attempts != counts.calls {
                let _ = write!(out, ", {} attempts", grouped(counts.attempts));
            }
            if counts.throttled > 0 {
                let _ = write!(out, ", {} throttled", grouped(counts.throttled));
            }
            out.push('\n');
        }
    }

    fn push_files(&self, out: &mut String) {
        for file in &self.files {
            let _ = writeln!(out, "  {}", file.display());
        }
    }
}
