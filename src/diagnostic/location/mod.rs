//! Places in a user's file: byte ranges, lines and columns.

mod place;
mod source;

pub use place::{Place, Span};
pub use source::Source;
