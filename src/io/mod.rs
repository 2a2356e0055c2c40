//! What touches the world: transport, journal store, credentials, clock, files.

mod transport;

pub use transport::{CallBounds, Transport};
