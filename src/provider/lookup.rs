//! How to find out whether a call took effect whose answer never came.

use std::time::Duration;

use super::answer::Reading;
use super::expression::{Condition, Expression};
use super::names::Names;
use super::success::same_code;
use crate::model::{Map, Time, Value, value_at};

/// Several lookups asked in one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The read's input that takes a list of ids.
    pub input: String,
    /// How many ids one call takes.
    pub max: usize,
    /// Where an element of the answer's list says whose it is.
    pub matches: String,
}

/// Where an answer's list holds the element that belongs to the call.
#[derive(Debug, Clone)]
pub(crate) struct Find {
    /// The list's place in the body; the first that holds one.
    pub(crate) lists: Vec<String>,
    /// Field of an element → what it must spell.
    pub(crate) fields: Vec<(String, Expression)>,
}

/// What a lookup found.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It took effect; the outputs as far as the lookup knows them.
    TookEffect(Map),
    /// It did not.
    DidNot,
    /// The answer doesn't tell.
    Undecided,
}

/// How an operation's effect is looked up.
#[derive(Debug, Clone)]
pub struct Lookup {
    /// The read that tells, of the same provider, by its name there.
    pub operation: String,
    /// Whether [`Verdict::DidNot`] is proof enough to send again.
    pub conclusive: bool,
    /// How long after the lost call the read can be trusted.
    pub settle: Duration,
    /// How several are asked in one call.
    pub batch: Option<Batch>,
    pub(crate) when: Option<Condition>,
    pub(crate) inputs: Vec<(String, Written)>,
    pub(crate) find: Option<Find>,
    pub(crate) took_effect: Condition,
    pub(crate) did_not: Option<Condition>,
    pub(crate) outputs: Vec<(String, Expression)>,
}

/// An input of the read as the file writes it.
#[derive(Debug, Clone)]
pub(crate) enum Written {
    Value(Expression),
    Constant(Value),
    List(Vec<Written>),
    Object(Vec<(String, Written)>),
}

impl Written {
    /// Its value.
    ///
    /// # Errors
    /// The name inside a longer text that has no value.
    pub(crate) fn value(&self, names: &Names<'_>) -> Result<Value, String> {
        Ok(match self {
            Self::Constant(value) => value.clone(),
            Self::Value(expression) => expression.parameter(names)?.into_owned(),
            Self::List(items) => {
                Value::Array(items.iter().map(|item| item.value(names)).collect::<Result<_, String>>()?)
            }
            Self::Object(fields) => Value::Object(written_fields(fields, names)?),
        })
    }
}

/// The values of named parts.
///
/// # Errors
/// The part, and the name inside a longer text that has no value.
pub(crate) fn written_fields(fields: &[(String, Written)], names: &Names<'_>) -> Result<Map, String> {
    let value = |(name, field): &(String, Written)| {
        let value = field.value(names).map_err(|wrong| format!("The input `{name}`: {wrong}"))?;
        Ok((name.clone(), value))
    };
    fields.iter().map(value).collect()
}

impl Lookup {
    /// Whether a read can tell of a call with these inputs.
    #[must_use]
    pub fn applies(&self, inputs: &Map) -> bool {
        let names = Names { inputs: Some(inputs), ..Names::default() };
        self.when.as_ref().is_none_or(|when| when.holds(&names))
    }

    /// The inputs of the read, as a step's `with` would give them.
    ///
    /// # Errors
    /// That no read tells of such a call, or that it has no value for a part of an input.
    pub fn inputs(&self, inputs: &Map, intent_at: Time) -> Result<Map, String> {
        if !self.applies(inputs) {
            return Err("no read of this provider tells whether such a call took effect".to_owned());
        }
        let intent = intent(intent_at);
        let names = Names { inputs: Some(inputs), intent: Some(&intent), ..Names::default() };
        written_fields(&self.inputs, &names)
    }

    /// What the read's answer says about the call.
    #[must_use]
    pub fn verdict(&self, inputs: &Map, intent_at: Time, reading: &Reading) -> Verdict {
        if !reading.disposition.is_done() || !self.applies(inputs) {
            return Verdict::Undecided;
        }
        let intent = intent(intent_at);
        let names =
            Names { inputs: Some(inputs), intent: Some(&intent), answer: Some(&reading.body), ..Names::default() };
        let found = self.find.as_ref().and_then(|find| find.element(&names, &reading.body));
        let names = Names { found, ..names };
        let told = self.find.is_none() || found.is_some();
        if told && self.took_effect.holds(&names) {
            let outputs = self.outputs.iter().map(|(name, value)| (name.clone(), value.value(&names).into_owned()));
            return Verdict::TookEffect(outputs.collect());
        }
        match &self.did_not {
            Some(did_not) if did_not.holds(&names) => Verdict::DidNot,
            Some(_) => Verdict::Undecided,
            None if told => Verdict::DidNot,
            None => Verdict::Undecided,
        }
    }
}

impl Find {
    fn element<'a>(&self, names: &Names<'_>, body: &'a Value) -> Option<&'a Value> {
        let list = self.lists.iter().find_map(|path| value_at(body, path)?.as_array())?;
        list.iter().find(|element| {
            self.fields.iter().all(|(field, wanted)| {
                let wanted = wanted.value(names);
                value_at(element, field).is_some_and(|found| same_code(found, &wanted))
            })
        })
    }
}

fn intent(at: Time) -> Map {
    Map::from_iter([("unix".to_owned(), Value::from(at.as_secs()))])
}
