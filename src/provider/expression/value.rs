//! Values of provider files with names in them.

use super::names::Names;
use super::text::Expression;
use crate::model::{Map, Value};

/// An input of the read as the file writes it.
#[derive(Debug, Clone)]
pub(crate) enum ValueTemplate {
    Value(Expression),
    Constant(Value),
    List(Vec<ValueTemplate>),
    Object(Vec<(String, ValueTemplate)>),
}

impl ValueTemplate {
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
            Self::Object(fields) => Value::Object(filled_fields(fields, names)?),
        })
    }
}

/// The values of named parts.
///
/// # Errors
/// The part, and the name inside a longer text that has no value.
pub(crate) fn filled_fields(fields: &[(String, ValueTemplate)], names: &Names<'_>) -> Result<Map, String> {
    let value = |(name, field): &(String, ValueTemplate)| {
        let value = field.value(names).map_err(|wrong| format!("The input `{name}`: {wrong}"))?;
        Ok((name.clone(), value))
    };
    fields.iter().map(value).collect()
}
