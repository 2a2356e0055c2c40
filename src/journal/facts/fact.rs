//! The facts of a run. Their keys on disk are short, because a run has millions of them.

use serde::{Deserialize, Serialize};

use super::attempt::Attempted;
use super::call_ref::CallRef;
use super::intent::Intent;
use super::link::{ContinuedIn, ImportedCall};
use super::settlement::Settled;
use super::steered::Steered;
use crate::model::{Map, RowOutcome, StepOutcome};
use crate::policy::StopReason;

/// A step's end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepEnded {
    /// The index of the step in its list, from 0.
    #[serde(rename = "s")]
    pub step: u32,
    /// How it ended.
    #[serde(rename = "o")]
    pub outcome: StepOutcome,
    /// The reason, if no answer gives it.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The reason as a sentence.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// A row's end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowEnded {
    /// How it ended.
    #[serde(rename = "o")]
    pub outcome: RowOutcome,
    /// The step that decided the outcome.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// The vendor's code, or runsheet's.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The reason as a sentence.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The vendor's id of the request that decided the outcome.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The playbook's `results`, by name.
    #[serde(rename = "v", default, skip_serializing_if = "Map::is_empty")]
    pub results: Map,
}

/// One fact. `I` and `A` are the types of intents and attempts, which leave parts out where only a summary is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Fact<I = Intent, A = Attempted> {
    /// A write is about to be sent.
    #[serde(rename = "i")]
    Intent(I),
    /// An attempt ended.
    #[serde(rename = "a")]
    Attempted(A),
    /// A step ended.
    #[serde(rename = "s")]
    StepEnded(StepEnded),
    /// The rollback of the row began.
    #[serde(rename = "u")]
    RollbackStarted,
    /// The row ended.
    #[serde(rename = "r")]
    RowEnded(RowEnded),
    /// A person settled a call in doubt. The row continues from there.
    #[serde(rename = "t")]
    Settled(Settled),
    /// A call that ended unknown is looked up again.
    #[serde(rename = "q")]
    Reopened(CallRef),
    /// An earlier run made this call.
    #[serde(rename = "c")]
    ImportedCall(ImportedCall),
    /// The row continues in a later run.
    #[serde(rename = "g")]
    ContinuedIn(ContinuedIn),
    /// The run was started or resumed by a process.
    #[serde(rename = "b")]
    Began {
        /// The process.
        process: u32,
        /// The user who ran it; `None` in the journals of earlier versions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// A person steered the run.
    #[serde(rename = "o")]
    Steered(Steered),
    /// The run stopped early.
    #[serde(rename = "x")]
    Stopped(StopReason),
    /// The run finished.
    #[serde(rename = "z")]
    Finished,
}

impl Fact {
    /// Whether this fact ends its row, unless another fact follows.
    #[must_use]
    pub fn ends_row(&self) -> bool {
        match self {
            Self::RowEnded(_) | Self::ContinuedIn(_) => true,
            Self::Intent(_)
            | Self::Attempted(_)
            | Self::StepEnded(_)
            | Self::RollbackStarted
            | Self::Settled(_)
            | Self::Reopened(_)
            | Self::ImportedCall(_)
            | Self::Began { .. }
            | Self::Steered(_)
            | Self::Stopped(_)
            | Self::Finished => false,
        }
    }
}
