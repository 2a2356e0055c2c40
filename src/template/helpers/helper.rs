//! What a helper is, with its name, usage and examples; and one call of it, with its values read as the helper wants them.

use std::borrow::Cow;

use crate::diagnostic::shortened;
use crate::model::{TimePattern, Value, as_text};
use crate::template::values::{BoundedText, Scope, check_size, value_kind};

/// A helper of the language.
#[cfg_attr(not(any(test, feature = "internals")), allow(dead_code))]
#[derive(Debug)]
pub struct Helper {
    /// Its name.
    pub name: &'static str,
    /// Its name with its values: `default VALUE FALLBACK`.
    pub usage: &'static str,
    /// What it does, in one sentence.
    pub about: &'static str,
    /// Examples over [`sample`](super::sample), which run as tests.
    pub examples: &'static [Example],
    /// The fewest values it takes.
    pub(in crate::template) min_values: usize,
    /// The most values it takes.
    pub(in crate::template) max_values: usize,
    /// What it does; the message says what does not fit.
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

/// A template and what comes of it.
pub(super) const fn example(template: &'static str, result: &'static str) -> Example {
    Example { template, result }
}

impl Helper {
    /// How many values it takes, in words.
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

/// The longest message of a helper, in characters; it may quote a cell.
const LONGEST_PROBLEM: usize = 400;

/// The longest text of a time or of its format, in bytes.
const LONGEST_TIME: usize = 500;

/// A call: as many values as the helper takes, which compiling has checked.
pub(in crate::template) struct HelperCall<'c> {
    helper: &'static Helper,
    args: &'c [Cow<'c, Value>],
    scope: &'c Scope,
    most: usize,
}

impl<'c> HelperCall<'c> {
    /// A call whose result may become `most` bytes large.
    pub(in crate::template) fn new(
        helper: &'static Helper,
        args: &'c [Cow<'c, Value>],
        scope: &'c Scope,
        most: usize,
    ) -> Self {
        Self { helper, args, scope, most }
    }

    /// Refuses to make more than may be made; asked before memory is taken for it.
    pub(super) fn check_size(&self, bytes: usize) -> Result<(), String> {
        check_size(bytes, self.most)
    }

    /// A text to be filled within the bound.
    pub(super) fn new_text(&self) -> BoundedText {
        BoundedText::new(self.most)
    }

    /// The format of a time.
    pub(super) fn pattern(&self, index: usize) -> Result<TimePattern, String> {
        let text = self.text(index)?;
        self.check_time_length(&text)?;
        TimePattern::parse(&text)
    }

    /// Refuses a text that is longer than any time or format.
    pub(super) fn check_time_length(&self, text: &str) -> Result<(), String> {
        if text.len() > LONGEST_TIME {
            return Err(format!("a time and its format may be {LONGEST_TIME} bytes long"));
        }
        Ok(())
    }

    /// The problem with the helper's name ahead.
    pub(in crate::template) fn explain(&self, problem: &str) -> String {
        format!("`{}`: {}", self.helper.name, shortened(problem, LONGEST_PROBLEM))
    }

    /// All values.
    pub(super) fn values(&self) -> impl Iterator<Item = &Value> {
        self.args.iter().map(AsRef::as_ref)
    }

    /// A value by its place; null where it was left out.
    pub(super) fn value(&self, index: usize) -> &Value {
        self.args.get(index).map_or(&Value::Null, AsRef::as_ref)
    }

    /// Whether a value is null or was left out.
    pub(super) fn is_null(&self, index: usize) -> bool {
        self.value(index).is_null()
    }

    /// What the scope holds and the helper needs.
    pub(super) fn scope(&self) -> &Scope {
        self.scope
    }

    /// A text, or a number or truth value as text.
    pub(super) fn text(&self, index: usize) -> Result<Cow<'_, str>, String> {
        match self.value(index) {
            Value::String(text) => Ok(Cow::Borrowed(text)),
            value @ (Value::Number(_) | Value::Bool(_)) => Ok(Cow::Owned(as_text(value))),
            other @ (Value::Null | Value::Array(_) | Value::Object(_)) => {
                Err(format!("value {} must be a text, and it is {}", index + 1, value_kind(other)))
            }
        }
    }

    /// A list.
    pub(super) fn list(&self, index: usize) -> Result<&[Value], String> {
        match self.value(index) {
            Value::Array(items) => Ok(items),
            other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                Err(format!("value {} must be a list, and it is {}", index + 1, value_kind(other)))
            }
        }
    }

    /// A text made of the first value's text; null stays null, so that a blank is left out and not sent as `""`. `size` says
    /// how many bytes the text becomes at most.
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
