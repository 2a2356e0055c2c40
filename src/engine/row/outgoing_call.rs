//! A call, or its lookup, rendered and ready to be sent.

use std::sync::Arc;
use std::time::Duration;

use crate::journal::CallRef;
use crate::model::{EffectKey, Map, Repeat, Time, Value};
use crate::provider::{LookupBatch, Operation, PreparedRequest};

/// A call that is rendered and ready to be sent.
#[derive(Debug, Clone)]
pub(in crate::engine) struct OutgoingCall {
    /// The call that is sent, or that the lookup asks about.
    pub call: CallRef,
    /// The operation that is sent: the call's own, or that of its lookup.
    pub operation: Arc<Operation>,
    /// Whether this is the call's lookup.
    pub lookup: bool,
    /// Whether it changes something.
    pub write: bool,
    /// What may follow a lost answer.
    pub repeat: Repeat,
    /// The connection's index in [`crate::plan::Plan::connections`].
    pub connection: usize,
    /// The index in [`crate::plan::Plan::rate_buckets`].
    pub bucket: usize,
    /// The inputs of what is sent.
    pub inputs: Map,
    /// For a lookup, the inputs of the call that it asks about; otherwise empty.
    pub call_inputs: Map,
    /// The connection's settings, overridden by the step's.
    pub settings: Arc<Map>,
    /// The request before authentication.
    pub prepared: Arc<PreparedRequest>,
    /// The hash of a write's request, which names it in the journal; `None` for a read.
    pub hash: Option<String>,
    /// How long to wait for the answer.
    pub timeout: Duration,
    /// Inputs, by name, that must lie in the future when the call is sent.
    pub deadlines: Vec<(String, Time)>,
    /// The natural key of the effect; `None` if the operation has none.
    pub natural_key: Option<String>,
    /// The words that the run's effect budget counts it under.
    pub counts: Vec<String>,
    /// The effect that no other run may have made or make; `None` if a second one does no harm.
    pub effect: Option<EffectKey>,
    /// How a lookup is sent for several calls at once; `None` for one that is sent alone, and for calls.
    pub batch: Option<LookupBatch>,
    /// The identity of the `for_each` element; `None` without `for_each`.
    pub element: Option<String>,
}

impl OutgoingCall {
    /// The first deadline that has passed at `now`, as a sentence; `None` if none has.
    pub(in crate::engine) fn missed_deadline(&self, now: Time) -> Option<String> {
        let (input, at) = self.deadlines.iter().find(|(_, at)| *at <= now)?;
        Some(format!("`{input}` ({at}) is no longer ahead"))
    }

    /// Whether another lookup differs only in the ids it asks for, so that one request can ask for both.
    pub(in crate::engine) fn can_share_request_with(&self, other: &Self) -> bool {
        let Some(batch) = &self.batch else { return false };
        let rest = |outgoing: &Self| outgoing.inputs.iter().filter(|(name, _)| **name != batch.input).count();
        let same = |(name, value): (&String, &Value)| *name == batch.input || other.inputs.get(name) == Some(value);
        other.batch.as_ref() == Some(batch)
            && other.connection == self.connection
            && other.operation.name == self.operation.name
            && other.settings == self.settings
            && other.inputs.contains_key(&batch.input)
            && rest(self) == rest(other)
            && self.inputs.iter().all(same)
    }
}
