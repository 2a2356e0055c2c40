//! The file that events go to: a bounded queue in front of one writing thread. Whoever tells of an event never waits;
//! what finds no place is counted and told.

mod log;
mod target;
#[cfg(test)]
mod tests;
mod writer_thread;

pub use log::{EventLog, Patience};
pub use target::open_target;
