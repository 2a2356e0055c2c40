//! The settings file `runsheet.yaml`: environments, their connections, and the sandbox that is always there.

mod address;
mod connection;
mod credential;
mod environment;
mod file;
mod overrides;
mod own_providers;
mod veil;
mod words;

pub use environment::{Environment, SANDBOX};
pub use file::Settings;
pub(crate) use file::choose;
pub(crate) use own_providers::OwnProviders;
