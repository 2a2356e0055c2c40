//! Requests over the network by reqwest. A request is sent once: no retries, no redirects.

mod answer;
mod ca_file;
mod client;
mod distrust;
mod failure;
mod origin;
mod outgoing;
mod proxy;
mod setup;
mod target;
#[cfg(test)]
mod tests;
mod tls;

pub use ca_file::{CaFileError, authorities};
pub use client::HttpTransport;
