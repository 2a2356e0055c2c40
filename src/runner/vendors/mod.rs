//! The vendors of a run: for each connection its credentials, its logins and its client.

mod connect;
mod login_pace;
mod secrets;
mod vendor;

pub use connect::{VendorError, network_transport, resolve_credentials};
pub use vendor::Vendor;
