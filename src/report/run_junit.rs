//! A run as JUnit: a test case for each row, and one for the run as a whole.

use std::time::Duration;

use super::junit::{JunitCase, JunitProblem, JunitResult};
use super::row_command::RowCommands;
use super::row_record::RowRecord;
use super::run_record::{RecordedState, RunRecord};
use crate::model::{Masks, RowOutcome};

/// The suite with the case of the run as a whole.
pub const RUN_SUITE: &str = "run";
/// The case of a row of a playbook that has no rows.
const STEPS: &str = "steps";

/// What the cases of all rows need.
pub struct RowCases {
    /// The row file's name; `None` if the playbook has no rows.
    pub rows_file: Option<String>,
    /// The steps, each with its file and its line.
    pub steps: Vec<(String, (String, usize))>,
    /// Whether keys are masked.
    pub masks_keys: bool,
    /// The commands that come next for rows in trouble.
    pub commands: RowCommands,
}

impl RowCases {
    /// The case of a row. `under_way`: a process works on it at this moment. `masks` are the row's; they are needed only if it
    /// ended and did not succeed.
    #[must_use]
    pub fn case(&self, row: &RowRecord, under_way: bool, masks: &Masks) -> JunitCase {
        let took = row.times.map_or(Duration::ZERO, |(first, last)| last.since(first));
        let place = row
            .step
            .as_ref()
            .filter(|_| row.outcome.is_trouble() && !under_way)
            .and_then(|step| self.steps.iter().find(|(id, _)| id == step).map(|(_, place)| place.clone()));
        let result = match row.outcome {
            _ if under_way => JunitResult::Skipped("under way: it has not ended".to_owned()),
            RowOutcome::Succeeded | RowOutcome::Unchanged => JunitResult::Passed,
            RowOutcome::Skipped => JunitResult::Skipped("the playbook skips it".to_owned()),
            RowOutcome::NotStarted => JunitResult::Skipped("not started: no call of it was sent".to_owned()),
            RowOutcome::Failed | RowOutcome::Partial => JunitResult::Failed(self.problem(row, place.as_ref(), masks)),
            RowOutcome::Unknown => JunitResult::Broken(self.problem(row, place.as_ref(), masks)),
        };
        JunitCase { name: self.name(row), place, took, result }
    }

    /// The name of a row's case: its key, or its number if the key must not be shown.
    fn name(&self, row: &RowRecord) -> String {
        match row.key.is_empty() {
            true if self.rows_file.is_none() => STEPS.to_owned(),
            false if !self.masks_keys => row.key.clone(),
            true | false => format!("row {}", row.number),
        }
    }

    fn problem(&self, row: &RowRecord, place: Option<&(String, usize)>, masks: &Masks) -> JunitProblem {
        let masked = |text: &Option<String>| text.as_ref().map(|text| masks.text(text).into_owned());
        let (code, message) = (masked(&row.code), masked(&row.message));
        let outcome = row.outcome.as_str();
        let at = place.map(|(file, line)| format!(" ({file}:{line})")).unwrap_or_default();
        let mut story: Vec<String> = Vec::new();
        if let Some(file) = &self.rows_file {
            story.push(format!("row {} of {file}", row.number));
        }
        story.push(format!("outcome: {outcome}"));
        story.extend(row.step.as_ref().map(|step| format!("step: {step}{at}")));
        story.extend(code.as_ref().map(|code| format!("code: {code}")));
        story.extend(message.as_ref().map(|message| format!("message: {message}")));
        story.extend(masked(&row.request_id).map(|id| format!("request id: {id}")));
        story.push(format!("requests sent: {}", row.attempts));
        story.push(format!("next: {}", self.commands.of(row.outcome, row.goes_on)));
        JunitProblem {
            message: message.filter(|text| !text.is_empty()).unwrap_or_else(|| outcome.to_owned()),
            code: code.filter(|text| !text.is_empty()).unwrap_or_else(|| outcome.to_owned()),
            story: story.join("\n"),
        }
    }
}

impl RunRecord {
    /// The case of the run as a whole. It fails if the run did not finish, so that rows that were not started do not go
    /// unnoticed.
    #[must_use]
    pub(crate) fn junit_case(&self) -> JunitCase {
        let problem = |code: &str| {
            let next: Vec<String> = self.next.iter().map(ToString::to_string).collect();
            let story = format!("{}\n{}", self.verdict, next.join("\n"));
            JunitProblem { code: code.to_owned(), message: self.verdict.clone(), story }
        };
        let stopped = || self.stopped.as_ref().and_then(|stop| stop.get("kind")?.as_str()).unwrap_or("stopped");
        let result = match self.state {
            RecordedState::Finished if self.problems.is_empty() => JunitResult::Passed,
            RecordedState::Finished => JunitResult::Broken(JunitProblem {
                code: "audit".to_owned(),
                message: "the audit of the journal found errors".to_owned(),
                story: self.problems.join("\n"),
            }),
            RecordedState::Stopped => JunitResult::Failed(problem(stopped())),
            RecordedState::Running => JunitResult::Broken(problem("running")),
            RecordedState::BrokenOff => JunitResult::Broken(problem("broken_off")),
        };
        let name = format!("{} {}", self.kind.as_str(), self.run_id);
        JunitCase { name, place: None, took: Duration::from_millis(self.duration_ms), result }
    }

    /// What stands as properties of the run in a JUnit report.
    #[must_use]
    pub(crate) fn junit_properties(&self) -> Vec<(&'static str, String)> {
        let mut properties = vec![
            ("run_id", self.run_id.to_string()),
            ("state", self.state.as_str().to_owned()),
            ("verdict", self.verdict.clone()),
            ("playbook", self.playbook_file.clone()),
            ("environment", self.environment.clone()),
            ("started_at", self.started_at.clone()),
        ];
        let some = [
            ("outcome", self.outcome.map(|outcome| outcome.as_str().to_owned())),
            ("started_by", self.started_by.clone()),
            ("finished_at", self.finished_at.clone()),
            ("earlier_run", self.earlier_run.as_ref().map(ToString::to_string)),
            ("rows_file", self.rows_file.clone()),
        ];
        properties.extend(some.into_iter().filter_map(|(name, value)| Some((name, value?))));
        properties.push(("rows.total", self.rows.total.to_string()));
        let counts = [
            ("rows.succeeded", RowOutcome::Succeeded),
            ("rows.unchanged", RowOutcome::Unchanged),
            ("rows.skipped", RowOutcome::Skipped),
            ("rows.failed", RowOutcome::Failed),
            ("rows.partial", RowOutcome::Partial),
            ("rows.unknown", RowOutcome::Unknown),
            ("rows.not_started", RowOutcome::NotStarted),
        ];
        let at_rest = self.rows_at_rest();
        properties.extend(counts.map(|(name, outcome)| (name, at_rest.of(outcome).to_string())));
        properties.extend(self.under_way.map(|rows| ("rows.under_way", rows.total.to_string())));
        properties
    }
}
