//! What need not be known of a call's inputs to answer the questions about it, and what is right whatever stands there.

use std::collections::BTreeSet;

use super::conversion::Conversion;
use super::expression::Condition;
use super::input::{Bounds, Input};
use super::operation::Operation;
use crate::model::{Time, Value};

impl Operation {
    /// The inputs that decide what a call is: its key, whether it may be repeated, what it endangers or widens, and
    /// which others it requires.
    #[must_use]
    pub fn asked_inputs(&self) -> BTreeSet<&str> {
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
}

/// What is known of a value's length without looking at the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// Nothing is known.
    Any,
    /// It is not empty.
    Filled,
    /// So many elements.
    Elements(u64),
}

impl Input {
    /// Whether any value of its type and of that length is right.
    #[must_use]
    pub fn takes_any(&self, length: Length) -> bool {
        let Bounds { one_of, pattern, min_length, max_length, minimum, maximum, ahead_of_now } = &self.bounds;
        let long_enough = match length {
            Length::Any => min_length.is_none(),
            Length::Filled => min_length.is_none_or(|least| least <= 1),
            Length::Elements(count) => min_length.is_none_or(|least| least <= count),
        };
        let short_enough = match length {
            Length::Elements(count) => max_length.is_none_or(|most| count <= most),
            Length::Any | Length::Filled => max_length.is_none(),
        };
        let unbound = one_of.is_empty() && pattern.is_none() && minimum.is_none() && maximum.is_none();
        long_enough && short_enough && unbound && !ahead_of_now
    }

    /// Whether it takes a value at that instant.
    #[must_use]
    pub fn takes(&self, value: &Value, now: Time) -> bool {
        let mut conversion = Conversion::new(now);
        conversion.within(&self.name, |deeper| deeper.value(self, value.clone()));
        conversion.finish().is_empty()
    }
}

fn inputs_of(condition: &Condition) -> impl Iterator<Item = &str> {
    condition.names().into_iter().filter_map(|name| match name {
        [root, input, ..] if root == "inputs" => Some(input.as_str()),
        _ => None,
    })
}
