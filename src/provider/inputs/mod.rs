//! Checks a step's inputs, and derives the properties of the call from them.

mod bounds;
mod call_properties;
mod conversion;
mod prepare;
mod scalar;
mod sensitive;

pub use bounds::KnownLength;
pub(crate) use scalar::{to_boolean, to_integer, to_number, to_string};
