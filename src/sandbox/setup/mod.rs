//! What a sandbox starts with: limits and token lifetimes, faults, credentials, the built-in environment.

mod credentials;
mod environment;
mod faults;
mod options;

#[cfg(test)]
pub(in crate::sandbox) use credentials::CREDENTIALS;
pub use credentials::credentials;
pub(in crate::sandbox) use credentials::{
    APP_ID, APP_SECRET, EMAIL, LICENSE_KEY, PASSWORD, PERMANENT_CODE, SECRET_ID, SECRET_KEY, TOKEN,
};
pub use environment::environment;
pub(in crate::sandbox) use faults::Fault;
pub use faults::Faults;
pub use options::SimulatorSettings;
