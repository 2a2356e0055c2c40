//! The fact that a write is about to be sent, as it is written and as it is read.

use serde::{Deserialize, Serialize};

use super::call_ref::{CallRef, undo_flag};
use crate::model::{EffectKey, Phase};

/// The attempt number of an intent that stands for all calls which a copy does not show.
const OF_A_COPY: u32 = 0;

/// A write is about to be sent. It is synced to disk before the first byte is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "FlatIntent")]
pub struct Intent {
    /// The call.
    #[serde(flatten)]
    pub call: CallRef,
    /// The number of the send, from 1.
    #[serde(rename = "n")]
    pub attempt: u32,
    /// Hash of method, path, query and body before authentication.
    #[serde(rename = "h")]
    pub hash: String,
    /// The element's identity: a hash of its value.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// The natural key of the effect, which must not be made twice; `None` if the operation names none.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub natural_key: Option<String>,
    /// The kinds of effects it counts as in the run's effect budget.
    #[serde(rename = "d", default, skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<String>,
    /// The effect that other runs must not make again; stored in a table of its own.
    #[serde(skip)]
    pub effect: Option<EffectKey>,
}

impl Intent {
    /// An intent that stands for all calls of a row which a copy does not show.
    #[must_use]
    pub fn of_a_copy() -> Self {
        let (call, attempt, hash) = (CallRef::default(), OF_A_COPY, String::new());
        Self { call, attempt, hash, element: None, natural_key: None, counts: Vec::new(), effect: None }
    }

    /// Whether it stands for all calls that a copy does not show.
    #[must_use]
    pub fn is_of_a_copy(&self) -> bool {
        self.attempt == OF_A_COPY
    }
}

/// An intent as it is stored, with the call's parts inlined; `T` is how its hash and natural key are read.
#[derive(Deserialize)]
pub(super) struct FlatIntent<T = String> {
    s: u32,
    #[serde(default)]
    i: u32,
    #[serde(default, with = "undo_flag")]
    u: Phase,
    n: u32,
    h: T,
    e: Option<String>,
    k: Option<T>,
    #[serde(default)]
    d: Vec<String>,
}

impl<T> FlatIntent<T> {
    pub(super) fn with(self, text: impl Fn(T) -> Option<String>) -> Intent {
        Intent {
            call: CallRef { step: self.s, item: self.i, phase: self.u },
            attempt: self.n,
            hash: text(self.h).unwrap_or_default(),
            element: self.e,
            natural_key: self.k.and_then(text),
            counts: self.d,
            effect: None,
        }
    }
}

impl From<FlatIntent> for Intent {
    fn from(flat: FlatIntent) -> Self {
        flat.with(Some)
    }
}
