//! The requests that a row sent, rebuilt from the frozen plan, its cells and the outputs that its journal keeps. The journal
//! keeps the hashes of requests and not the requests themselves.

use std::sync::Arc;

use super::view::{PlanView, PriorRow};
use crate::engine::row::{OutgoingCall, RowMachine, lookup_request};
use crate::journal::CallRef;
use crate::model::{Map, Phase, StepScope, Time};
use crate::plan::{BoundCall, BoundStep};
use crate::provider::Operation;

/// A request that is rebuilt.
#[derive(Debug, Clone)]
pub struct RebuiltRequest {
    /// The operation.
    pub operation: Arc<Operation>,
    /// The connection's index in [`crate::plan::Plan::connections`].
    pub connection: usize,
    /// The connection's settings, overridden by the step's.
    pub settings: Arc<Map>,
    /// The inputs.
    pub inputs: Map,
    /// The hash, by which it is compared with what was sent.
    pub hash: String,
}

impl From<OutgoingCall> for RebuiltRequest {
    fn from(made: OutgoingCall) -> Self {
        let hash = made.hash.unwrap_or_else(|| made.prepared.hash());
        let OutgoingCall { operation, connection, settings, inputs, .. } = made;
        Self { operation, connection, settings, inputs, hash }
    }
}

/// Why a step was skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhySkipped {
    /// Its `when` does not hold.
    When,
    /// Its `for_each` has no elements.
    NoElements,
    /// Neither can be shown again.
    Unclear,
}

/// A row, or the steps that run once, whose requests are rebuilt.
pub struct PastRequests<'a> {
    side: &'a PlanView,
    scope: StepScope,
    machine: RowMachine,
}

impl<'a> PastRequests<'a> {
    /// Rebuilds the requests of a row from everything that is known of it.
    #[must_use]
    pub fn new(side: &'a PlanView, prior: PriorRow<'_>) -> Self {
        let mut machine = side.machine(prior.scope, prior.key, prior.cells, prior.facts);
        machine.publish_all_steps(side.plan.list(machine.list));
        Self { side, scope: prior.scope, machine }
    }

    /// The step of a call and the call as the plan has it; `None` if the plan has none.
    #[must_use]
    pub fn bound(&self, call: CallRef) -> Option<(&'a BoundStep, &'a BoundCall)> {
        let step = self.side.plan.list(self.machine.list).get(call.step as usize)?;
        let bound = match call.phase {
            Phase::Do => &step.call,
            Phase::Rollback => step.rollback.as_ref()?,
        };
        Some((step, bound))
    }

    /// The request of a call as it would have been sent at an instant.
    ///
    /// # Errors
    /// A message, if it cannot be rebuilt.
    pub fn request(&mut self, call: CallRef, at: Time) -> Result<RebuiltRequest, String> {
        self.made(call, at).map(|(made, _)| made.into())
    }

    /// The request of the lookup of a call that was first sent at an instant.
    ///
    /// # Errors
    /// As [`PastRequests::request`].
    pub fn lookup(&mut self, call: CallRef, sent_at: Time) -> Result<RebuiltRequest, String> {
        let (made, bound) = self.made(call, sent_at)?;
        lookup_request(self.side.context(self.scope, sent_at), bound, made, sent_at).map(RebuiltRequest::from)
    }

    fn made(&mut self, call: CallRef, at: Time) -> Result<(OutgoingCall, &'a BoundCall), String> {
        let (step, bound) = self.bound(call).ok_or("the frozen playbook has no such call")?;
        let context = self.side.context(self.scope, at);
        let made = self.machine.render_call(context, step, bound, call).map_err(|(_, message)| message)?;
        Ok((made, bound))
    }

    /// Why a step that ended as skipped was skipped.
    pub fn why_skipped(&mut self, step: usize) -> WhySkipped {
        let Some(bound) = self.side.plan.list(self.machine.list).get(step) else { return WhySkipped::Unclear };
        let context = self.side.context(self.scope, Time::default());
        if self.machine.when_holds(context, bound) == Ok(false) {
            return WhySkipped::When;
        }
        match self.machine.load_items(context, step, bound) {
            Ok(0) => WhySkipped::NoElements,
            Ok(_) | Err(_) => WhySkipped::Unclear,
        }
    }
}
