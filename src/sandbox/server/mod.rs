//! The simulators as an HTTP/1.1 server for other programs.

mod access;
mod connection;
mod serve;
mod tls;

#[cfg(any(test, feature = "internals"))]
pub use serve::{Background, serve_on_thread};
pub use serve::{ServeOptions, Serving, serve};
