//! The identity of what a call makes, for the question whether another run made it before.

use std::collections::BTreeMap;

use crate::model::{EffectKey, Map, Repeat};
use crate::plan::bound::{BoundCall, Plan};
use crate::provider::Effect;

impl BoundCall {
    /// What may follow an answer to a call with these inputs that never came.
    #[must_use]
    pub fn repeat_for(&self, inputs: &Map) -> Repeat {
        match (self.operation.effect_for(inputs), self.repeat) {
            (Effect::Read, _) => Repeat::Safe,
            (Effect::Write, Some(repeat)) => repeat,
            (Effect::Write, None) => self.operation.repeat(inputs),
        }
    }

    /// The words of a budget that a call with these inputs counts under, each once.
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

    /// Whether a call with these inputs makes something that no other run may make again.
    #[must_use]
    pub fn is_guarded(&self, plan: &Plan, inputs: &Map) -> bool {
        !plan.environment.is_sandbox() && self.repeat_for(inputs) != Repeat::Safe
    }

    /// What a call with these inputs makes that no other run may make again; none where a second effect equals the
    /// first, in the built-in sandbox, and where it is not known yet. `hash` gives the request's own, where it can be.
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
    /// The operations whose effects other runs must not make again, each once; of an undo those that take back.
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
