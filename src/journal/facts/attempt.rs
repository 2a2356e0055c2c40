//! The fact that an attempt ended, as it is written and as it is read.

use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};

use super::call_ref::{CallRef, undo_flag};
use super::waits::Waits;
use crate::model::{Disposition, Map, Phase, StepOutcome, Value};
use crate::policy::LookupVerdict;

/// Shared by all attempts without outputs or without a body.
pub(super) static NO_OUTPUTS: LazyLock<Arc<Map>> = LazyLock::new(Arc::default);
pub(super) static NO_BODY: LazyLock<Arc<Value>> = LazyLock::new(Arc::default);

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptEnd {
    /// An answer, with its meaning by the provider's table.
    Answered(Disposition),
    /// Sent without an answer.
    Lost,
    /// It provably did not reach the vendor.
    Unsent,
    /// A lookup was answered.
    LookedUp(LookupVerdict),
    /// A lookup gave no verdict.
    LookupFailed,
    /// Not sent: the request could not be made, came too late or was withheld; the code says which.
    NotMade,
}

impl AttemptEnd {
    /// Whether the call's lookup was sent instead of the call itself.
    #[must_use]
    pub fn is_of_a_lookup(self) -> bool {
        match self {
            Self::LookedUp(_) | Self::LookupFailed => true,
            Self::Answered(_) | Self::Lost | Self::Unsent | Self::NotMade => false,
        }
    }
}

/// The end of an attempt, and of the call if it was the last one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "FlatAttempted")]
pub struct Attempted {
    /// The call.
    #[serde(flatten)]
    pub call: CallRef,
    /// How the attempt ended.
    #[serde(rename = "w")]
    pub end: AttemptEnd,
    /// How the call ended; `None` if it will be sent again or looked up.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<StepOutcome>,
    /// Whether a lookup follows.
    #[serde(rename = "l", default, skip_serializing_if = "is_false")]
    pub look_up: bool,
    /// Whether the call only read although its operation may also write.
    #[serde(rename = "q", default, skip_serializing_if = "is_false")]
    pub read: bool,
    /// Whether the lookup was shared by several rows and is counted for another one.
    #[serde(rename = "j", default, skip_serializing_if = "is_false")]
    pub joined: bool,
    /// Whether another call had already reported that this token expired; this call's renewals do not count it.
    #[serde(rename = "t", default, skip_serializing_if = "is_false")]
    pub token_known_expired: bool,
    /// The vendor's code, or runsheet's.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The vendor's message, or runsheet's.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The vendor's id of the request.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The declared outputs; shared with the row's state, which holds the same.
    #[serde(rename = "v", default, skip_serializing_if = "is_empty")]
    pub outputs: Arc<Map>,
    /// The whole answer; shared in the same way.
    #[serde(rename = "b", default, skip_serializing_if = "is_null")]
    pub body: Arc<Value>,
    /// The HTTP status of the answer; `None` for 200, and without an answer.
    #[serde(rename = "y", default, skip_serializing_if = "Option::is_none")]
    pub http_status: Option<u16>,
    /// The time from handing the call to the network to its end, in milliseconds; `None` if it was not sent, or was sent
    /// by a process that ended before.
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    pub took_ms: Option<u64>,
    /// What the call waited for before it was sent.
    #[serde(rename = "a", default, skip_serializing_if = "Waits::is_empty")]
    pub waited: Waits,
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

/// An attempt's parts, the call's among them; `V` and `B` are what is read of its outputs and its answer.
#[derive(Deserialize)]
pub(super) struct FlatAttempted<V = Arc<Map>, B = Arc<Value>> {
    s: u32,
    #[serde(default)]
    i: u32,
    #[serde(default, with = "undo_flag")]
    u: Phase,
    w: AttemptEnd,
    o: Option<StepOutcome>,
    #[serde(default)]
    l: bool,
    #[serde(default)]
    q: bool,
    #[serde(default)]
    j: bool,
    #[serde(default)]
    t: bool,
    c: Option<String>,
    m: Option<String>,
    r: Option<String>,
    v: Option<V>,
    b: Option<B>,
    y: Option<u16>,
    x: Option<u64>,
    #[serde(default)]
    a: Waits,
}

impl<V, B> FlatAttempted<V, B> {
    pub(super) fn with(self, outputs: impl FnOnce(V) -> Arc<Map>, body: impl FnOnce(B) -> Arc<Value>) -> Attempted {
        Attempted {
            call: CallRef { step: self.s, item: self.i, phase: self.u },
            end: self.w,
            outcome: self.o,
            look_up: self.l,
            read: self.q,
            joined: self.j,
            token_known_expired: self.t,
            code: self.c,
            message: self.m,
            request_id: self.r,
            outputs: self.v.map_or_else(|| NO_OUTPUTS.clone(), outputs),
            body: self.b.map_or_else(|| NO_BODY.clone(), body),
            http_status: self.y,
            took_ms: self.x,
            waited: self.a,
        }
    }
}

impl From<FlatAttempted> for Attempted {
    fn from(flat: FlatAttempted) -> Self {
        flat.with(|outputs| outputs, |body| body)
    }
}
