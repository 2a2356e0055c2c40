//! The trait that sends a request to a vendor. The network and the simulators implement it.

use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::model::{Request, Response, SendError};

/// The limits of one call.
#[derive(Debug, Clone, Copy)]
pub struct CallBounds {
    /// The longest time from the first byte sent to the last byte of the answer.
    pub timeout: Duration,
    /// The largest body that is read, in bytes. A larger one counts as no answer.
    pub max_body: usize,
    /// Whether the call must not be repeated if its answer is lost. Such a call avoids connections that may be dead.
    pub once: bool,
}

/// Sends requests and returns their answers. Never sends a request twice.
pub trait Transport: Send + Sync {
    /// Sends `request` within `bounds`.
    fn send<'a>(&'a self, request: Request, bounds: CallBounds) -> BoxFuture<'a, Result<Response, SendError>>;

    /// Whether every call ends within its timeout. If not, the caller enforces the timeout itself.
    fn keeps_time(&self) -> bool {
        false
    }
}
