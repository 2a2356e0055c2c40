//! A program over a scope: its value, and which parts of it are private.

mod destination;
mod evaluation;
mod private_values;

pub use destination::Destination;
pub(super) use evaluation::Evaluation;
pub use evaluation::RenderError;
pub use private_values::PrivateValues;
pub(super) use private_values::{gives_private, trace};
