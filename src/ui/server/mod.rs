//! The server's connections: bounded in number, in size and in time, on loopback alone.

mod connection;
mod patient_stream;
mod places;
mod serve;

pub use serve::{Serving, UiOptions, serve};
