//! The file that events are written to: a bounded queue in front of one writing thread. Adding an event never waits;
//! events that find the queue full are counted, and the file says how many are missing.

mod log;
mod target;
#[cfg(test)]
mod tests;
mod writer_thread;

pub use log::{EventLog, Patience};
pub use target::open_target;
