//! What checked inputs say about a call: effect, repetition, damage, limits, natural key.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::model::{Limits, Map, Method, Repeat, Time, Value, as_text, contains_deferred};
use crate::provider::descriptor::{Connection, Danger, Effect, Input, Lookup, Operation};
use crate::provider::expression::{Condition, Names};

/// The timeout of a call if neither settings nor provider give one.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

impl Operation {
    /// The inputs that decide about a call: its natural key, method and effect, whether it may be repeated, its
    /// dangers, what it widens to, and which other inputs it requires.
    #[must_use]
    pub fn deciding_inputs(&self) -> BTreeSet<&str> {
        let repeat = self.repeat.iter().filter_map(|rule| rule.when.as_ref());
        let dangers = self.dangers.iter().filter_map(|danger| danger.when.as_ref());
        let required = self.inputs.iter().filter_map(|input| input.required_when.as_ref());
        let conditions = repeat.chain(dangers).chain(required).chain(self.wiring.reads_when.as_ref());
        let mut asked: BTreeSet<&str> = conditions.flat_map(inputs_of).collect();
        asked.extend(self.natural_key.iter().map(String::as_str));
        asked.extend(self.wiring.method_input.as_deref());
        let own = |input: &&Input| input.required_when.is_some() || input.widens_when_absent.is_some();
        asked.extend(self.inputs.iter().filter(own).map(|input| input.name.as_str()));
        asked
    }

    /// What may follow a call with these inputs if no answer came.
    #[must_use]
    pub fn repeat(&self, inputs: &Map) -> Repeat {
        let names = Names { inputs: Some(inputs), ..Names::default() };
        let applies = |when: &Option<Condition>| when.as_ref().is_none_or(|when| when.holds(&names));
        self.repeat.iter().find(|rule| applies(&rule.when)).map_or(Repeat::Never, |rule| rule.repeat)
    }

    /// The lookup for a call with these inputs; `None` if no read shows whether it took effect.
    #[must_use]
    pub fn lookup_for(&self, inputs: &Map) -> Option<&Lookup> {
        self.lookup.as_ref().filter(|lookup| lookup.applies(inputs))
    }

    /// Whether a call with these inputs changes something.
    #[must_use]
    pub fn effect_for(&self, inputs: &Map) -> Effect {
        let names = Names { inputs: Some(inputs), ..Names::default() };
        match &self.wiring.reads_when {
            Some(when) if when.holds(&names) => Effect::Read,
            _ => self.effect,
        }
    }

    /// When the daily quota that was used up at `at` is restored; `None` without a quota.
    #[must_use]
    pub fn quota_resets_at(&self, at: Time) -> Option<Time> {
        self.quota.as_ref().or(self.provider.quota.as_ref()).map(|quota| quota.resets_at(at))
    }

    /// The HTTP method of a call with these inputs.
    #[must_use]
    pub fn method_for(&self, inputs: &Map) -> Method {
        let given = self.wiring.method_input.as_deref().and_then(|name| inputs.get(name)).and_then(Value::as_str);
        given.and_then(Method::parse).unwrap_or(self.method)
    }

    /// The dangers that apply, including those whose condition is not known yet.
    #[must_use]
    pub fn dangers(&self, inputs: &Map) -> Vec<&Danger> {
        let applies = |danger: &&Danger| danger.when.as_ref().is_none_or(|when| may_hold(when, inputs));
        self.dangers.iter().filter(applies).collect()
    }

    /// The missing inputs whose absence widens this call.
    #[must_use]
    pub fn widened(&self, inputs: &Map) -> Vec<&str> {
        let widening = self.inputs.iter().filter(|input| input.widens_when_absent.is_some());
        widening.filter(|input| !inputs.contains_key(&input.name)).map(|input| input.name.as_str()).collect()
    }

    /// The natural key as one text; `None` if the operation has none, or a part is missing or not known yet.
    #[must_use]
    pub fn natural_key(&self, inputs: &Map) -> Option<String> {
        let parts: Option<Vec<&Value>> = self.natural_key.iter().map(|name| inputs.get(name)).collect();
        let parts = parts?;
        match parts.as_slice() {
            [] => None,
            parts if parts.iter().any(|part| contains_deferred(part)) => None,
            [part] => Some(as_text(part)),
            parts => serde_json::to_string(parts).ok(),
        }
    }

    /// The limits of this operation on this connection. Settings take precedence over the provider, and within each,
    /// the operation over the whole.
    #[must_use]
    pub fn limits_over(&self, connection: &Connection) -> Limits {
        let own = connection.operations.get(&self.name).map(|given| given.limits).unwrap_or_default();
        let all = [own, connection.limits, self.limits, self.provider.limits];
        Limits {
            in_flight: all.iter().find_map(|limits| limits.in_flight),
            rate: all.iter().find_map(|limits| limits.rate),
        }
    }

    /// The timeout of a call on this connection.
    #[must_use]
    pub fn timeout_over(&self, connection: &Connection) -> Duration {
        connection.timeout.or(self.provider.timeout).unwrap_or(DEFAULT_TIMEOUT)
    }
}

fn inputs_of(condition: &Condition) -> impl Iterator<Item = &str> {
    condition.names().into_iter().filter_map(|name| match name {
        [root, input, ..] if root == "inputs" => Some(input.as_str()),
        _ => None,
    })
}

fn asks_deferred(condition: &Condition, inputs: &Map) -> bool {
    let names = Names { inputs: Some(inputs), ..Names::default() };
    condition.names().iter().any(|name| contains_deferred(&names.get(name)))
}

fn may_hold(condition: &Condition, inputs: &Map) -> bool {
    asks_deferred(condition, inputs) || surely_holds(condition, inputs)
}

pub(super) fn surely_holds(condition: &Condition, inputs: &Map) -> bool {
    let names = Names { inputs: Some(inputs), ..Names::default() };
    !asks_deferred(condition, inputs) && condition.holds(&names)
}
