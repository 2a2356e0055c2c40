//! All vendors behind one entrance: from a call to its vendor, its faults and its log entry.

mod embedded;
mod route;
mod sandbox;
mod shared;

pub use embedded::Embedded;
pub use sandbox::{Delivery, Sandbox, Served};
pub(in crate::sandbox) use shared::{LoggedSandbox, wall};
