//! The template of a body: where constants, settings and inputs go.

use crate::model::Value;
use crate::provider::expression::Expression;

/// A node of a body.
#[derive(Debug, Clone)]
pub(crate) enum BodyTemplate {
    /// A constant or a value by name; left out if it is null.
    Value(Expression),
    /// A constant that is not a text.
    Constant(Value),
    /// A list.
    List(Vec<BodyTemplate>),
    /// An object.
    Object(Vec<BodyField>),
}

/// A part of an object.
#[derive(Debug, Clone)]
pub(crate) enum BodyField {
    /// A field.
    Field(String, BodyTemplate),
    /// The inputs that go into the body, each under its own name: all of them, or only these.
    Inputs(Option<Vec<String>>),
}

impl BodyTemplate {
    /// The template of a body that no file describes: the inputs as they are.
    pub(crate) fn flat() -> Self {
        Self::Object(vec![BodyField::Inputs(None)])
    }
}
