//! The settings file `runsheet.yaml`: environments, their connections, and the sandbox that is always there.

mod address;
mod connection;
mod credential;
mod file;
mod overrides;
mod own_providers;
mod redact;

pub(crate) use file::choose;
pub use file::{Environment, SANDBOX, Settings};
pub(crate) use own_providers::OwnProviders;
