//! The vendors' simulators: state, the rules of their pages, faults; inside a run or as a server.
//!
//! [`Sandbox`] decides without touching the world: time is an argument, and what a call came to is an
//! [`Entry`]. Applying the entries again, in order, rebuilds the same world; [`Embedded`] and [`serve`]
//! write each to `sandbox.jsonl` before its answer is given.

mod arctos;
mod call;
mod connection;
mod credentials;
mod door;
mod echo;
mod embedded;
mod entry;
mod environment;
mod esignon;
mod faults;
mod fxiaoke;
mod gates;
mod log;
mod masking;
#[cfg(test)]
mod rehearsal;
mod reply;
mod route;
mod seed;
mod server;
mod shape;
mod simulator;
mod spoil;
mod tencent;
#[cfg(test)]
mod tests;
mod tokens;
mod tuning;
mod world;

pub use credentials::credentials;
pub use embedded::Embedded;
pub use entry::{Entry, Vendor};
pub use environment::environment;
pub use faults::Faults;
pub use log::LOG_FILE;
pub use server::{Background, ServeOptions, Serving, serve, serve_on_thread};
pub use simulator::{Delivery, Sandbox, Served};
pub use tuning::Tuning;
