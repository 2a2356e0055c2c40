//! `-vv`: one line per call, without anything that could hold a secret or a person's data.

use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tracing::debug;

use crate::io::{CallBounds, Transport};
use crate::model::{Request, Response, SendError};

/// A transport that tells of every call.
pub(super) struct Traced {
    /// The connection's name.
    pub(super) connection: String,
    /// What really sends.
    pub(super) inner: Arc<dyn Transport>,
}

impl Transport for Traced {
    fn send<'a>(&'a self, request: Request, bounds: CallBounds) -> BoxFuture<'a, Result<Response, SendError>> {
        let (method, bytes) = (request.method.as_str(), request.body.len());
        async move {
            let from = Instant::now();
            let came = self.inner.send(request, bounds).await;
            let took = from.elapsed().as_millis();
            let name = &self.connection;
            match &came {
                Ok(response) => debug!("{name}: {method} {bytes} bytes, answered {} in {took} ms", response.status),
                Err(SendError::NotSent(_) | SendError::Shortage(_) | SendError::Untrusted(_)) => {
                    debug!("{name}: {method} not sent, after {took} ms")
                }
                Err(SendError::NoAnswer(_)) => debug!("{name}: {method} {bytes} bytes, no answer after {took} ms"),
            }
            came
        }
        .boxed()
    }

    fn keeps_time(&self) -> bool {
        self.inner.keeps_time()
    }
}
