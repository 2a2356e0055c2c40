//! Masks what must not be shown, in whatever form a text contains it: personal data and credentials.

mod credential_redactor;
mod cuts;
mod escapes;
mod forms;
mod masks;
mod regrouped;
mod views;

pub use credential_redactor::CredentialRedactor;
pub use masks::{MASK, Masks};
