//! The shape of a body: where constants, settings and inputs stand in the vendor's wrappers.

use crate::model::Value;
use crate::provider::expression::Expression;

/// A node of a body.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    /// A constant or a value by name; left out where it is null.
    Value(Expression),
    /// A constant that is no text.
    Constant(Value),
    /// A list.
    List(Vec<Shape>),
    /// An object.
    Object(Vec<Entry>),
}

/// What stands in an object.
#[derive(Debug, Clone)]
pub(crate) enum Entry {
    /// A field.
    Field(String, Shape),
    /// The inputs that go into the body, each under its own name: all, or these.
    Inputs(Option<Vec<String>>),
}

impl Shape {
    /// The shape of a body that no file describes: the inputs as they are.
    pub(crate) fn flat() -> Self {
        Self::Object(vec![Entry::Inputs(None)])
    }
}
