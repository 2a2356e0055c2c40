//! Ends a row: its outcome, the reason for it, and the playbook's results.

use super::rollback::is_to_be_undone;
use super::row_machine::RowMachine;
use super::step_context::StepContext;
use crate::journal::{CallState, Fact, RowEnded, ScopeShape, derive_outcome};
use crate::model::{Map, RowOutcome, StepOutcome, StepScope};
use crate::plan::{Answers, render};

/// What decided a row: step, code, message, request id. Each may be `None`.
pub(super) type Reason = (Option<String>, Option<String>, Option<String>, Option<String>);

impl RowMachine {
    /// Ends the row with the outcome that its state has.
    pub(super) fn end(&mut self, context: StepContext<'_>) {
        let outcome = derive_outcome(&self.state, context.shape);
        let (step, code, message, request_id) = match context.shape.undoing {
            Some(_) => self.reason_of_undo(context.shape, outcome),
            None => self.reason(context, outcome),
        };
        let results = self.results(context, outcome);
        self.record(context.now, Fact::RowEnded(RowEnded { outcome, step, code, message, request_id, results }));
    }

    /// The reason for an outcome: the first failure, or else the last unknown call, or the last warning.
    fn reason(&self, context: StepContext<'_>, outcome: RowOutcome) -> Reason {
        let wanted: &[StepOutcome] = match outcome {
            RowOutcome::Unknown => &[StepOutcome::Unknown],
            RowOutcome::Partial | RowOutcome::Failed => &[StepOutcome::Failed],
            RowOutcome::NotStarted | RowOutcome::Succeeded | RowOutcome::Unchanged | RowOutcome::Skipped => {
                &[StepOutcome::Warning]
            }
        };
        let mut found: Reason = (None, None, None, None);
        for (state, shape) in self.state.steps.iter().zip(&context.shape.steps) {
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

    fn results(&mut self, context: StepContext<'_>, outcome: RowOutcome) -> Map {
        self.scope.remove("item");
        if !matches!(self.step_scope, StepScope::Row(_)) || outcome == RowOutcome::NotStarted {
            return Map::new();
        }
        let mut results = Map::new();
        for (name, tree) in &context.plan.results {
            // A result that needs a step which the row did not reach is blank. The row does not fail because of it.
            let value = render(tree, &context.plan.templates, &mut self.scope, Answers::Known).unwrap_or_default();
            results.insert(name.clone(), value);
        }
        results
    }

    /// The reason for an outcome in an undo: the rollback that failed or is unknown, else the step that no operation
    /// undoes.
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
        let stands = |call: &CallState| is_to_be_undone(shape, call);
        let left = steps().find(|(state, about)| about.rollback.is_none() && state.calls.iter().any(stands));
        let step = left.map(|(_, about)| about.id.clone());
        (step, Some("no_undo".to_owned()), Some("no operation takes it back".to_owned()), None)
    }
}
