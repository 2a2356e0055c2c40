//! From a step's inputs to checked inputs, and the questions that they answer about a call.

use std::time::Duration;

use super::connection::Connection;
use super::conversion::{Conversion, instant_of, literal};
use super::danger::Danger;
use super::expression::Condition;
use super::input::{Input, InputProblem, Kind};
use super::lookup::Lookup;
use super::names::Names;
use super::operation::{Effect, Operation};
use crate::model::{Limits, Map, Method, Repeat, Time, Value, as_text, contains_deferred, is_deferred};
use crate::yaml::plain_value;

/// How long a call may take where neither settings nor provider say it.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

impl Operation {
    /// `provider.operation`, as in `uses:`.
    #[must_use]
    pub fn full_name(&self) -> &str {
        &self.full_name
    }

    /// The declaration of a place inside `with`; `[]` or a number names a list's element.
    #[must_use]
    pub fn input(&self, path: &[String]) -> Option<&Input> {
        let (first, rest) = path.split_first()?;
        self.inputs.iter().find(|input| input.answers_to(first))?.at(rest)
    }

    /// A scalar of the playbook as a value of the type declared at `path`; where none is, YAML's core schema decides.
    ///
    /// # Errors
    /// Why the text doesn't spell a value of that type.
    pub fn literal(&self, path: &[String], text: &str, plain: bool) -> Result<Value, String> {
        let open = || if plain { plain_value(text) } else { Value::String(text.to_owned()) };
        if plain && plain_value(text).is_null() {
            return Ok(Value::Null);
        }
        match self.input(path).map(|input| &input.kind) {
            None | Some(Kind::Any | Kind::Object { .. } | Kind::List(_)) => Ok(open()),
            Some(kind) => literal(kind, Value::String(text.to_owned())),
        }
    }

    /// Advice on using the input at `path` under that spelling, where its vendor has given it up.
    #[must_use]
    pub fn advice(&self, path: &[String]) -> Option<String> {
        let (last, above) = path.split_last()?;
        let input = self.input(path)?;
        let spelling = input.spellings.iter().find(|(spelling, _)| spelling == last);
        let inherited = || if above.is_empty() { None } else { self.advice(above) };
        spelling.map(|(_, advice)| advice.clone()).or_else(|| input.deprecated.clone()).or_else(inherited)
    }

    /// A step's inputs as they are sent: defaults laid under, nulls dropped, types converted, all rules checked,
    /// in declared order. A value not known yet is taken anywhere, unchecked.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn prepare(&self, connection: &Connection, with: Map, now: Time) -> Result<Map, Vec<InputProblem>> {
        self.prepare_beside(&[], connection, with, now)
    }

    /// [`Operation::prepare`] of what is left beside inputs that are known to be right; they are not among the result,
    /// and none of them is [asked for](Operation::asked_inputs) or has a default.
    ///
    /// # Errors
    /// Everything that is wrong with the rest.
    pub fn prepare_beside(
        &self,
        settled: &[String],
        connection: &Connection,
        mut with: Map,
        now: Time,
    ) -> Result<Map, Vec<InputProblem>> {
        for (name, default) in &connection.defaults {
            if let Some(input) = self.inputs.iter().find(|input| input.name == *name) {
                lay_under(&mut with, input, default);
            }
        }
        let mut conversion = Conversion::beside(settled, now);
        let inputs = conversion.fields(&self.inputs, false, with);
        for input in self.inputs.iter().filter(|input| !input.required) {
            let Some(when) = &input.required_when else { continue };
            if !inputs.contains_key(&input.name) && surely_holds(when, &inputs) {
                conversion.missing(input);
            }
        }
        let problems = conversion.finish();
        if problems.is_empty() { Ok(inputs) } else { Err(problems) }
    }

    /// The inputs that must lie ahead of the moment of sending, with their instants.
    #[must_use]
    pub fn deadlines(&self, inputs: &Map) -> Vec<(String, Time)> {
        let mut deadlines = Vec::new();
        for input in self.inputs.iter().filter(|input| may_be_late(input)) {
            if let Some(value) = inputs.get(&input.name) {
                gather_deadlines(input, value, input.name.clone(), &mut deadlines);
            }
        }
        deadlines
    }

    /// What may follow an answer that never came.
    #[must_use]
    pub fn repeat(&self, inputs: &Map) -> Repeat {
        let names = Names { inputs: Some(inputs), ..Names::default() };
        let applies = |when: &Option<Condition>| when.as_ref().is_none_or(|when| when.holds(&names));
        self.repeat.iter().find(|rule| applies(&rule.when)).map_or(Repeat::Never, |rule| rule.repeat)
    }

    /// How to find out whether a call with these inputs took effect, where a read tells.
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

    /// When a daily quota of it, or of its provider's calls, comes back that was used up at an instant.
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

    /// The dangers that apply; one whose condition cannot be known yet does.
    #[must_use]
    pub fn dangers(&self, inputs: &Map) -> Vec<&Danger> {
        let applies = |danger: &&Danger| danger.when.as_ref().is_none_or(|when| may_hold(when, inputs));
        self.dangers.iter().filter(applies).collect()
    }

    /// The inputs whose absence widens this call.
    #[must_use]
    pub fn widened(&self, inputs: &Map) -> Vec<&str> {
        let widening = self.inputs.iter().filter(|input| input.widens_when_absent.is_some());
        widening.filter(|input| !inputs.contains_key(&input.name)).map(|input| input.name.as_str()).collect()
    }

    /// The natural key as one text; none where the operation has none or a part is missing or not known yet.
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

    /// The limits that bind this operation over this connection: the settings' before the provider's, the
    /// operation's before the whole's.
    #[must_use]
    pub fn limits_over(&self, connection: &Connection) -> Limits {
        let own = connection.operations.get(&self.name).map(|given| given.limits).unwrap_or_default();
        let all = [own, connection.limits, self.limits, self.provider.limits];
        Limits {
            in_flight: all.iter().find_map(|limits| limits.in_flight),
            rate: all.iter().find_map(|limits| limits.rate),
        }
    }

    /// How long a call over this connection may take.
    #[must_use]
    pub fn timeout_over(&self, connection: &Connection) -> Duration {
        connection.timeout.or(self.provider.timeout).unwrap_or(DEFAULT_TIMEOUT)
    }
}

/// Whether an instant at an input or below it must lie ahead.
fn may_be_late(input: &Input) -> bool {
    match &input.kind {
        Kind::Object { fields, .. } => fields.iter().any(may_be_late),
        Kind::List(element) => may_be_late(element),
        Kind::String | Kind::Integer | Kind::Number | Kind::Boolean | Kind::Time(_) | Kind::Any => {
            input.bounds.ahead_of_now
        }
    }
}

/// Gathers the instants at a place and below it that must lie ahead.
fn gather_deadlines(input: &Input, value: &Value, place: String, into: &mut Vec<(String, Time)>) {
    match (&input.kind, value) {
        (Kind::Object { fields, .. }, Value::Object(map)) => {
            for field in fields {
                if let Some(value) = map.get(&field.name) {
                    gather_deadlines(field, value, format!("{place}.{}", field.name), into);
                }
            }
        }
        (Kind::List(element), Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                gather_deadlines(element, item, format!("{place}.{index}"), into);
            }
        }
        _ if input.bounds.ahead_of_now => into.extend(instant_of(&input.kind, value).map(|at| (place, at))),
        _ => {}
    }
}

/// Lays a default under what is given: maps merge key by key, all else stays as given, null included.
fn lay_under(with: &mut Map, input: &Input, default: &Value) {
    let given = std::iter::once(&input.name).chain(input.spellings.iter().map(|(name, _)| name));
    match given.into_iter().find(|name| with.contains_key(*name)) {
        None => {
            with.insert(input.name.clone(), default.clone());
        }
        Some(name) => {
            if let Some(value) = with.get_mut(name) {
                merge_under(value, default);
            }
        }
    }
}

fn merge_under(value: &mut Value, default: &Value) {
    if is_deferred(value) {
        return;
    }
    let (Value::Object(given), Value::Object(default)) = (value, default) else { return };
    for (key, default) in default {
        match given.get_mut(key) {
            None => {
                given.insert(key.clone(), default.clone());
            }
            Some(value) => merge_under(value, default),
        }
    }
}

fn asks_deferred(condition: &Condition, inputs: &Map) -> bool {
    let names = Names { inputs: Some(inputs), ..Names::default() };
    condition.names().iter().any(|name| contains_deferred(&names.get(name)))
}

fn may_hold(condition: &Condition, inputs: &Map) -> bool {
    asks_deferred(condition, inputs) || surely_holds(condition, inputs)
}

fn surely_holds(condition: &Condition, inputs: &Map) -> bool {
    let names = Names { inputs: Some(inputs), ..Names::default() };
    !asks_deferred(condition, inputs) && condition.holds(&names)
}
