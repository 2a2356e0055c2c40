//! From a step's inputs to checked inputs, and what they say about the call.

mod bounds;
mod call_properties;
mod conversion;
mod prepare;
mod scalar;
mod sensitive;

pub use bounds::KnownLength;
pub(crate) use scalar::{to_boolean, to_integer, to_number, to_string};
