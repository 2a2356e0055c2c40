//! Notices of the end of a run, which leave this machine or start a program: posted over HTTP, or written to a command's
//! standard input. Each is tried three times within a bounded time.

mod command;
mod post;
mod send;

pub use send::{NotifyFailure, WHOLE, send_notice};
