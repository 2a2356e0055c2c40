//! One entry: the facts of one scope that are decided at one instant and written together.

use serde::{Deserialize, Serialize};

use super::call_ref::CallRef;
use super::fact::Fact;
use crate::model::{EffectKey, StepScope, Time};

/// Facts that go to disk together. A call's result and the next call's intent share an entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// Position in the journal, from 1, without gaps.
    pub seq: u64,
    /// When the facts were decided.
    pub at: Time,
    /// The scope of the facts.
    pub scope: StepScope,
    /// The facts, in order.
    pub facts: Vec<Fact>,
}

impl JournalEntry {
    /// The effects that are about to be made, including those of repeated sends.
    pub fn effects(&self) -> impl Iterator<Item = (CallRef, EffectKey)> + '_ {
        self.facts.iter().filter_map(|fact| match fact {
            Fact::Intent(intent) => intent.effect.map(|key| (intent.call, key)),
            Fact::Attempted(_)
            | Fact::StepEnded(_)
            | Fact::RollbackStarted
            | Fact::RowEnded(_)
            | Fact::Settled(_)
            | Fact::Reopened(_)
            | Fact::ImportedCall(_)
            | Fact::ContinuedIn(_)
            | Fact::Began { .. }
            | Fact::Steered(_)
            | Fact::Stopped(_)
            | Fact::Finished => None,
        })
    }
}
