//! Credentials from where the settings say they are: an environment variable, a file, a command's output.
//!
//! | file | what it holds |
//! |---|---|
//! | `secret_text` | what is wrong with a secret as it was copied, saved or printed |
//! | `error` | why a credential could not be read, and what to do about it |
//! | `command` | runs the command that prints a credential |
//! | `resolve` | reads one credential from its source |

mod command;
mod error;
mod resolve;
mod secret_text;

pub(in crate::io) use command::{login_variables, masked};
pub use error::{CredentialError, SecretPlace};
pub use resolve::resolve;
pub use secret_text::SecretFlaw;
