//! A document under way: whose turn it is, what was done, how it ended.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::seed;

/// The state of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::sandbox) enum WorkflowState {
    Playing,
    Complete,
    Canceled,
}

/// One line of a document's history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::sandbox) struct Event {
    pub(in crate::sandbox) step_code: String,
    pub(in crate::sandbox) action_id: String,
    pub(in crate::sandbox) email: String,
    pub(in crate::sandbox) comment: String,
    pub(in crate::sandbox) time: Timestamp,
}

/// One document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::sandbox) struct Workflow {
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) state: WorkflowState,
    /// The step whose turn it is; its text is the `action_id`.
    pub(in crate::sandbox) current: u64,
    /// How many steps there are.
    pub(in crate::sandbox) total: u64,
    /// Who acts at a step, where known.
    pub(in crate::sandbox) owners: BTreeMap<u64, String>,
    pub(in crate::sandbox) history: Vec<Event>,
    pub(in crate::sandbox) created: Timestamp,
    pub(in crate::sandbox) expires: Timestamp,
    /// Whether required fields are filled.
    pub(in crate::sandbox) filled: bool,
    /// Whether it was only read so far: the first action still decides its current step.
    pub(in crate::sandbox) provisional: bool,
}

impl Workflow {
    /// Makes an unseen document stand at `step`, the steps before it done.
    pub(in crate::sandbox) fn stand_at(&mut self, step: u64) {
        self.current = step;
        self.total = step + seed::between(&["esignon steps", &self.id], 0, 2);
        self.history.clear();
        for done in step.saturating_sub(3).max(1)..step {
            let email = self.owner(done);
            self.record("SIGN_COMPLETE", done, &email, "", self.created);
        }
    }

    /// Who acts at a step.
    pub(in crate::sandbox) fn owner(&self, step: u64) -> String {
        let made_up = || {
            format!("signer{}@example.com", seed::between(&["esignon owner", &self.id, &step.to_string()], 100, 999))
        };
        self.owners.get(&step).cloned().unwrap_or_else(made_up)
    }

    pub(in crate::sandbox) fn record(
        &mut self,
        step_code: &str,
        step: u64,
        email: &str,
        comment: &str,
        time: Timestamp,
    ) {
        self.history.push(Event {
            step_code: step_code.to_owned(),
            action_id: step.to_string(),
            email: email.to_owned(),
            comment: comment.to_owned(),
            time,
        });
    }

    /// Returns its state at `now`: a document past its expiry is over.
    pub(in crate::sandbox) fn shown(&self, now: Timestamp) -> &'static str {
        match self.state {
            WorkflowState::Playing if self.expires <= now => "Truncate",
            WorkflowState::Playing => "Playing",
            WorkflowState::Complete => "Complete",
            WorkflowState::Canceled => "Canceled",
        }
    }
}
