//! The settings file `runsheet.yaml`: environments, their connections, and the sandbox that is always there.

mod address;
mod connection;
mod credential;
mod find;
mod overrides;
mod read;
mod veil;
mod words;

pub(crate) use find::find;
pub use read::Settings;
pub(crate) use read::choose;
