//! Requests over the network by hyper: nothing is retried, redirected or sent twice down here.

mod answer;
mod client;
mod connector;
mod failure;
mod line;
mod loopback;
mod origin;
mod outgoing;
mod pool;
mod proxy;
mod shared;
mod target;
#[cfg(test)]
mod tests;
mod tls;
mod wire;

pub use client::HttpTransport;
pub use loopback::is_loopback;
