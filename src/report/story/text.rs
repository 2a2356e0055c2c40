//! A story as text for a terminal: how the row stands, its cells, what happened step by step, and what to do next.

use std::fmt::Write as _;

use super::row_story::{RowStanding, Story, StoryCell, StoryElsewhere, StoryStep};
use super::text_moment::{TextLines, text_of};
use crate::diagnostic::{one_line, padded, printable, shortened, widest};
use crate::model::{RowOutcome, StepOutcome};
use crate::report::run_record::RunKind;

/// The most characters of a cell, an output or a result on its line.
const WIDEST_VALUE: usize = 400;

impl Story {
    /// Renders the story for a terminal: several lines without colour.
    #[must_use]
    pub fn render_text(&self) -> String {
        let mut out = String::new();
        self.push_head(&mut out);
        push_values(&mut out, "Cells", &self.row.cells);
        self.push_timeline(&mut out);
        push_values(&mut out, "Results", &self.state.results);
        self.push_elsewhere(&mut out);
        for note in &self.notes {
            let _ = writeln!(out, "Note: {}", one_line(note));
        }
        for next in &self.next {
            let _ = writeln!(out, "{}", one_line(&next.to_string()));
        }
        out.truncate(out.trim_end().len());
        out
    }

    fn push_head(&self, out: &mut String) {
        let state = &self.state;
        let said = match state.standing {
            RowStanding::Ended | RowStanding::WentOn | RowStanding::Damaged => state.outcome.in_words().to_owned(),
            RowStanding::UnderWay => "under way".to_owned(),
            RowStanding::Open => format!("{}, and not at its end", state.outcome.in_words()),
            RowStanding::NotStarted if state.outcome == RowOutcome::NotStarted => "not started".to_owned(),
            RowStanding::NotStarted => state.outcome.in_words().to_owned(),
        };
        let step = state.step.as_ref().map(|step| format!(", step `{step}`")).unwrap_or_default();
        let code = state.code.as_ref().filter(|code| !code.is_empty());
        let code = code.map(|code| format!(": {}", one_line(code))).unwrap_or_default();
        let message = state.message.as_ref().filter(|message| !message.is_empty());
        let message = message.map(|message| format!(": {}", one_line(message))).unwrap_or_default();
        let _ = writeln!(out, "{} {said}{step}{code}{message}", self.name());
        let run = &self.run;
        let kind = match (run.kind, &run.of) {
            (RunKind::Run, _) | (_, None) => String::new(),
            (RunKind::Retry, Some(of)) => format!(", a retry of {of}"),
            (RunKind::Undo, Some(of)) => format!(", an undo of {of}"),
        };
        let _ = writeln!(
            out,
            "Run {}{kind}: {}, environment `{}`, started {}, {}",
            run.run_id,
            one_line(&run.playbook),
            one_line(&run.environment),
            run.started_at,
            run.state
        );
        if let Some(why) = &self.row.invalid {
            let _ = writeln!(out, "The row is invalid, so nothing of it was sent: {}", one_line(why));
        }
    }

    /// `Row 3 of rows.csv, A-2:`, or which steps that run once it is about.
    fn name(&self) -> String {
        let row = &self.row;
        let file = row.file.as_ref().map(|file| format!(" of {}", one_line(file))).unwrap_or_default();
        match (row.scope.as_str(), row.number, &row.key) {
            ("row", Some(number), Some(key)) => format!("Row {number}{file}, `{}`:", one_line(key)),
            ("row", _, _) => "The run without rows:".to_owned(),
            (scope, _, _) => format!("The steps `{scope}`:"),
        }
    }

    /// The timeline, with the lines of a step in front of its first moment.
    fn push_timeline(&self, out: &mut String) {
        let (mut of_step, mut told) = (None, Vec::new());
        let middle = self.timeline.len() / 2;
        for (place, moment) in self.timeline.iter().enumerate() {
            if place == middle && self.left_out > 0 {
                let _ = writeln!(out, "\n  … {} moments are left out here", self.left_out);
            }
            let TextLines { step, lines } = text_of(moment);
            if let Some(step) = step {
                if of_step != Some(step) {
                    of_step = Some(step);
                    self.push_step(out, step, told.contains(&step));
                    told.push(step);
                }
            } else if of_step.take().is_some() || told.is_empty() {
                out.push('\n');
            }
            for line in lines {
                let _ = writeln!(out, "  {}", printable(&line));
            }
        }
        for step in self.steps.iter().filter(|step| !told.contains(&step.id.as_str()) && step.outcome.is_none()) {
            let _ = writeln!(out, "\n{}", step_line(step, ": it was not reached"));
        }
    }

    fn push_step(&self, out: &mut String, id: &str, again: bool) {
        let Some(step) = self.steps.iter().find(|step| step.id == id) else {
            let _ = writeln!(out, "\nStep `{}`", one_line(id));
            return;
        };
        if again {
            let _ = writeln!(out, "\n{}", step_line(step, ", again"));
            return;
        }
        let outcome = step.outcome.map(|outcome| format!(": {}", step_words(outcome))).unwrap_or_default();
        let _ = writeln!(out, "\n{}", step_line(step, &outcome));
        let width = (step.line + step.lines.len()).to_string().len();
        for (number, line) in (step.line..).zip(&step.lines) {
            let _ = writeln!(out, "  {number:>width$} | {}", shortened(&printable(line), WIDEST_VALUE));
        }
    }

    fn push_elsewhere(&self, out: &mut String) {
        if !self.elsewhere.is_empty() {
            out.push_str("\nOther runs with this row\n");
        }
        for other in &self.elsewhere {
            let _ = writeln!(out, "  {}", elsewhere_line(other));
        }
        out.push('\n');
    }
}

fn step_line(step: &StoryStep, rest: &str) -> String {
    format!("Step `{}` ({}), {}:{}{rest}", step.id, step.operation, one_line(&step.file), step.line)
}

fn elsewhere_line(other: &StoryElsewhere) -> String {
    let kind = match other.kind {
        RunKind::Run => "run",
        RunKind::Retry => "retry",
        RunKind::Undo => "undo",
    };
    let when = if other.later { "later" } else { "earlier" };
    let time = match (&other.from, &other.to) {
        (Some(from), Some(to)) => format!(", {from} to {to}"),
        _ => String::new(),
    };
    let outcome = other.outcome.map(|outcome| format!(": {}", outcome.in_words())).unwrap_or_default();
    let step = other.step.as_ref().map(|step| format!(", step `{step}`")).unwrap_or_default();
    let code = other.code.as_ref().map(|code| format!(": {}", one_line(code))).unwrap_or_default();
    let problem = other.problem.as_ref().map(|problem| format!(": {}", one_line(problem))).unwrap_or_default();
    format!("{} ({when} {kind}{time}){outcome}{step}{code}{problem}", other.run_id)
}

fn push_values(out: &mut String, title: &str, values: &[StoryCell]) {
    if values.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{title}");
    let width = widest(values.iter().map(|cell| one_line(&cell.name)));
    for cell in values {
        let _ = writeln!(out, "  {}  {}", padded(&one_line(&cell.name), width), value_line(cell));
    }
}

/// A value on one line.
pub(super) fn value_line(cell: &StoryCell) -> String {
    if cell.value.value.is_null() {
        return "(blank)".to_owned();
    }
    let text = cell.value.text();
    shortened(&one_line(&text), WIDEST_VALUE).into_owned()
}

/// An outcome of a step or a call in words.
pub(super) fn step_words(outcome: StepOutcome) -> &'static str {
    match outcome {
        StepOutcome::Warning => "succeeded with a warning",
        StepOutcome::Succeeded
        | StepOutcome::Unchanged
        | StepOutcome::Skipped
        | StepOutcome::Failed
        | StepOutcome::Unknown => outcome.as_str(),
    }
}
