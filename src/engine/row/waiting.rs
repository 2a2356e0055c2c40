//! When a call that has not ended may go on, and what it waits for.

use std::time::Duration;

use super::row_machine::RowMachine;
use super::step_context::Scene;
use crate::journal::{CallRef, CallState};
use crate::model::{Phase, StepScope as Whose, Time};
use crate::plan::{BoundCall, BoundStep};
use crate::playbook::Retry;
use crate::policy::wait_to_resend;
use crate::provider::Lookup;

/// What a scope waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// The back-off after an attempt.
    BackOff,
    /// As long as the vendor said.
    RetryAfter,
    /// Until a lookup can be trusted.
    Settling,
    /// Until a read is repeated.
    Until,
}

impl RowMachine {
    /// When the call may go on, where that is not now.
    pub(super) fn wait(
        &self,
        scene: Scene<'_>,
        step: &BoundStep,
        bound: &BoundCall,
        call: CallRef,
        known: Option<&CallState>,
    ) -> Option<Time> {
        let until = self.wait_until.or_else(|| self.wait_after_resume(scene, step, bound, call, known?))?;
        (until > scene.now).then_some(until)
    }

    /// The wait that was due when the process ended, from the journal alone.
    fn wait_after_resume(
        &self,
        scene: Scene<'_>,
        step: &BoundStep,
        bound: &BoundCall,
        call: CallRef,
        known: &CallState,
    ) -> Option<Time> {
        let last = known.last_at?;
        if known.to_look_up {
            return Some(last.plus(settle(&bound.operation.lookup)));
        }
        match &step.until {
            Some(until) if known.polls > 0 && known.sends == 0 => Some(last.plus(until.every)),
            _ => Some(last.plus(self.back_off(scene, step, call, None))),
        }
    }

    pub(super) fn back_off(
        &self,
        scene: Scene<'_>,
        step: &BoundStep,
        call: CallRef,
        retry_after: Option<Duration>,
    ) -> Duration {
        let Some(known) = self.state.call(call) else { return Duration::ZERO };
        let fraction = scene.dice.fraction(&self.place_in_dice(call, known.all_sends));
        // A vendor that nobody reaches is not hammered, however short a step's own waits are.
        let retry = if self.around.out_of_reach { Retry::default() } else { step.retry };
        wait_to_resend(&retry, (known.sends + known.gate_sends + known.lookups).max(1), fraction, retry_after)
    }

    /// Where the row stands among all, for dice.
    fn place_in_dice(&self, call: CallRef, sends: u32) -> [u64; 5] {
        let row = match self.whose {
            Whose::Row(position) => position,
            Whose::Before => u64::MAX,
            Whose::After => u64::MAX - 1,
            Whose::Run => u64::MAX - 2,
        };
        [row, call.step.into(), call.item.into(), u64::from(call.phase == Phase::Rollback), sends.into()]
    }

    /// What it waits for, told by the call that has been sent and has not ended.
    pub(in crate::engine) fn waits_for(&self) -> Wait {
        let mut calls = self.state.steps.iter().flat_map(|step| step.calls.iter().chain(&step.undone));
        match calls.rfind(|call| call.ended.is_none() && call.last_at.is_some()) {
            Some(call) if call.to_look_up => Wait::Settling,
            Some(call) if call.polls > 0 && call.sends == 0 => Wait::Until,
            _ if self.told_to_wait => Wait::RetryAfter,
            _ => Wait::BackOff,
        }
    }
}

pub(super) fn settle(lookup: &Option<Lookup>) -> Duration {
    lookup.as_ref().map_or(Duration::ZERO, |lookup| lookup.settle)
}
