//! One connection of the server: answers, and for faults real resets and short bodies.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::access;
use crate::model::{Method, Request, Response};
use crate::sandbox::exchange::without_scheme;
use crate::sandbox::simulator::wall;
use crate::sandbox::simulator::{Delivery, LoggedSandbox};

/// The largest request body that is read, in bytes.
const MAX_BODY: usize = 10 * 1024 * 1024;
/// The longest time without a request, and for a handshake.
const IDLE: Duration = Duration::from_secs(60);

type Answer = hyper::Response<AnswerBody>;

/// A connection, with or without TLS over it.
trait ClientStream: AsyncRead + AsyncWrite + Unpin + Send {
    /// The TCP connection below.
    fn tcp(&self) -> &TcpStream;
}

impl ClientStream for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl ClientStream for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// Serves one connection to its end.
pub(in crate::sandbox) async fn serve_connection(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    logged: Arc<LoggedSandbox>,
) {
    // Without it, answers wait for acknowledgements; if it cannot be set, they are only slower.
    let _ = stream.set_nodelay(true);
    match tls {
        None => serve_stream(stream, logged).await,
        Some(tls) => {
            // A failed handshake ends the connection; the client knows why.
            if let Ok(Ok(stream)) = tokio::time::timeout(IDLE, tls.accept(stream)).await {
                serve_stream(stream, logged).await;
            }
        }
    }
}

async fn serve_stream(stream: impl ClientStream, logged: Arc<LoggedSandbox>) {
    let reset = Arc::new(AtomicBool::new(false));
    let service = service_fn(|request| {
        let (logged, reset) = (Arc::clone(&logged), Arc::clone(&reset));
        Box::pin(async move { answer(request, &logged, &reset).await })
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE)
        .serve_connection(TokioIo::new(stream), service);
    // An error means that the client left or a fault closed the connection; both end it.
    let _ = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let mut stream = connection.into_parts().io.into_inner();
    if reset.load(Ordering::Relaxed) {
        let _ = stream.tcp().set_zero_linger();
    } else {
        let _ = stream.shutdown().await;
    }
}

/// The connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("closed by a fault")]
struct Closed;

async fn answer(
    request: hyper::Request<Incoming>,
    logged: &LoggedSandbox,
    reset: &AtomicBool,
) -> Result<Answer, Closed> {
    let (head, body) = request.into_parts();
    if let Some((status, why)) = access::refusal(&head) {
        return Ok(plain(status, why));
    }
    if head.uri.path().starts_with("/_sandbox/") {
        return Ok(sandbox_page(head.uri.path(), logged));
    }
    let Some(method) = Method::parse(head.method.as_str()) else {
        return Ok(plain(405, "this method is not simulated"));
    };
    let Ok(body) = Limited::new(body, MAX_BODY).collect().await else {
        return Ok(plain(413, "the body is longer than 10 MiB or was cut short"));
    };
    let headers: Vec<(String, String)> = head
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let host = headers.iter().find(|(name, _)| name == "host").map_or("localhost", |(_, host)| without_scheme(host));
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
    let request = Request { method, url: format!("http://{host}{target}"), headers, body: body.to_bytes() };
    let served = match logged.answer(wall(), &request) {
        Ok(served) => served,
        Err(reason) => return Ok(plain(507, &format!("the sandbox's log cannot be written: {reason}"))),
    };
    tokio::time::sleep(served.delay).await;
    match served.delivery {
        Delivery::Whole(response) => Ok(http(response, false)),
        Delivery::Cut(response) => Ok(http(response, true)),
        Delivery::Closed { reset: hard } => {
            reset.store(hard, Ordering::Relaxed);
            Err(Closed)
        }
    }
}

/// The sandbox's own pages.
fn sandbox_page(path: &str, logged: &LoggedSandbox) -> Answer {
    match path {
        "/_sandbox/health" => plain(200, &json!({"status": "ok", "calls": logged.calls()}).to_string()),
        "/_sandbox/log" => match logged.log() {
            Ok(log) => lines(log),
            Err(reason) => plain(500, &format!("the sandbox's log cannot be read: {reason}")),
        },
        _ => plain(404, "the sandbox has `/_sandbox/log` and `/_sandbox/health`"),
    }
}

fn lines(log: Vec<u8>) -> Answer {
    let headers = vec![("content-type".to_owned(), "application/jsonl".to_owned())];
    http(Response { status: 200, headers, body: log.into() }, false)
}

fn plain(status: u16, text: &str) -> Answer {
    let kind = if text.starts_with('{') { "application/json" } else { "text/plain" };
    let headers = vec![("content-type".to_owned(), kind.to_owned())];
    http(Response { status, headers, body: text.to_owned().into() }, false)
}

fn http(response: Response, cut: bool) -> Answer {
    let mut answer = hyper::Response::builder().status(response.status);
    for (name, value) in &response.headers {
        answer = answer.header(name, value);
    }
    answer
        .body(AnswerBody::new(response.body.clone(), cut))
        .unwrap_or_else(|_| hyper::Response::new(AnswerBody::new(response.body, cut)))
}

/// A body that is sent whole, or that breaks off half way after its whole length was announced.
#[derive(Debug)]
struct AnswerBody {
    bytes: Option<Bytes>,
    announced: u64,
    breaks: bool,
    flushed: bool,
}

impl AnswerBody {
    fn new(bytes: Bytes, breaks: bool) -> Self {
        let announced = bytes.len() as u64;
        let sent = if breaks { bytes.slice(..bytes.len() / 2) } else { bytes };
        Self { bytes: Some(sent).filter(|sent| !sent.is_empty()), announced, breaks, flushed: false }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Closed;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Closed>>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        if !self.breaks {
            return Poll::Ready(None);
        }
        if !self.flushed {
            // The pause lets the written bytes leave before the connection breaks.
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(Closed)))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none() && !self.breaks
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}
