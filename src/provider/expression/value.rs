//! Values of provider files with names in them.

use super::names::Names;
use super::text::Expression;
use crate::model::{Map, Value};

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
