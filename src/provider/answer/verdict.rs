//! Decides from a lookup's answer whether the call took effect.

use super::reading::Reading;
use crate::model::{Map, Time, Value, value_at};
use crate::provider::descriptor::{ElementSearch, Lookup, intent, same_code};
use crate::provider::expression::Names;

/// The result of a lookup.
#[derive(Debug, Clone, PartialEq)]
pub enum LookupResult {
    /// The call took effect, with the outputs that the lookup found.
    TookEffect(Map),
    /// The call did not take effect.
    DidNot,
    /// The answer does not show it.
    Undecided,
}

impl Lookup {
    /// Decides whether the call took effect. `reading` is the answer to the lookup's read.
    #[must_use]
    pub fn verdict(&self, inputs: &Map, intent_at: Time, reading: &Reading) -> LookupResult {
        if !reading.disposition.is_done() || !self.applies(inputs) {
            return LookupResult::Undecided;
        }
        let intent = intent(intent_at);
        let names =
            Names { inputs: Some(inputs), intent: Some(&intent), answer: Some(&reading.body), ..Names::default() };
        let found = self.find.as_ref().and_then(|find| find.element(&names, &reading.body));
        let names = Names { found, ..names };
        let told = self.find.is_none() || found.is_some();
        if told && self.took_effect.holds(&names) {
            let outputs = self.outputs.iter().map(|(name, value)| (name.clone(), value.value(&names).into_owned()));
            return LookupResult::TookEffect(outputs.collect());
        }
        match &self.did_not {
            Some(did_not) if did_not.holds(&names) => LookupResult::DidNot,
            Some(_) => LookupResult::Undecided,
            None if told => LookupResult::DidNot,
            None => LookupResult::Undecided,
        }
    }
}

impl ElementSearch {
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
