//! A row's end: its outcome, what decided it, and the playbook's results.

use super::rollback::is_about;
use super::row_machine::RowMachine;
use super::step_context::Scene;
use crate::journal::{CallState, Fact, RowEnded, ScopeShape, derive_outcome};
use crate::model::{Map, RowOutcome, StepOutcome, StepScope as Whose};
use crate::plan::{Answers, render};

/// Step, code, message, request id.
pub(super) type Reason = (Option<String>, Option<String>, Option<String>, Option<String>);

impl RowMachine {
    /// Ends the row as it stands.
    pub(super) fn end(&mut self, scene: Scene<'_>) {
        let outcome = derive_outcome(&self.state, scene.shape);
        let (step, code, message, request_id) = match scene.shape.undoing {
            Some(_) => self.reason_of_undo(scene.shape, outcome),
            None => self.reason(scene, outcome),
        };
        let results = self.results(scene, outcome);
        self.record(scene.now, Fact::RowEnded(RowEnded { outcome, step, code, message, request_id, results }));
    }

    /// What decided the row: the failed or unknown call, or the last warning.
    fn reason(&self, scene: Scene<'_>, outcome: RowOutcome) -> Reason {
        let wanted: &[StepOutcome] = match outcome {
            RowOutcome::Unknown => &[StepOutcome::Unknown],
            RowOutcome::Partial | RowOutcome::Failed => &[StepOutcome::Failed],
            RowOutcome::NotStarted | RowOutcome::Succeeded | RowOutcome::Unchanged | RowOutcome::Skipped => {
                &[StepOutcome::Warning]
            }
        };
        let mut found: Reason = (None, None, None, None);
        for (state, shape) in self.state.steps.iter().zip(&scene.shape.steps) {
            let calls =
                state.calls.iter().map(|call| ("", call)).chain(state.undone.iter().map(|call| ("rollback: ", call)));
            for (prefix, call) in calls {
                let Some(ended) = call.ended.as_ref().filter(|ended| wanted.contains(&ended.outcome)) else { continue };
                let message = ended.message.as_ref().map(|message| format!("{prefix}{message}"));
                found = (Some(shape.id.clone()), ended.code.clone(), message, ended.request_id.clone());
                if outcome == RowOutcome::Failed || outcome == RowOutcome::Partial {
                    return found;
                }
            }
            if let Some(ended) =
                state.ended.as_ref().filter(|ended| wanted.contains(&ended.outcome) && ended.code.is_some())
            {
                return (Some(shape.id.clone()), ended.code.clone(), ended.message.clone(), None);
            }
        }
        found
    }

    fn results(&mut self, scene: Scene<'_>, outcome: RowOutcome) -> Map {
        self.scope.remove("item");
        if !matches!(self.whose, Whose::Row(_)) || outcome == RowOutcome::NotStarted {
            return Map::new();
        }
        let mut results = Map::new();
        for (name, tree) in &scene.plan.results {
            // A result that needs a step the row never reached is blank, not a failure of the row.
            let value = render(tree, &scene.plan.templates, &mut self.scope, Answers::Known).unwrap_or_default();
            results.insert(name.clone(), value);
        }
        results
    }

    /// What decided a row of an undo: the call that failed or is unknown, else the step that nothing takes back.
    pub(super) fn reason_of_undo(&self, shape: &ScopeShape, outcome: RowOutcome) -> Reason {
        let wanted = match outcome {
            RowOutcome::Unknown => StepOutcome::Unknown,
            RowOutcome::Partial | RowOutcome::Failed => StepOutcome::Failed,
            RowOutcome::NotStarted | RowOutcome::Succeeded | RowOutcome::Unchanged | RowOutcome::Skipped => {
                return (None, None, None, None);
            }
        };
        let steps = || self.state.steps.iter().zip(&shape.steps);
        for (state, about) in steps().rev() {
            let ended = state.undone.iter().filter_map(|call| call.ended.as_ref());
            if let Some(ended) = ended.rev().find(|ended| ended.outcome == wanted) {
                return (Some(about.id.clone()), ended.code.clone(), ended.message.clone(), ended.request_id.clone());
            }
        }
        let stands = |call: &CallState| is_about(shape, call);
        let left = steps().find(|(state, about)| about.rollback.is_none() && state.calls.iter().any(stands));
        let step = left.map(|(_, about)| about.id.clone());
        (step, Some("no_undo".to_owned()), Some("no operation takes it back".to_owned()), None)
    }
}
