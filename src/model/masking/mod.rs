//! What must not be seen in a text, found in whatever form it stands there: people's data, and credentials.

mod credential_redactor;
mod cuts;
mod escapes;
mod forms;
mod masks;
mod regrouped;
mod views;

pub use credential_redactor::CredentialRedactor;
pub use masks::{MASK, Masks};
