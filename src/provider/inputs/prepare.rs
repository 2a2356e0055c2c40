//! Converts and checks a step's inputs.

use super::call_properties::surely_holds;
use super::conversion::{Conversion, instant_of, literal};
use crate::model::{Map, Time, Value, is_deferred};
use crate::provider::descriptor::{Connection, Input, InputKind, InputProblem, Operation};
use crate::yaml::plain_value;

impl Operation {
    /// Reads a scalar of the playbook as the type declared at `path`, or by YAML's core schema if none is declared.
    ///
    /// # Errors
    /// A message, if the text is not a value of that type.
    pub fn literal(&self, path: &[String], text: &str, plain: bool) -> Result<Value, String> {
        let open = || if plain { plain_value(text) } else { Value::String(text.to_owned()) };
        if plain && plain_value(text).is_null() {
            return Ok(Value::Null);
        }
        match self.input(path).map(|input| &input.kind) {
            None | Some(InputKind::Any | InputKind::Object { .. } | InputKind::List(_)) => Ok(open()),
            Some(kind) => literal(kind, Value::String(text.to_owned())),
        }
    }

    /// The advice for the input at `path`; `None` unless the vendor no longer supports it or this spelling of it.
    #[must_use]
    pub fn advice(&self, path: &[String]) -> Option<String> {
        let (last, above) = path.split_last()?;
        let input = self.input(path)?;
        let spelling = input.spellings.iter().find(|(spelling, _)| spelling == last);
        let inherited = || if above.is_empty() { None } else { self.advice(above) };
        spelling.map(|(_, advice)| advice.clone()).or_else(|| input.deprecated.clone()).or_else(inherited)
    }

    /// A step's inputs as they are sent: defaults added, nulls removed, types converted, all rules checked, in
    /// declared order. A value that is not known yet is accepted everywhere.
    ///
    /// # Errors
    /// All problems of the inputs.
    pub fn prepare(&self, connection: &Connection, with: Map, now: Time) -> Result<Map, Vec<InputProblem>> {
        self.prepare_beside(&[], connection, with, now)
    }

    /// [`Operation::prepare`] without the inputs that are `proven` valid. They are missing from the result. None of
    /// them may be a [deciding input](Operation::deciding_inputs) or have a default.
    ///
    /// # Errors
    /// All problems of the other inputs.
    pub fn prepare_beside(
        &self,
        proven: &[String],
        connection: &Connection,
        mut with: Map,
        now: Time,
    ) -> Result<Map, Vec<InputProblem>> {
        for (name, default) in &connection.defaults {
            if let Some(input) = self.inputs.iter().find(|input| input.name == *name) {
                lay_under(&mut with, input, default);
            }
        }
        let mut conversion = Conversion::beside(proven, now);
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

    /// The inputs that must lie after the moment of sending, with their instants.
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
}

/// Whether an input or a part of it must lie in the future.
fn may_be_late(input: &Input) -> bool {
    match &input.kind {
        InputKind::Object { fields, .. } => fields.iter().any(may_be_late),
        InputKind::List(element) => may_be_late(element),
        InputKind::String
        | InputKind::Integer
        | InputKind::Number
        | InputKind::Boolean
        | InputKind::Time(_)
        | InputKind::Any => input.bounds.ahead_of_now,
    }
}

/// Collects the instants at a place and below it that must lie in the future.
fn gather_deadlines(input: &Input, value: &Value, place: String, into: &mut Vec<(String, Time)>) {
    match (&input.kind, value) {
        (InputKind::Object { fields, .. }, Value::Object(map)) => {
            for field in fields {
                if let Some(value) = map.get(&field.name) {
                    gather_deadlines(field, value, format!("{place}.{}", field.name), into);
                }
            }
        }
        (InputKind::List(element), Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                gather_deadlines(element, item, format!("{place}.{index}"), into);
            }
        }
        _ if input.bounds.ahead_of_now => into.extend(instant_of(&input.kind, value).map(|at| (place, at))),
        _ => {}
    }
}

/// Adds a default below the given values. Maps merge key by key; anything else stays as given, null included.
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
