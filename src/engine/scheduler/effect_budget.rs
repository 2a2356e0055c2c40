//! The run's effect budget: a call that would exceed it is not sent, and the run stops.

use super::admission::QueueEntry;
use super::engine::{Active, Engine};
use crate::engine::row::RowMachine;
use crate::model::{StepScope, Time};
use crate::policy::EffectCounts;

impl Engine {
    /// The effects that a row has made or may have made; empty if the run has no effect budget.
    pub(super) fn effects_of(&self, machine: &RowMachine) -> EffectCounts {
        if self.effect_budget.is_unbounded() { EffectCounts::new() } else { machine.state().effects() }
    }

    /// Updates the budget by how a row's effects changed since the last call.
    pub(super) fn recount_effects(&mut self, active: &mut Active) {
        if self.effect_budget.is_unbounded() {
            return;
        }
        let effects = active.machine.state().effects();
        self.effect_budget.change(&active.effects, &effects);
        active.effects = effects;
    }

    /// Whether the effect budget has room for the call at this index of a bucket's queue. If it has none, the run
    /// stops, unless a call under way may still turn out to have had no effect.
    pub(super) fn has_effect_budget(&mut self, bucket: usize, place: usize, now: Time) -> bool {
        let Some(QueueEntry::One(scope)) = self.admission.buckets[bucket].waiting.get(place) else { return true };
        let Some(lacking) = self.lacking(*scope).cloned() else { return true };
        if self.is_open(&lacking) {
            self.holds_writes = true;
        } else {
            let reason = self.effect_budget.exhausted(&lacking);
            self.stop_for(reason, now);
        }
        false
    }

    fn lacking(&self, scope: StepScope) -> Option<&String> {
        // A call that may have taken effect is counted already.
        let outgoing = self.active.get(&scope)?.outgoing.as_deref().filter(|_| !self.is_in_doubt(scope))?;
        self.effect_budget.lacks(&outgoing.counts)
    }

    /// Whether an earlier send of a scope's present call may have taken effect.
    pub(super) fn is_in_doubt(&self, scope: StepScope) -> bool {
        let known = self.active.get(&scope).and_then(|active| {
            let outgoing = active.outgoing.as_deref()?;
            active.machine.state().call(outgoing.call)
        });
        known.is_some_and(|known| known.doubt)
    }

    /// Whether the outcome of a call that counts under this word is still open.
    fn is_open(&self, word: &String) -> bool {
        let calls = self.active.values().flat_map(|active| active.machine.calls());
        let mut open = calls.filter(|call| call.ended.is_none() && (call.open || call.doubt));
        open.any(|call| call.counts.contains(word))
    }
}
