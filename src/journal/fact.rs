//! The facts a run is made of. Short keys on disk: a run has millions of them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::link::{ContinuedIn, ImportedCall};
use super::read_facts::{FlatAttempted, FlatIntent};
use super::settlement::Settled;
use crate::model::{Disposition, EffectKey, Map, Phase, RowOutcome, StepOutcome, Value};
use crate::policy::{LookupVerdict, StopReason};

/// Which call: step, element, and whether it does or undoes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct CallRef {
    /// The step's place in its list, from 0.
    #[serde(rename = "s")]
    pub step: u32,
    /// The element's place in `for_each`, from 0; 0 without `for_each`.
    #[serde(rename = "i", default, skip_serializing_if = "is_zero")]
    pub item: u32,
    /// Whether it makes the effect or takes it back.
    #[serde(rename = "u", default, skip_serializing_if = "is_do", with = "undo_flag")]
    pub phase: Phase,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_do(phase: &Phase) -> bool {
    *phase == Phase::Do
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(flag: &bool) -> bool {
    !*flag
}

fn is_empty(map: &Arc<Map>) -> bool {
    map.is_empty()
}

fn is_null(value: &Arc<Value>) -> bool {
    value.is_null()
}

pub(super) mod undo_flag {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::model::Phase;

    #[allow(clippy::trivially_copy_pass_by_ref)]
    pub(in super::super) fn serialize<S: Serializer>(phase: &Phase, to: S) -> Result<S::Ok, S::Error> {
        (*phase == Phase::Rollback).serialize(to)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Phase, D::Error> {
        Ok(if bool::deserialize(from)? { Phase::Rollback } else { Phase::Do })
    }
}

/// A write is about to be sent. Synced before its first byte leaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "FlatIntent")]
pub struct Intent {
    /// Which call.
    #[serde(flatten)]
    pub call: CallRef,
    /// Which send of it, from 1.
    #[serde(rename = "n")]
    pub attempt: u32,
    /// Hash of method, path, query and body before authentication.
    #[serde(rename = "h")]
    pub hash: String,
    /// The element's identity: a hash of its value.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// What must not be made twice, as the operation says.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub natural_key: Option<String>,
    /// What the call counts as in the run's budget.
    #[serde(rename = "d", default, skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<String>,
    /// What other runs must not make again; kept in a table of its own beside the entries.
    #[serde(skip)]
    pub effect: Option<EffectKey>,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptEnd {
    /// An answer came; the provider's table read it so.
    Answered(Disposition),
    /// Sent, and no answer came.
    Lost,
    /// Provably never reached the vendor.
    Unsent,
    /// A lookup told.
    LookedUp(LookupVerdict),
    /// A lookup could not be made; what the lookup's own send came to.
    LookupFailed,
    /// Not sent: the request could not be made, came too late or was withheld; the code says which.
    NotMade,
}

impl AttemptEnd {
    /// Whether it was not the call itself that was sent, but a read that tells what became of it.
    #[must_use]
    pub fn is_of_a_lookup(self) -> bool {
        match self {
            Self::LookedUp(_) | Self::LookupFailed => true,
            Self::Answered(_) | Self::Lost | Self::Unsent | Self::NotMade => false,
        }
    }
}

/// One attempt's end, and the call's where it was the last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "FlatAttempted")]
pub struct Attempted {
    /// Which call.
    #[serde(flatten)]
    pub call: CallRef,
    /// How the attempt ended.
    #[serde(rename = "w")]
    pub how: AttemptEnd,
    /// How the call ended; absent while it is to be sent again or looked up.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<StepOutcome>,
    /// Whether a lookup is to decide what follows.
    #[serde(rename = "l", default, skip_serializing_if = "is_false")]
    pub look_up: bool,
    /// Whether the call only read, where its operation may also write.
    #[serde(rename = "q", default, skip_serializing_if = "is_false")]
    pub read: bool,
    /// Whether one send told of several rows' calls, and another row counts it.
    #[serde(rename = "j", default, skip_serializing_if = "is_false")]
    pub joined: bool,
    /// Whether another call had told of the same token's end before: that says nothing of this one.
    #[serde(rename = "t", default, skip_serializing_if = "is_false")]
    pub token_known_expired: bool,
    /// The vendor's code, or ours.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The vendor's words, or ours.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The vendor's id of the request.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The declared outputs; shared with the row's state, which holds the same.
    #[serde(rename = "v", default, skip_serializing_if = "is_empty")]
    pub outputs: Arc<Map>,
    /// The whole answer; shared likewise.
    #[serde(rename = "b", default, skip_serializing_if = "is_null")]
    pub body: Arc<Value>,
}

/// A step's end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepEnded {
    /// The step's place in its list, from 0.
    #[serde(rename = "s")]
    pub step: u32,
    /// How it ended.
    #[serde(rename = "o")]
    pub outcome: StepOutcome,
    /// Why, where no answer says it.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Why, in words.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// A row's end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowEnded {
    /// How it ended.
    #[serde(rename = "o")]
    pub outcome: RowOutcome,
    /// The step that decided it.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// The vendor's code, or ours.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Why, in words.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The vendor's id of the deciding request.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The playbook's `results`, by name.
    #[serde(rename = "v", default, skip_serializing_if = "Map::is_empty")]
    pub results: Map,
}

/// One thing that became known. `I` and `A` are how much is read of an intent and of an attempt: all, unless a pass over
/// many leaves parts out.
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
    /// The row's effects are being taken back.
    #[serde(rename = "u")]
    RollbackStarted,
    /// The row ended.
    #[serde(rename = "r")]
    RowEnded(RowEnded),
    /// A person told what became of a call in doubt; the row goes on from there.
    #[serde(rename = "t")]
    Settled(Settled),
    /// A call that ended unknown is looked up once more.
    #[serde(rename = "q")]
    Reopened(CallRef),
    /// An earlier run made this call.
    #[serde(rename = "c")]
    ImportedCall(ImportedCall),
    /// The row goes on in a later run.
    #[serde(rename = "g")]
    ContinuedIn(ContinuedIn),
    /// The run was started or resumed by a process.
    #[serde(rename = "b")]
    Began {
        /// The process.
        process: u32,
    },
    /// The run stopped before its end.
    #[serde(rename = "x")]
    Stopped(StopReason),
    /// The run came to its end.
    #[serde(rename = "z")]
    Finished,
}

impl Fact {
    /// Whether a row has ended with this fact, unless another one follows.
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
            | Self::Stopped(_)
            | Self::Finished => false,
        }
    }
}
