//! One call of a helper: its values, read as the helper wants them.

use std::borrow::Cow;

use super::helper::Helper;
use crate::model::{Value, as_text};
use crate::template::evaluate::kind;
use crate::template::scope::Scope;

/// A call: as many values as the helper takes, which compiling has checked.
pub(in crate::template) struct Call<'c> {
    helper: &'static Helper,
    args: &'c [Cow<'c, Value>],
    scope: &'c Scope,
}

impl<'c> Call<'c> {
    pub(in crate::template) fn new(helper: &'static Helper, args: &'c [Cow<'c, Value>], scope: &'c Scope) -> Self {
        Self { helper, args, scope }
    }

    /// The problem with the helper's name ahead.
    pub(in crate::template) fn explain(&self, problem: &str) -> String {
        format!("`{}`: {problem}", self.helper.name)
    }

    /// All values.
    pub(super) fn all(&self) -> impl Iterator<Item = &Value> {
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
                Err(format!("value {} must be a text, and it is {}", index + 1, kind(other)))
            }
        }
    }

    /// A list.
    pub(super) fn list(&self, index: usize) -> Result<&[Value], String> {
        match self.value(index) {
            Value::Array(items) => Ok(items),
            other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                Err(format!("value {} must be a list, and it is {}", index + 1, kind(other)))
            }
        }
    }

    /// A text made of the first value's text; null stays null, so that a blank is left out and not sent as `""`.
    pub(super) fn map_text(&self, change: impl FnOnce(&str) -> String) -> Result<Value, String> {
        if self.is_null(0) { Ok(Value::Null) } else { self.text(0).map(|text| Value::String(change(&text))) }
    }
}
