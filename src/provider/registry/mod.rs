//! All providers that a run knows: the built-in files and a user's own.

mod embedded;
mod example_check;
mod load;
mod own_files;
mod providers;

#[cfg(test)]
pub(crate) use embedded::embedded;
pub use providers::{ProviderFile, Registry, UsesError};
