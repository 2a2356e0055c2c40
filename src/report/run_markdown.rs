//! The record of a run as Markdown, as GitHub renders it. Its size is bounded, whatever the run.

use std::fmt::Write as _;
use std::time::Duration;

use super::failures::FailureKind;
use super::grouped_number::grouped;
use super::markdown_text::{markdown_code, markdown_text};
use super::run_record::{RunKind, RunRecord};
use super::steering::TimedSteering;
use crate::diagnostic::{one_line, shortened};
use crate::model::{RowOutcome, show_duration};

/// The most kinds of failure in the table.
const KINDS: usize = 20;
/// The most operations in the table.
const OPERATIONS: usize = 50;
/// The most later runs that are named.
const RUNS: usize = 10;
/// The most commands of people that are listed, the last ones.
const COMMANDS: usize = 10;
/// The most characters of a key, a code or a name.
const NAME: usize = 80;
/// The most characters of a sentence.
const SENTENCE: usize = 400;

impl RunRecord {
    /// The record as Markdown: the verdict, what comes next, the rows by outcome, the kinds of failure, the calls, and how
    /// the run came about.
    #[must_use]
    pub(crate) fn render_markdown(&self) -> String {
        let mut out = String::new();
        let word =
            self.outcome.map_or_else(|| self.state.as_str().replace('_', " "), |outcome| outcome.as_str().to_owned());
        // Writing to a string cannot fail.
        let _ = writeln!(out, "### runsheet: {word}\n\n{}\n", sentence(&self.verdict));
        self.push_next(&mut out);
        self.push_rows(&mut out);
        self.push_failures(&mut out);
        self.push_operations(&mut out);
        self.push_origin(&mut out);
        out
    }

    fn push_next(&self, out: &mut String) {
        for step in &self.next {
            let _ = writeln!(out, "- {}: {}", sentence(&step.what), command(&step.command));
        }
        if !self.next.is_empty() {
            out.push('\n');
        }
    }

    fn push_rows(&self, out: &mut String) {
        out.push_str("| outcome | rows |\n|---|---:|\n");
        let at_rest = self.rows_at_rest();
        for outcome in RowOutcome::READING_ORDER {
            let count = at_rest.of(outcome);
            if count > 0 {
                let _ = writeln!(out, "| {} | {count} |", outcome.as_str());
            }
        }
        if self.rows_under_way() > 0 {
            let _ = writeln!(out, "| under way | {} |", self.rows_under_way());
        }
        let _ = writeln!(out, "| total | {} |\n", self.rows.total);
    }

    fn push_failures(&self, out: &mut String) {
        if self.failures.is_empty() {
            return;
        }
        out.push_str("#### What went wrong\n\n| | rows | outcome | step | code | message | meaning, and what to do | first keys |\n");
        out.push_str("|---:|---:|---|---|---|---|---|---|\n");
        for kind in self.failures.iter().take(KINDS) {
            push_kind(kind, out);
        }
        out.push('\n');
        let cut = self.failures.iter().skip(KINDS);
        let (kinds, rows) = cut.fold((0, 0), |(kinds, rows), kind| (kinds + 1, rows + kind.rows));
        let rows = rows + self.other_failures.rows;
        if rows > 0 {
            let kinds = kinds + self.other_failures.kinds;
            let _ =
                writeln!(out, "… and {} more rows of at least {} more kinds\n", grouped(rows), grouped(kinds.max(1)));
        }
    }

    fn push_operations(&self, out: &mut String) {
        if self.operations.is_empty() {
            return;
        }
        out.push_str("| operation | calls | attempts | throttled |\n|---|---:|---:|---:|\n");
        for (name, counts) in self.operations.iter().take(OPERATIONS) {
            let name = markdown_code(name, NAME);
            let _ = writeln!(out, "| {name} | {} | {} | {} |", counts.calls, counts.attempts, counts.throttled);
        }
        out.push('\n');
        if self.operations.len() > OPERATIONS {
            let _ = writeln!(out, "… and {} more operations\n", self.operations.len() - OPERATIONS);
        }
    }

    /// Who ran what, where and when.
    fn push_origin(&self, out: &mut String) {
        let code = |text: &str| markdown_code(text, NAME);
        let took = show_duration(Duration::from_millis(self.duration_ms));
        let of = self.earlier_run.as_ref().map(|run| format!(" of run {}", code(run.as_str()))).unwrap_or_default();
        let what = match self.kind {
            RunKind::Run => "Run",
            RunKind::Retry => "Retry",
            RunKind::Undo => "Undo",
        };
        let _ = write!(out, "{what} {}{of} in environment {}", code(self.run_id.as_str()), code(&self.environment));
        let _ = write!(out, ", playbook {}", code(&self.playbook_file));
        if let Some(rows) = &self.rows_file {
            let _ = write!(out, ", rows {}", code(rows));
        }
        if let Some(user) = &self.started_by {
            let _ = write!(out, ", started by {}", code(user));
        }
        let _ = writeln!(out, ", {}, {took}", self.started_at);
        let first = self.steered.len().saturating_sub(COMMANDS);
        if first > 0 {
            let _ = writeln!(out, "\n- {first} earlier commands, then:");
        } else if !self.steered.is_empty() {
            out.push('\n');
        }
        for TimedSteering { at, command } in &self.steered[first..] {
            let _ = writeln!(out, "- {at}: {}", sentence(&command.to_string()));
        }
        if !self.later_runs.is_empty() {
            let runs: Vec<String> = self.later_runs.iter().rev().take(RUNS).map(|run| code(run.as_str())).collect();
            let more = self.later_runs.len().saturating_sub(RUNS);
            let more = if more > 0 { format!(" and {more} earlier ones") } else { String::new() };
            let _ = writeln!(out, "\nLater runs, the last one first: {}{more}", runs.join(", "));
        }
    }
}

/// One row of the table of failures.
fn push_kind(kind: &FailureKind, out: &mut String) {
    let code = |text: &Option<String>| text.as_deref().map(|text| markdown_code(text, NAME)).unwrap_or_default();
    let message = kind.message.as_deref().map(sentence).unwrap_or_default();
    let differ = if kind.messages_differ { " (and others)" } else { "" };
    let about: Vec<String> =
        [&kind.meaning, &kind.advice].into_iter().flatten().map(|text| full_sentence(text)).collect();
    let keys: Vec<String> =
        kind.keys.iter().filter(|key| !key.is_empty()).map(|key| markdown_code(key, NAME)).collect();
    let more = if kind.rows > kind.keys.len() as u64 && !keys.is_empty() { ", …" } else { "" };
    let _ = writeln!(
        out,
        "| {} | {} | {} | {} | {} | {message}{differ} | {} | {}{more} |",
        kind.number,
        kind.rows,
        kind.outcome.as_str(),
        code(&kind.step),
        code(&kind.code),
        about.join(" "),
        keys.join(", ")
    );
}

/// A sentence as escaped text on one line, cut if it is long.
fn sentence(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    markdown_text(&shortened(&one_line(&joined), SENTENCE))
}

/// A sentence that another one may follow.
fn full_sentence(text: &str) -> String {
    let text = sentence(text);
    if text.ends_with(char::is_alphanumeric) { format!("{text}.") } else { text }
}

/// A command as code. It is not cut, because half a command would do something else.
fn command(text: &str) -> String {
    markdown_code(text, usize::MAX)
}
