//! The plan of an undo: what it would take back, what it would leave, and why.

use std::collections::BTreeMap;

use crate::model::RunId;

/// What an undo takes back, and what it leaves.
#[derive(Debug, Clone)]
pub struct UndoPlan {
    /// The run that is taken back.
    pub run: RunId,
    /// The number of its rows with effects that still stand.
    pub rows: u64,
    /// The effects, grouped by fate, operation and step.
    pub effects: Vec<UndoneEffect>,
    /// The number of rows left out because the outcome of a call is unknown.
    pub unknown: u64,
    /// The number of rows that continued in each later run. What the later run made is not part of this plan.
    pub gone_on: BTreeMap<RunId, u64>,
}

/// The effects of one step with the same fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoneEffect {
    /// The operation that made them.
    pub operation: String,
    /// Its step.
    pub step: String,
    /// What becomes of them.
    pub fate: UndoFate,
    /// The number of effects.
    pub count: u64,
}

/// What becomes of an effect.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum UndoFate {
    /// A call takes it back.
    Call {
        /// The operation that is called.
        operation: String,
    },
    /// It disappears with the effect of another step, which is taken back.
    WithStep {
        /// The other step.
        step: String,
    },
    /// It cannot be taken back.
    Stays {
        /// Why, with sensitive values masked.
        why: String,
    },
    /// A step that runs once made it. Such steps are not taken back.
    RunsOnce {
        /// The list that the step stands in: `before` or `after`.
        list: String,
    },
}

impl UndoPlan {
    /// Returns the number of calls that the undo sends.
    #[must_use]
    pub fn calls(&self) -> u64 {
        let calls = self.effects.iter().filter(|effect| matches!(effect.fate, UndoFate::Call { .. }));
        calls.map(|effect| effect.count).sum()
    }

    /// Whether nothing of the run stands or may stand.
    pub(crate) fn is_empty(&self) -> bool {
        let once = self.effects.iter().any(|effect| matches!(effect.fate, UndoFate::RunsOnce { .. }));
        self.rows == 0 && self.unknown == 0 && !once
    }
}
