//! What to do after a run: the commands, the most urgent first.

use std::fmt;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::next_action::NextAction;
use super::summary::{RunOutcome, Summary};
use crate::diagnostic::shell_path;
use crate::model::RunId;
use crate::policy::StopKind;

/// One thing to do, and its command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NextStep {
    /// What it does, and what must be done before. It says what to put in place of a word in capitals.
    pub what: String,
    /// The command. Words in capitals have to be replaced before it runs.
    pub command: String,
}

impl NextStep {
    /// A step with its command.
    pub(super) fn new(what: NextAction, command: String) -> Self {
        Self { what: what.as_str().to_owned(), command }
    }

    /// Continues a run; one that is paused sends nothing before the pause ends.
    pub(super) fn go_on(run: &RunId, is_paused: bool) -> Self {
        match is_paused {
            true => {
                Self::new(NextAction::EndPauseAndGoOn, format!("runsheet ctl {run} resume && runsheet resume {run}"))
            }
            false => Self::new(NextAction::GoOn, format!("runsheet resume {run}")),
        }
    }
}

impl fmt::Display for NextStep {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.what, self.command)
    }
}

impl Summary {
    /// What to do next, the most urgent first.
    #[must_use]
    pub fn next_steps(&self) -> Vec<NextStep> {
        let mut steps = Vec::new();
        let run = &self.run_id;
        let left = self.rows.not_started + self.rows.partial + self.rows.unknown > 0;
        let resumes = match self.outcome {
            _ if self.is_cancelled() => false,
            RunOutcome::Stopped => left,
            RunOutcome::Unknown => self.stopped.is_some() && self.rows.not_started + self.rows.partial > 0,
            RunOutcome::Interrupted | RunOutcome::Broken => true,
            RunOutcome::Succeeded | RunOutcome::Failed | RunOutcome::Refused => false,
        };
        if self.outcome == RunOutcome::Refused {
            steps.push(NextStep::new(NextAction::GoOnUnrefused, format!("runsheet resume {run}")));
        } else if resumes && self.stopped_by(StopKind::Budget) {
            steps.push(NextStep::new(NextAction::RaiseBudget, format!("runsheet retry {run} --playbook COPY")));
        } else if resumes && self.was_redirected() {
            // A resumed run would keep the old address.
            let rows = self.file("not_started").map(|file| format!(" --rows {}", shell_path(file)));
            let command = format!("runsheet run PLAYBOOK{}", rows.unwrap_or_default());
            steps.push(NextStep::new(NextAction::CorrectAddress, command));
        } else if resumes {
            steps.push(NextStep::go_on(run, self.is_paused()));
        }
        if self.rows.unknown > 0 {
            steps.push(NextStep::new(NextAction::FindOutUnknown, format!("runsheet resolve {run}")));
        }
        let missing = self.rows.failed + self.rows.partial + self.rows.not_started;
        if missing > 0 && !resumes && self.outcome != RunOutcome::Refused {
            steps.extend(self.again());
        }
        steps
    }

    /// How to repeat what is missing after the cause is corrected.
    fn again(&self) -> Vec<NextStep> {
        let run = &self.run_id;
        match &self.undo_of {
            Some(_) if self.rows.unknown > 0 => {
                vec![NextStep::new(NextAction::GoOnWithUndo, format!("runsheet resume {run}"))]
            }
            Some(of) => vec![NextStep::new(NextAction::UndoAgain, format!("runsheet undo {of}"))],
            None => {
                let corrected = |file: &PathBuf| format!("runsheet retry {run} --rows {}", shell_path(file));
                let corrected = self.file("failed").map(|file| NextStep::new(NextAction::CorrectRows, corrected(file)));
                let missing = NextStep::new(NextAction::DoMissing, format!("runsheet retry {run}"));
                std::iter::once(missing).chain(corrected).collect()
            }
        }
    }

    /// The row file with this name, in any format; `None` if it was not written.
    fn file(&self, name: &str) -> Option<&PathBuf> {
        self.files.iter().find(|file| file.file_stem().is_some_and(|stem| stem == name))
    }
}
