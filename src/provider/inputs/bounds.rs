//! Checks the bounds of a value of the right type: allowed values, ranges, lengths, patterns, times.

use super::conversion::{Conversion, instant_of};
use super::scalar::shown;
use crate::diagnostic::near_miss;
use crate::model::{Time, Value, as_text};
use crate::provider::descriptor::{Input, InputBounds};

impl Conversion<'_> {
    /// Checks the bounds of a scalar of the right type.
    pub(super) fn check(&mut self, input: &Input, value: &Value) {
        let bounds = &input.bounds;
        if !bounds.one_of.is_empty() && !bounds.one_of.contains(value) {
            self.not_one_of(input, value);
            return;
        }
        if bounds.ahead_of_now {
            self.check_ahead(input, value);
        }
        if bounds.minimum.is_some() || bounds.maximum.is_some() {
            self.check_range(input, value);
        }
        if let Value::String(text) = value {
            if bounds.min_length.is_some() || bounds.max_length.is_some() {
                self.check_length(bounds, text.chars().count(), "character");
            }
            self.check_pattern(input, value, text);
        }
    }

    fn not_one_of(&mut self, input: &Input, value: &Value) {
        let known: Vec<String> = input.bounds.one_of.iter().map(as_text).collect();
        let listed = known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let near = near_miss(value.as_str().unwrap_or_default(), known.iter().map(String::as_str));
        let help = near.map(|near| format!("Did you mean `{near}`?"));
        let given = if input.sensitive { "this".to_owned() } else { shown(value) };
        let message = format!("{} must be one of {listed}, and {given} is not", self.shown_name());
        self.problem("bad-value", message, help);
    }

    fn check_ahead(&mut self, input: &Input, value: &Value) {
        if let Some(at) = instant_of(&input.kind, value).filter(|at| *at <= self.now) {
            let message = format!("{} must lie ahead of now, and {at} does not", self.shown_name());
            self.problem("too-late", message, Some(format!("It is {} now.", self.now)));
        }
    }

    fn check_range(&mut self, input: &Input, value: &Value) {
        let bounds = &input.bounds;
        let Some(number) = value.as_number().and_then(serde_json::Number::as_f64) else { return };
        // Bounds of inputs are far below 2^53, where both conversions are exact.
        #[allow(clippy::cast_precision_loss)]
        let (below, above) = (
            bounds.minimum.filter(|minimum| number < *minimum as f64),
            bounds.maximum.filter(|maximum| number > *maximum as f64),
        );
        let said =
            below.map(|minimum| format!("at least {minimum}")).or(above.map(|maximum| format!("at most {maximum}")));
        if let Some(said) = said {
            let given = if input.sensitive { "another".to_owned() } else { shown(value) };
            let message = format!("{} must be {said}, and this is {given}", self.shown_name());
            self.problem("bad-value", message, None);
        }
    }

    pub(super) fn check_length(&mut self, bounds: &InputBounds, length: usize, unit: &str) {
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        let (least, most) = (bounds.min_length.unwrap_or(0), bounds.max_length.unwrap_or(u64::MAX));
        if (least..=most).contains(&length) {
            return;
        }
        let plural = |count: u64| if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") };
        let wanted = match (least == most, length < least) {
            (true, _) => format!("exactly {}", plural(least)),
            (_, true) => format!("at least {}", plural(least)),
            _ => format!("at most {}", plural(most)),
        };
        let message = format!("{} must have {wanted}, and this has {length}", self.shown_name());
        self.problem("bad-value", message, None);
    }

    fn check_pattern(&mut self, input: &Input, value: &Value, text: &str) {
        let Some(pattern) = input.bounds.pattern.as_ref().filter(|pattern| !pattern.regex.is_match(text)) else {
            return;
        };
        let wanted = match &pattern.meaning {
            Some(meaning) => meaning.clone(),
            None => format!("text of the form `{}`", pattern.regex.as_str()),
        };
        let given = if input.sensitive { "this".to_owned() } else { shown(value) };
        let message = format!("{} must be {wanted}, and {given} is not", self.shown_name());
        self.problem("bad-value", message, None);
    }
}

/// What is known about a value's length before the value itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownLength {
    /// Nothing.
    Any,
    /// It is not empty.
    Filled,
    /// It has this number of elements.
    Elements(u64),
}

impl Input {
    /// Whether every value of the right type and of this length is valid.
    #[must_use]
    pub fn accepts_any(&self, length: KnownLength) -> bool {
        let InputBounds { one_of, pattern, min_length, max_length, minimum, maximum, ahead_of_now } = &self.bounds;
        let long_enough = match length {
            KnownLength::Any => min_length.is_none(),
            KnownLength::Filled => min_length.is_none_or(|least| least <= 1),
            KnownLength::Elements(count) => min_length.is_none_or(|least| least <= count),
        };
        let short_enough = match length {
            KnownLength::Elements(count) => max_length.is_none_or(|most| count <= most),
            KnownLength::Any | KnownLength::Filled => max_length.is_none(),
        };
        let unbound = one_of.is_empty() && pattern.is_none() && minimum.is_none() && maximum.is_none();
        long_enough && short_enough && unbound && !ahead_of_now
    }

    /// Whether a value is valid at the instant `now`.
    #[must_use]
    pub fn accepts(&self, value: &Value, now: Time) -> bool {
        let mut conversion = Conversion::new(now);
        conversion.within(&self.name, |deeper| deeper.value(self, value.clone()));
        conversion.finish().is_empty()
    }
}
