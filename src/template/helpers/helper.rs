//! What a helper is (name, usage, examples), and one call of it, with typed access to its values.

use std::borrow::Cow;

use crate::diagnostic::shortened;
use crate::model::{TimePattern, Value, as_text};
use crate::template::values::{BoundedText, Scope, check_size, value_kind};

/// A helper that templates can call.
#[cfg_attr(not(any(test, feature = "internals")), allow(dead_code))]
#[derive(Debug)]
pub struct Helper {
    /// The name in templates.
    pub name: &'static str,
    /// The name with placeholders for its values: `default VALUE FALLBACK`.
    pub usage: &'static str,
    /// What it does, in one sentence.
    pub about: &'static str,
    /// Examples over [`sample`](super::sample), which run as tests.
    pub examples: &'static [Example],
    /// The fewest values it takes.
    pub(in crate::template) min_values: usize,
    /// The most values it takes.
    pub(in crate::template) max_values: usize,
    /// Computes the result. The error is a message that says which value does not fit.
    pub(in crate::template) run: fn(&HelperCall<'_>) -> Result<Value, String>,
}

/// A template and the JSON it renders to.
#[cfg_attr(not(any(test, feature = "internals")), allow(dead_code))]
#[derive(Debug)]
pub struct Example {
    /// The template.
    pub template: &'static str,
    /// Its value, as JSON.
    pub result: &'static str,
}

/// Makes an [`Example`].
pub(super) const fn example(template: &'static str, result: &'static str) -> Example {
    Example { template, result }
}

impl Helper {
    /// Says in words how many values the helper takes: `one value`, `2 to 3 values`.
    pub(in crate::template) fn takes(&self) -> String {
        let values = |count: usize| if count == 1 { "one value".to_owned() } else { format!("{count} values") };
        match (self.min_values, self.max_values) {
            (0, 0) => "no value".to_owned(),
            (least, usize::MAX) => format!("at least {}", values(least)),
            (least, most) if least == most => values(least),
            (least, most) => format!("{least} to {}", values(most)),
        }
    }
}

/// The longest error message of a helper, in characters; longer ones are cut, as a message may quote a cell.
const LONGEST_PROBLEM: usize = 400;

/// The longest time, and the longest time format, in bytes.
const LONGEST_TIME: usize = 500;

/// One call of a helper. Compiling has checked that it has as many values as the helper takes.
pub(in crate::template) struct HelperCall<'c> {
    helper: &'static Helper,
    args: &'c [Cow<'c, Value>],
    scope: &'c Scope,
    most: usize,
}

impl<'c> HelperCall<'c> {
    /// Makes a call whose result may have at most `most` bytes.
    pub(in crate::template) fn new(
        helper: &'static Helper,
        args: &'c [Cow<'c, Value>],
        scope: &'c Scope,
        most: usize,
    ) -> Self {
        Self { helper, args, scope, most }
    }

    /// Checks that a result of this many bytes is allowed, before memory is taken for it.
    pub(super) fn check_size(&self, bytes: usize) -> Result<(), String> {
        check_size(bytes, self.most)
    }

    /// An empty text that can grow up to the bound.
    pub(super) fn new_text(&self) -> BoundedText {
        BoundedText::new(self.most)
    }

    /// Reads a value as a time format such as `YYYY-MM-DD`.
    pub(super) fn pattern(&self, index: usize) -> Result<TimePattern, String> {
        let text = self.text(index)?;
        self.check_time_length(&text)?;
        TimePattern::parse(&text)
    }

    /// Checks that a text is not longer than a time or a time format can be.
    pub(super) fn check_time_length(&self, text: &str) -> Result<(), String> {
        if text.len() > LONGEST_TIME {
            return Err(format!("a time and its format may be {LONGEST_TIME} bytes long"));
        }
        Ok(())
    }

    /// Puts the helper's name before a problem and cuts a long one.
    pub(in crate::template) fn explain(&self, problem: &str) -> String {
        format!("`{}`: {}", self.helper.name, shortened(problem, LONGEST_PROBLEM))
    }

    /// All values of the call.
    pub(super) fn values(&self) -> impl Iterator<Item = &Value> {
        self.args.iter().map(AsRef::as_ref)
    }

    /// The value at an index; null if it was left out.
    pub(super) fn value(&self, index: usize) -> &Value {
        self.args.get(index).map_or(&Value::Null, AsRef::as_ref)
    }

    /// Whether a value is null or was left out.
    pub(super) fn is_null(&self, index: usize) -> bool {
        self.value(index).is_null()
    }

    /// The scope, for helpers that need more than their values.
    pub(super) fn scope(&self) -> &Scope {
        self.scope
    }

    /// The value at an index as text; numbers and booleans are converted.
    pub(super) fn text(&self, index: usize) -> Result<Cow<'_, str>, String> {
        match self.value(index) {
            Value::String(text) => Ok(Cow::Borrowed(text)),
            value @ (Value::Number(_) | Value::Bool(_)) => Ok(Cow::Owned(as_text(value))),
            other @ (Value::Null | Value::Array(_) | Value::Object(_)) => {
                Err(format!("value {} must be a text, and it is {}", index + 1, value_kind(other)))
            }
        }
    }

    /// The value at an index as a list.
    pub(super) fn list(&self, index: usize) -> Result<&[Value], String> {
        match self.value(index) {
            Value::Array(items) => Ok(items),
            other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                Err(format!("value {} must be a list, and it is {}", index + 1, value_kind(other)))
            }
        }
    }

    /// Changes the text of the first value. Null stays null, so that a blank is left out and not sent as `""`. `size`
    /// gives the largest size of the result in bytes.
    pub(super) fn map_text(
        &self,
        size: impl FnOnce(&str) -> usize,
        change: impl FnOnce(&str) -> String,
    ) -> Result<Value, String> {
        if self.is_null(0) {
            return Ok(Value::Null);
        }
        let text = self.text(0)?;
        self.check_size(size(&text))?;
        Ok(Value::String(change(&text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn helper(min_values: usize, max_values: usize) -> Helper {
        let run = |_: &HelperCall<'_>| Ok(Value::Null);
        Helper { name: "x", usage: "x", about: "X.", examples: &[], min_values, max_values, run }
    }

    #[test]
    fn the_number_of_values_is_said_in_words() {
        for (min, max, words) in [
            (0, 0, "no value"),
            (1, 1, "one value"),
            (2, 2, "2 values"),
            (1, 2, "1 to 2 values"),
            (0, 1, "0 to one value"),
            (1, usize::MAX, "at least one value"),
            (2, usize::MAX, "at least 2 values"),
        ] {
            assert_eq!(helper(min, max).takes(), words);
        }
    }

    #[test]
    fn a_long_problem_is_cut_behind_the_name_of_the_helper() {
        static HELPER: std::sync::LazyLock<Helper> = std::sync::LazyLock::new(|| helper(0, 0));
        let scope = Scope::new();
        let call = HelperCall::new(&HELPER, &[], &scope, 10);
        assert_eq!(call.explain("too much"), "`x`: too much");
        let explained = call.explain(&"y".repeat(LONGEST_PROBLEM + 1));
        assert_eq!(explained.chars().count(), "`x`: ".len() + LONGEST_PROBLEM + 1);
        assert!(explained.ends_with('…'));
    }

    #[test]
    fn a_value_left_out_is_null() {
        static HELPER: std::sync::LazyLock<Helper> = std::sync::LazyLock::new(|| helper(0, 2));
        let (scope, args) = (Scope::new(), [Cow::Owned(Value::from("a"))]);
        let call = HelperCall::new(&HELPER, &args, &scope, 10);
        assert_eq!((call.is_null(0), call.is_null(1)), (false, true));
        assert_eq!(call.value(1), &Value::Null);
        assert_eq!(call.text(1).unwrap_err(), "value 2 must be a text, and it is null");
        assert_eq!(call.list(0).unwrap_err(), "value 1 must be a list, and it is a text");
    }

    #[test]
    fn a_time_and_its_format_are_bounded_at_500_bytes() {
        static HELPER: std::sync::LazyLock<Helper> = std::sync::LazyLock::new(|| helper(1, 1));
        let scope = Scope::new();
        let pattern = |bytes: usize| {
            let args = [Cow::Owned(Value::from("-".repeat(bytes)))];
            HelperCall::new(&HELPER, &args, &scope, 10).pattern(0).is_ok()
        };
        assert!(pattern(500) && !pattern(501));
    }
}
