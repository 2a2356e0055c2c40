//! Values in provider files that contain names.

use super::names::Names;
use super::text::Expression;
use crate::model::{Map, Value};

/// A value in a provider file that contains names.
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
    /// A message, if a name inside a longer text has no value.
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

/// The values of named templates.
///
/// # Errors
/// A message with the name and the field, if a name inside a longer text has no value.
pub(crate) fn filled_fields(fields: &[(String, ValueTemplate)], names: &Names<'_>) -> Result<Map, String> {
    let value = |(name, field): &(String, ValueTemplate)| {
        let value = field.value(names).map_err(|wrong| format!("The input `{name}`: {wrong}"))?;
        Ok((name.clone(), value))
    };
    fields.iter().map(value).collect()
}
