//! The socket in a run's folder, over which other programs of the same user steer the run and ask how it is.
//!
//! | file | what it holds, each importing only from those before it |
//! |---|---|
//! | `call` | a command on its way to the run, and its answer |
//! | `message` | what goes over the socket: one line of JSON each way |
//! | `address` | where the socket lies, also below a very long path |
//! | `server`, `client` | the two ends |

mod address;
mod call;
mod client;
mod message;
mod server;
#[cfg(test)]
mod tests;

pub use call::{SteerCall, SteerReply};
pub use client::{ControlError, ask};
pub use message::{ControlAnswer, ControlAsk};
pub use server::ControlServer;
