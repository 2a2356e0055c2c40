//! A connection of HTTP/2, which all calls share.

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http2::{Builder, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::time::{Instant, timeout_at};

use super::answer;
use super::failure::{chain, too_late};
use super::wire::Stream;
use crate::model::{Response, SendError};

/// One call's hold on the connection; it closes when the last one lets go.
#[derive(Clone)]
pub(super) struct Shared(SendRequest<Full<Bytes>>);

impl Shared {
    /// Speaks HTTP/2 over a stream.
    ///
    /// # Errors
    /// What hyper says against it.
    pub(super) async fn new(stream: Stream) -> Result<Self, hyper::Error> {
        let mut builder = Builder::new(TokioExecutor::new());
        let (sender, connection) = builder.timer(TokioTimer::new()).handshake(TokioIo::new(stream)).await?;
        // Its end reaches every call through its own answer.
        tokio::spawn(async move { drop(connection.await) });
        Ok(Self(sender))
    }

    /// Whether it can take a call.
    pub(super) fn is_open(&self) -> bool {
        self.0.is_ready()
    }

    /// Sends one request and reads its answer.
    ///
    /// # Errors
    /// Not sent only where the request comes back untouched.
    pub(super) async fn call(
        mut self,
        request: hyper::Request<Full<Bytes>>,
        until: Instant,
        max_body: usize,
    ) -> Result<Response, SendError> {
        let call = async {
            let answer = self.0.try_send_request(request).await.map_err(|mut failed| {
                let untouched = failed.take_message().is_some();
                let why = chain(failed.error());
                if untouched { SendError::NotSent(why) } else { SendError::NoAnswer(why) }
            })?;
            answer::read(answer, max_body, answer::part).await
        };
        timeout_at(until, call).await.unwrap_or_else(|_| Err(too_late()))
    }
}
