//! The summary as text for people: rows, files, and what to do next.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use super::failures::failure_lines;
use super::grouped_number::grouped;
use super::steering::steering_lines;
use super::summary::{RunOutcome, Summary};
use crate::diagnostic::{padded, shell_path, widest};
use crate::model::{RowOutcome, show_duration};
use crate::policy::StopKind;

impl Summary {
    /// Renders the summary for a terminal: several lines without colour.
    #[must_use]
    pub fn render_text(&self) -> String {
        let mut out = self.render_what_came();
        self.push_next(&mut out);
        out
    }

    /// Renders the summary without what to do next.
    #[must_use]
    pub fn render_what_came(&self) -> String {
        let mut out = String::new();
        self.push_head(&mut out);
        self.push_rows(&mut out);
        self.push_operations(&mut out);
        out.push_str(&steering_lines(&self.steered));
        out.push_str(&failure_lines(&self.failures));
        self.push_files(&mut out);
        out
    }

    fn push_head(&self, out: &mut String) {
        let took = show_duration(Duration::from_millis(self.duration_ms));
        let state = match self.outcome {
            RunOutcome::Succeeded => "succeeded",
            RunOutcome::Failed => "finished with failures",
            RunOutcome::Unknown => "finished with unknown outcomes",
            RunOutcome::Stopped if self.is_cancelled() => "was cancelled",
            RunOutcome::Stopped => "stopped early",
            RunOutcome::Refused => "was refused by the vendor",
            RunOutcome::Interrupted => "was interrupted",
            RunOutcome::Broken => "broke off",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "Run {} {state} in {took} (environment `{}`)", self.run_id, self.environment);
    }

    fn push_rows(&self, out: &mut String) {
        let noun = if self.rows.total == 1 { "row" } else { "rows" };
        let _ = write!(out, "  {} {noun}", grouped(self.rows.total));
        let mut separator = ": ";
        for outcome in SHOWN {
            let count = self.rows.of(outcome);
            if count > 0 {
                let _ = write!(out, "{separator}{} {}", grouped(count), words(outcome));
                separator = ", ";
            }
        }
        out.push('\n');
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

    /// Adds what to do next, the most urgent first.
    fn push_next(&self, out: &mut String) {
        let run = &self.run_id;
        let left = self.rows.not_started + self.rows.partial + self.rows.unknown > 0;
        let resumes = match self.outcome {
            RunOutcome::Stopped => left && !self.is_cancelled(),
            RunOutcome::Unknown => {
                self.stopped.is_some() && !self.is_cancelled() && self.rows.not_started + self.rows.partial > 0
            }
            RunOutcome::Interrupted | RunOutcome::Broken => true,
            RunOutcome::Succeeded | RunOutcome::Failed | RunOutcome::Refused => false,
        };
        if self.outcome == RunOutcome::Refused {
            let _ = writeln!(out, "Correct what the vendor refuses, then go on: runsheet resume {run}");
        } else if resumes && self.stopped_by(StopKind::Budget) {
            let more = "Raise `budget` in a copy of the playbook, then go on";
            let _ = writeln!(out, "{more}: runsheet retry {run} --playbook COPY");
        } else if resumes && self.was_redirected() {
            // A resumed run would keep the old address.
            let rows = self.file("not_started").map(|file| format!(" --rows {}", shell_path(file)));
            let rows = rows.unwrap_or_default();
            let _ = writeln!(out, "Correct the address, then run what did not start: runsheet run PLAYBOOK{rows}");
        } else if resumes && self.is_paused() {
            let _ = writeln!(out, "It is paused. End the pause, then go on: runsheet resume {run}");
        } else if resumes {
            let _ = writeln!(out, "Go on: runsheet resume {run}");
        }
        if self.rows.unknown > 0 {
            let _ = writeln!(
                out,
                "Unknown rows are never sent again by themselves. Find out what became of them: runsheet resolve {run}"
            );
        }
        let missing = self.rows.failed + self.rows.partial + self.rows.not_started;
        if missing > 0 && !resumes && self.outcome != RunOutcome::Refused {
            self.push_again(out);
        }
    }

    /// The row file with this name, in any format; `None` if it was not written.
    fn file(&self, name: &str) -> Option<&PathBuf> {
        self.files.iter().find(|file| file.file_stem().is_some_and(|stem| stem == name))
    }

    /// Adds how to repeat what is missing after the cause is corrected.
    fn push_again(&self, out: &mut String) {
        if let Some(of) = &self.undo_of {
            if self.rows.unknown > 0 {
                let run = &self.run_id;
                let _ = writeln!(out, "Once they are settled, go on with this undo: runsheet resume {run}");
            } else {
                let _ = writeln!(out, "Try again to take back what still stands: runsheet undo {of}");
            }
            return;
        }
        let run = &self.run_id;
        let _ = match self.file("failed") {
            Some(file) => {
                let file = shell_path(file);
                writeln!(out, "Do what is missing: runsheet retry {run}, with --rows {file} once it is corrected")
            }
            None => writeln!(out, "Do what is missing: runsheet retry {run}"),
        };
    }
}

/// The order on the terminal: successful rows first, then rows that need attention.
const SHOWN: [RowOutcome; 7] = [
    RowOutcome::Succeeded,
    RowOutcome::Unchanged,
    RowOutcome::Skipped,
    RowOutcome::Failed,
    RowOutcome::Partial,
    RowOutcome::Unknown,
    RowOutcome::NotStarted,
];

fn words(outcome: RowOutcome) -> &'static str {
    match outcome {
        RowOutcome::NotStarted => "not started",
        RowOutcome::Unknown
        | RowOutcome::Partial
        | RowOutcome::Failed
        | RowOutcome::Succeeded
        | RowOutcome::Unchanged
        | RowOutcome::Skipped => outcome.as_str(),
    }
}
