//! What must not be seen in a text, found in whatever form it stands there: people's data, and credentials.

mod blackout;
mod cuts;
mod escapes;
mod forms;
mod masks;
mod regrouped;
mod views;

pub use blackout::CredentialRedactor;
pub use masks::{MASK, Masks};
