//! Requests over the network with reqwest. A request is sent once: no retries, no redirects.

mod answer;
mod ca_file;
mod client;
mod error_chain;
mod failure;
mod origin;
mod proxy;
mod request;
mod resolver;
mod setup;
#[cfg(test)]
mod tests;
mod tls;
mod untrusted_certificate;

pub use ca_file::{CaFileError, authorities};
pub use client::HttpTransport;
