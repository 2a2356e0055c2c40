//! A connection of HTTP/1: one call at a time, driven by the very call that uses it.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::http1::{Connection, SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::time::{Instant, Sleep, sleep_until};

use super::answer::{self, Part};
use super::failure::{chain, too_late};
use super::wire::{Signals, Stream};
use crate::model::{Response, SendError};

/// How long the runtime may be trusted to have heard that the other side closed.
const HEARD_OF: Duration = Duration::from_millis(100);

/// One connection. Whoever drops it, in the middle of a call too, closes it.
pub(super) struct Line {
    sender: SendRequest<Full<Bytes>>,
    /// Gone once it is closed.
    connection: Option<Connection<TokioIo<Stream>, Full<Bytes>>>,
    signals: Arc<Signals>,
    /// Kept over the calls: to put off a timer costs less than to make one.
    alarm: Pin<Box<Sleep>>,
}

impl Line {
    /// Speaks HTTP/1 over a stream.
    ///
    /// # Errors
    /// What hyper says against it.
    pub(super) async fn new(stream: Stream) -> Result<Self, hyper::Error> {
        let signals = stream.signals();
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // Every call sets its own time.
        let alarm = Box::pin(sleep_until(Instant::now()));
        Ok(Self { sender, connection: Some(connection), signals, alarm })
    }

    /// Whether a line that was idle for a while can take a call.
    pub(super) async fn is_open(&mut self, idle: Duration) -> bool {
        if idle >= HEARD_OF {
            self.signals.look();
        }
        self.settle().await;
        self.is_idle()
    }

    /// Whether the last call is over on both sides, and nobody closed.
    pub(super) async fn is_over(&mut self) -> bool {
        if !self.is_idle() {
            self.settle().await;
        }
        self.is_idle()
    }

    fn is_idle(&self) -> bool {
        self.connection.is_some() && self.sender.is_ready()
    }

    /// Lets the connection hear what there is to hear by now.
    async fn settle(&mut self) {
        poll_fn(|cx| {
            self.drive(cx);
            Poll::Ready(())
        })
        .await;
    }

    /// Sends one request and reads its answer.
    ///
    /// # Errors
    /// Not sent while the network took no byte of it; no answer after that.
    pub(super) async fn call(
        &mut self,
        request: hyper::Request<Full<Bytes>>,
        until: Instant,
        max_body: usize,
    ) -> Result<Response, SendError> {
        self.signals.begin();
        self.alarm.as_mut().reset(until);
        let mut answer = pin!(self.sender.try_send_request(request));
        let answer = poll_fn(|cx| {
            self.drive(cx);
            match answer.as_mut().poll(cx) {
                Poll::Ready(came) => Poll::Ready(came.map_err(|failed| self.failed(failed.error()))),
                Poll::Pending => self.ring(cx).map(Err),
            }
        })
        .await?;
        answer::read(answer, max_body, |cx, body| self.part(cx, body)).await
    }

    fn part(&mut self, cx: &mut Context<'_>, body: &mut Incoming) -> Part {
        self.drive(cx);
        match answer::part(cx, body) {
            Poll::Ready(part) => Poll::Ready(part),
            Poll::Pending => self.ring(cx).map(|late| Some(Err(late))),
        }
    }

    /// Lets the connection read and write. Its end reaches the call through the answer.
    fn drive(&mut self, cx: &mut Context<'_>) {
        if let Some(connection) = &mut self.connection
            && Pin::new(connection).poll(cx).is_ready()
        {
            self.connection = None;
        }
    }

    /// Ready once the time allowed is over.
    fn ring(&mut self, cx: &mut Context<'_>) -> Poll<SendError> {
        self.alarm.as_mut().poll(cx).map(|()| match self.signals.written() {
            true => too_late(),
            false => SendError::NotSent("the network took nothing within the time allowed".to_owned()),
        })
    }

    fn failed(&self, error: &hyper::Error) -> SendError {
        match self.signals.written() {
            true => SendError::NoAnswer(chain(error)),
            false => SendError::NotSent(chain(error)),
        }
    }
}
