//! The settings file `runsheet.yaml`: environments with their connections, and the sandbox that always exists.
//!
//! `file.rs` reads the whole file, `connection.rs` one connection of an environment with the help of `address.rs`,
//! `credential.rs` and `overrides.rs`; `own_providers.rs` is the key `providers`, `notify.rs` the key `notify`; `redact.rs`
//! hides credentials in messages.

mod address;
mod connection;
mod credential;
mod file;
mod notify;
mod overrides;
mod own_providers;
mod redact;

pub(crate) use file::choose;
pub use file::{Environment, SANDBOX, Settings};
pub use notify::{NotifyOn, NotifyRule, NotifyTarget, NotifyUrl, check_notify_url};
pub(crate) use own_providers::OwnProviders;
