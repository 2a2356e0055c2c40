//! What an undo would take back, what it would leave, and why.

use std::collections::BTreeMap;

use crate::model::RunId;

/// What an undo takes back, and what it leaves.
#[derive(Debug, Clone)]
pub struct UndoPlan {
    /// The run that is taken back.
    pub run: RunId,
    /// How many of its rows have effects that stand.
    pub rows: u64,
    /// The effects by what becomes of them, by operation and by step.
    pub effects: Vec<UndoneEffect>,
    /// How many rows are left out because calls of them are unknown.
    pub unknown: u64,
    /// How many rows went on in later runs, which should be taken back first.
    pub gone_on: BTreeMap<RunId, u64>,
}

/// Effects of one step that have the same fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoneEffect {
    /// The operation that made them.
    pub operation: String,
    /// Its step.
    pub step: String,
    /// What becomes of them.
    pub fate: UndoFate,
    /// How many.
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
    /// It goes with the effect of another step, which is taken back.
    WithStep {
        /// That step.
        step: String,
    },
    /// It cannot be taken back.
    Stays {
        /// Why, with sensitive values masked.
        why: String,
    },
    /// It was made by a step that runs once, and such steps are not taken back.
    RunsOnce {
        /// The list that the step stands in: `before` or `after`.
        list: String,
    },
}

impl UndoPlan {
    /// How many calls the undo sends.
    #[must_use]
    pub fn calls(&self) -> u64 {
        let calls = self.effects.iter().filter(|effect| matches!(effect.fate, UndoFate::Call { .. }));
        calls.map(|effect| effect.count).sum()
    }

    /// Whether anything of the run stands or may stand.
    pub(crate) fn is_empty(&self) -> bool {
        let once = self.effects.iter().any(|effect| matches!(effect.fate, UndoFate::RunsOnce { .. }));
        self.rows == 0 && self.unknown == 0 && !once
    }
}
