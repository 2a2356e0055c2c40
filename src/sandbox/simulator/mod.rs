//! All vendors behind one entrance: from a call to its vendor, its faults and its log entry.

mod embedded;
mod logged;
mod route;
mod sandbox;

pub use embedded::Embedded;
pub(in crate::sandbox) use logged::{LoggedSandbox, wall};
pub use sandbox::{Delivery, Sandbox, Served};
