//! One call, rendered and ready to be sent.

use std::sync::Arc;
use std::time::Duration;

use crate::journal::CallRef;
use crate::model::{EffectKey, Map, Repeat, Time, Value};
use crate::provider::{Batch, Operation, Prepared};

/// A rendered call.
#[derive(Debug, Clone)]
pub(in crate::engine) struct OutgoingCall {
    /// Which call it is, or is asked about.
    pub call: CallRef,
    /// The operation that is sent: the call's own, or its lookup.
    pub operation: Arc<Operation>,
    /// Whether it is the call's lookup.
    pub lookup: bool,
    /// Whether it changes something.
    pub write: bool,
    /// What may follow an answer that never came.
    pub repeat: Repeat,
    /// The connection's place in the plan.
    pub connection: usize,
    /// The budget's place in the plan.
    pub budget: usize,
    /// The inputs of what is sent.
    pub inputs: Map,
    /// The inputs of the call itself; other than `inputs` only for a lookup.
    pub call_inputs: Map,
    /// The connection's settings under the step's own.
    pub settings: Arc<Map>,
    /// The request before authentication.
    pub prepared: Arc<Prepared>,
    /// The hash of a write's request, which names it in the journal; none of a read.
    pub hash: Option<String>,
    /// How long it may take.
    pub timeout: Duration,
    /// Inputs that must lie ahead of the moment of sending.
    pub deadlines: Vec<(String, Time)>,
    /// What must not be made twice.
    pub natural_key: Option<String>,
    /// What it counts as in the run's budget.
    pub counts: Vec<String>,
    /// What no other run may have made before, nor make again.
    pub effect: Option<EffectKey>,
    /// How it is asked together with others; a lookup's only.
    pub batch: Option<Batch>,
    /// The element's identity.
    pub element: Option<String>,
}

impl OutgoingCall {
    /// The first deadline that has passed by the moment of sending.
    pub(in crate::engine) fn missed_deadline(&self, now: Time) -> Option<String> {
        let (input, at) = self.deadlines.iter().find(|(_, at)| *at <= now)?;
        Some(format!("`{input}` ({at}) is no longer ahead"))
    }

    /// Whether another lookup differs in its ids alone.
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
