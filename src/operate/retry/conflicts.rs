//! Refuses a retry under which calls that are done would change.

use std::collections::HashSet;

use crate::diagnostic::{one_line, plural};
use crate::model::RunId;
use crate::operate::interface::Refusal;
use crate::plan::Plan;
use crate::runner::Carryover;

/// The most keys that a message names.
const KEYS_NAMED: usize = 20;

/// Refuses a retry under which done calls of `run` would change.
///
/// # Errors
/// [`Refusal::Conflict`] with the rows and the steps.
pub(super) fn refuse_conflicts(kept: &Carryover, plan: &Plan, run: &RunId) -> Result<(), Refusal> {
    let conflicts = &kept.conflicts;
    if conflicts.is_empty() {
        return Ok(());
    }
    let keys: HashSet<&str> = conflicts.iter().map(|(key, _)| key.as_str()).collect();
    let rows = plural(keys.len(), "row");
    let mut message =
        format!("{rows} with steps that are done but would now send something else, so nothing was sent:");
    for (key, conflict) in conflicts.iter().take(KEYS_NAMED) {
        let shown = one_line(plan.shown_key(key));
        message.push_str(&format!("\n  {shown}: step `{}`: {}", conflict.step, conflict.message));
    }
    if conflicts.len() > KEYS_NAMED {
        message.push_str(&format!("\n  … and {} more", conflicts.len() - KEYS_NAMED));
    }
    message.push_str("\nChange only what is not done, or undo the run first: runsheet undo ");
    message.push_str(run.as_str());
    Err(Refusal::Conflict(message))
}
