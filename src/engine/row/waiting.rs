//! When a call that has not ended may go on, and what it waits for.

use std::time::Duration;

use super::row_machine::RowMachine;
use super::step_context::StepContext;
use crate::journal::{CallRef, CallState};
use crate::model::{Phase, StepScope, Time};
use crate::plan::{BoundCall, BoundStep};
use crate::playbook::Retry;
use crate::policy::{WaitReason, wait_to_resend};
use crate::provider::Lookup;

/// Why a row waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum RowWait {
    /// For the back-off after an attempt.
    BackOff,
    /// For as long as the vendor asked.
    RetryAfter,
    /// Until a lookup is reliable.
    LookupDelay,
    /// Until the next read of an `until`.
    Until,
}

impl RowMachine {
    /// When the call may go on; `None` for now.
    pub(super) fn wait(
        &self,
        context: StepContext<'_>,
        step: &BoundStep,
        bound: &BoundCall,
        call: CallRef,
        known: Option<&CallState>,
    ) -> Option<Time> {
        let until = self.wait_until.or_else(|| self.wait_after_resume(context, step, bound, call, known?))?;
        (until > context.now).then_some(until)
    }

    /// When the call may go on according to the journal alone, for a call that this process has not attempted.
    fn wait_after_resume(
        &self,
        context: StepContext<'_>,
        step: &BoundStep,
        bound: &BoundCall,
        call: CallRef,
        known: &CallState,
    ) -> Option<Time> {
        let last = known.last_at?;
        if known.to_look_up {
            return Some(last.plus(lookup_delay(&bound.operation.lookup)));
        }
        match &step.until {
            Some(until) if known.polls > 0 && known.sends == 0 => Some(last.plus(until.every)),
            _ => Some(last.plus(self.back_off(context, step, call, None))),
        }
    }

    pub(super) fn back_off(
        &self,
        context: StepContext<'_>,
        step: &BoundStep,
        call: CallRef,
        retry_after: Option<Duration>,
    ) -> Duration {
        let Some(known) = self.state.call(call) else { return Duration::ZERO };
        let fraction = context.rng.fraction(&self.jitter_key(call, known.all_sends));
        // While no call gets through, the default waits apply, even if the step's own are shorter.
        let retry = if self.signals.out_of_reach { Retry::default() } else { step.retry };
        wait_to_resend(&retry, (known.sends + known.gate_sends + known.lookups).max(1), fraction, retry_after)
    }

    /// The numbers that identify one send of one call, from which its jitter is drawn.
    fn jitter_key(&self, call: CallRef, sends: u32) -> [u64; 5] {
        let row = match self.step_scope {
            StepScope::Row(position) => position,
            StepScope::Before => u64::MAX,
            StepScope::After => u64::MAX - 1,
            StepScope::Run => u64::MAX - 2,
        };
        [row, call.step.into(), call.item.into(), u64::from(call.phase == Phase::Rollback), sends.into()]
    }

    /// Why the row waits, by its last call that was attempted and has not ended.
    pub(in crate::engine) fn waits_for(&self) -> RowWait {
        let mut calls = self.state.steps.iter().flat_map(|step| step.calls.iter().chain(&step.undone));
        match calls.rfind(|call| call.ended.is_none() && call.last_at.is_some()) {
            Some(call) if call.to_look_up => RowWait::LookupDelay,
            Some(call) if call.polls > 0 && call.sends == 0 => RowWait::Until,
            _ if self.vendor_set_wait => RowWait::RetryAfter,
            _ => RowWait::BackOff,
        }
    }

    /// The same as the journal and events name it: a vendor that cannot be reached has a reason of its own.
    pub(in crate::engine) fn wait_reason(&self) -> WaitReason {
        match self.waits_for() {
            RowWait::BackOff if self.signals.out_of_reach => WaitReason::OutOfReach,
            RowWait::BackOff => WaitReason::BackOff,
            RowWait::RetryAfter => WaitReason::RetryAfter,
            RowWait::LookupDelay => WaitReason::Settling,
            RowWait::Until => WaitReason::Until,
        }
    }
}

pub(super) fn lookup_delay(lookup: &Option<Lookup>) -> Duration {
    lookup.as_ref().map_or(Duration::ZERO, |lookup| lookup.delay)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::template::Scope;

    /// The numbers are the same in every version, so that a resumed run waits as it would have.
    #[test]
    fn the_jitter_of_a_send_has_numbers_of_its_own() {
        let key =
            |scope, call, sends| RowMachine::new(&Arc::new(Scope::new()), scope, "", None, &[]).jitter_key(call, sends);
        let call = CallRef { step: 3, item: 2, phase: Phase::Do };
        let undo = CallRef { phase: Phase::Rollback, ..call };
        assert_eq!(key(StepScope::Row(7), call, 4), [7, 3, 2, 0, 4]);
        assert_eq!(key(StepScope::Row(7), undo, 4), [7, 3, 2, 1, 4]);
        let scopes = [StepScope::Before, StepScope::After, StepScope::Run].map(|scope| key(scope, call, 1)[0]);
        assert_eq!(scopes, [u64::MAX, 18_446_744_073_709_551_614, 18_446_744_073_709_551_613]);
    }
}
