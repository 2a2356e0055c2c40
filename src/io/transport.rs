//! How a request reaches a vendor: the one trait behind which the network and the simulators stand.

use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::model::{Request, Response, SendError};

/// What bounds one call.
#[derive(Debug, Clone, Copy)]
pub struct CallBounds {
    /// From the first byte to the last of the answer.
    pub timeout: Duration,
    /// The largest body that is read, in bytes; more is no answer.
    pub max_body: usize,
    /// Whether the call must not be repeated when its answer is lost: it then avoids connections that may be dead.
    pub once: bool,
}

/// Sends one request and brings its answer. Never sends twice by itself.
pub trait Transport: Send + Sync {
    /// Sends `request` within `bounds`.
    fn send<'a>(&'a self, request: Request, bounds: CallBounds) -> BoxFuture<'a, Result<Response, SendError>>;

    /// Whether it answers within the time allowed whatever happens; else its caller holds a clock beside it.
    fn keeps_time(&self) -> bool {
        false
    }
}
