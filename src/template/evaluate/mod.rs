//! Evaluates a program with a scope: to a value, and to the parts of it that are private.

mod destination;
mod evaluation;
mod private_values;

pub use destination::Destination;
pub(super) use evaluation::Evaluation;
pub use evaluation::RenderError;
pub use private_values::PrivateValues;
pub(super) use private_values::{find_private_values, gives_private};
