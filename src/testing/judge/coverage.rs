//! The coverage of a playbook by its tests: steps, conditions, rollbacks, failures.

use std::collections::BTreeSet;

use crate::model::StepOutcome;
use crate::playbook::Playbook;
use crate::testing::file::RequestKind;
use crate::testing::rehearsal::Rehearsed;

/// What the tests have reached.
#[derive(Debug, Default)]
pub struct Coverage {
    sent: BTreeSet<String>,
    taken_back: BTreeSet<String>,
    skipped: BTreeSet<String>,
    failed: BTreeSet<String>,
}

impl Coverage {
    /// Adds a rehearsal.
    pub fn add(&mut self, done: &Rehearsed) {
        for sent in &done.sent {
            match sent.kind {
                RequestKind::Call => self.sent.insert(sent.step.clone()),
                RequestKind::Rollback => self.taken_back.insert(sent.step.clone()),
                RequestKind::Lookup => false,
            };
        }
        for (step, outcome) in &done.steps {
            match outcome {
                StepOutcome::Skipped => self.skipped.insert(step.clone()),
                StepOutcome::Failed => self.failed.insert(step.clone()),
                StepOutcome::Succeeded | StepOutcome::Warning | StepOutcome::Unchanged | StepOutcome::Unknown => false,
            };
        }
    }

    /// What no test reached, in the order of the steps.
    #[must_use]
    pub fn gaps(&self, playbook: &Playbook) -> Vec<String> {
        let mut gaps = Vec::new();
        for step in playbook.all_steps() {
            let id = &step.id;
            if !self.sent.contains(id) {
                gaps.push(format!("that `{id}` is sent"));
                continue;
            }
            if step.when.is_some() && !self.skipped.contains(id) {
                gaps.push(format!("that `when` skips `{id}`"));
            }
            if step.rollback.is_some() && !self.taken_back.contains(id) {
                gaps.push(format!("that `{id}` is rolled back"));
            }
            if !self.failed.contains(id) {
                gaps.push(format!("that `{id}` fails"));
            }
        }
        gaps
    }
}
