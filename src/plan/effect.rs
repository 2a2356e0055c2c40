//! The identity of what a call makes, for the question whether another run made it before.

use super::bound::{BoundCall, Plan};
use crate::model::{EffectKey, Map, Repeat};
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

    /// What a call with these inputs makes that no other run may make again; none where a second effect equals the
    /// first, in the built-in sandbox, and where it is not known yet. `hash` gives the request's own, where it can be.
    #[must_use]
    pub fn effect(&self, plan: &Plan, inputs: &Map, hash: impl FnOnce() -> Option<String>) -> Option<EffectKey> {
        if plan.environment.is_sandbox() || self.repeat_for(inputs) == Repeat::Safe {
            return None;
        }
        let operation = self.operation.full_name();
        if let Some(key) = self.operation.natural_key(inputs) {
            return Some(EffectKey::of_natural_key(&operation, &key));
        }
        let own = plan.connections[self.connection].base_url.as_deref();
        let base = own.or(self.operation.provider.base_url.as_deref()).unwrap_or_default();
        Some(EffectKey::of_request(&operation, base, &hash()?))
    }
}

impl Plan {
    /// The operations whose effects other runs must not make again, each once.
    #[must_use]
    pub fn effect_operations(&self) -> Vec<String> {
        let steps = self.before.iter().chain(&self.steps).chain(&self.after);
        let writes = steps.map(|step| &step.call.operation).filter(|operation| operation.effect == Effect::Write);
        let mut names: Vec<String> = writes.map(|operation| operation.full_name()).collect();
        names.sort();
        names.dedup();
        names
    }
}
