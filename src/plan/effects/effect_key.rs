//! What a call changes at the vendor: whether it may be repeated, what it counts as, and its identity across runs.

use std::collections::BTreeMap;

use crate::model::{EffectKey, Map, Repeat};
use crate::plan::bound::{BoundCall, Plan};
use crate::provider::Effect;

impl BoundCall {
    /// What may follow a call with these inputs if its answer is lost. A read is always safe; a step's own `repeat:`
    /// takes precedence over the operation's.
    #[must_use]
    pub fn repeat_for(&self, inputs: &Map) -> Repeat {
        match (self.operation.effect_for(inputs), self.repeat) {
            (Effect::Read, _) => Repeat::Safe,
            (Effect::Write, Some(repeat)) => repeat,
            (Effect::Write, None) => self.operation.repeat(inputs),
        }
    }

    /// The words of an effect budget that a call with these inputs counts under, sorted, each once. A read counts
    /// under none.
    #[must_use]
    pub fn counted(&self, budget: &BTreeMap<String, u64>, inputs: &Map) -> Vec<String> {
        if budget.is_empty() || self.operation.effect_for(inputs) == Effect::Read {
            return Vec::new();
        }
        let dangers = self.operation.dangers(inputs);
        let words = dangers.into_iter().filter_map(|danger| danger.counts_as.as_ref());
        let mut counted: Vec<String> = words.filter(|word| budget.contains_key(*word)).cloned().collect();
        counted.sort();
        counted.dedup();
        counted
    }

    /// Whether other runs must be prevented from making the same call: not in the sandbox, and not if it is safe to
    /// repeat.
    #[must_use]
    pub fn is_guarded(&self, plan: &Plan, inputs: &Map) -> bool {
        !plan.environment.is_sandbox() && self.repeat_for(inputs) != Repeat::Safe
    }

    /// The identity of the effect of a call with these inputs: its natural key, else the hash of its request at its
    /// endpoint.
    ///
    /// `None` if the call is not guarded, or if `hash` cannot give the hash of the request yet.
    #[must_use]
    pub fn effect(&self, plan: &Plan, inputs: &Map, hash: impl FnOnce() -> Option<String>) -> Option<EffectKey> {
        if !self.is_guarded(plan, inputs) {
            return None;
        }
        let operation = self.operation.full_name();
        if let Some(key) = self.operation.natural_key(inputs) {
            return Some(EffectKey::of_natural_key(operation, &key));
        }
        let own = plan.connections[self.connection].base_url.as_deref();
        let base = own.or(self.operation.provider.base_url.as_deref()).unwrap_or_default();
        Some(EffectKey::of_request(operation, base, &hash()?))
    }
}

impl Plan {
    /// The full names of the writing operations that the run calls, sorted, each once; for an undo, those of its
    /// rollbacks.
    #[must_use]
    pub fn effect_operations(&self) -> Vec<String> {
        let steps = self.before.iter().chain(&self.steps).chain(&self.after);
        let calls =
            steps.filter_map(|step| if self.undoing.is_some() { step.rollback.as_ref() } else { Some(&step.call) });
        let writes = calls.map(|call| &call.operation).filter(|operation| operation.effect == Effect::Write);
        let mut names: Vec<String> = writes.map(|operation| operation.full_name().to_owned()).collect();
        names.sort();
        names.dedup();
        names
    }
}
