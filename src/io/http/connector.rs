//! Makes connections: TCP, the proxy's tunnel, TLS, and the version of HTTP that both sides speak.

use std::error::Error;
use std::future::{Future, Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Uri;
use hyper::header::{HeaderMap, HeaderValue, USER_AGENT};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;
use tower_service::Service;

use super::failure::chain;
use super::line::Line;
use super::origin::Origin;
use super::outgoing::user_agent;
use super::proxy::{Proxy, Route};
use super::shared::Shared;
use super::tls::Tls;
use super::wire::Stream;
use crate::model::SendError;

/// The longest a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);

/// When the system begins to ask a silent peer whether it is there, and how often.
const PROBE: Duration = Duration::from_secs(15);

/// How many such questions may stay open.
const PROBES: u32 = 3;

/// How long what was written may stay unacknowledged.
const UNACKNOWLEDGED: Duration = Duration::from_secs(30);

type BoxError = Box<dyn Error + Send + Sync>;

/// A connection that was made.
pub(super) enum Made {
    /// HTTP/1, for one call at a time.
    Line(Box<Line>),
    /// HTTP/2, for all.
    Shared(Shared),
}

/// Makes the connections of a client.
pub(super) struct Connector {
    tcp: HttpConnector,
    tls: Option<Tls>,
}

impl Connector {
    /// Without TLS, only plain HTTP is spoken.
    pub(super) fn new(tls: Option<Tls>) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(CONNECT));
        tcp.set_keepalive(Some(PROBE));
        tcp.set_keepalive_interval(Some(PROBE));
        tcp.set_keepalive_retries(Some(PROBES));
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        tcp.set_tcp_user_timeout(Some(UNACKNOWLEDGED));
        Self { tcp, tls }
    }

    /// Connects to an origin.
    ///
    /// # Errors
    /// Nothing was sent.
    pub(super) async fn connect(&self, origin: &Origin) -> Result<Made, SendError> {
        self.make(origin).await.map_err(|error| SendError::NotSent(chain(&*error)))
    }

    async fn make(&self, origin: &Origin) -> Result<Made, BoxError> {
        let stream = match &origin.route {
            Route::Direct => self.tcp(&origin.uri).await?,
            Route::Forward(proxy) => {
                let stream = self.to_proxy(proxy).await?;
                return Ok(Made::Line(Box::new(Line::new(stream).await?)));
            }
            Route::Tunnel(proxy) => tunnel(self.to_proxy(proxy).await?, proxy, &origin.uri).await?,
        };
        if origin.uri.scheme_str() != Some("https") {
            return Ok(Made::Line(Box::new(Line::new(stream).await?)));
        }
        let stream = secure(stream, &self.tls()?.vendor, &origin.uri).await?;
        match stream.speaks_http2() {
            true => Ok(Made::Shared(Shared::new(stream).await?)),
            false => Ok(Made::Line(Box::new(Line::new(stream).await?))),
        }
    }

    async fn to_proxy(&self, proxy: &Proxy) -> Result<Stream, BoxError> {
        let far = |error: BoxError| format!("the proxy cannot be reached: {}", chain(&*error));
        let stream = self.tcp(&proxy.uri).await.map_err(far)?;
        match proxy.uri.scheme_str() {
            Some("https") => Ok(secure(stream, &self.tls()?.proxy, &proxy.uri).await.map_err(far)?),
            _ => Ok(stream),
        }
    }

    async fn tcp(&self, uri: &Uri) -> Result<Stream, BoxError> {
        Ok(Stream::new(self.tcp.clone().call(uri.clone()).await?.into_inner()))
    }

    fn tls(&self) -> Result<&Tls, BoxError> {
        self.tls.as_ref().ok_or_else(|| "no TLS was set up for a connection over plain HTTP".into())
    }
}

/// Waits for a connection as long as one may take, and the call that wants it.
///
/// # Errors
/// It took too long, or its own.
pub(super) async fn in_time<T>(
    until: Instant,
    connecting: impl Future<Output = Result<T, SendError>>,
) -> Result<T, SendError> {
    let late = |_| Err(SendError::NotSent("no connection within the time allowed".to_owned()));
    timeout_at(until.min(Instant::now() + CONNECT), connecting).await.unwrap_or_else(late)
}

async fn secure(stream: Stream, config: &Arc<ClientConfig>, uri: &Uri) -> Result<Stream, BoxError> {
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let name = ServerName::try_from(host.to_owned())?;
    let tls = TlsConnector::from(Arc::clone(config)).connect(name, stream).await?;
    Ok(Stream::Secure(Box::new(tls)))
}

/// Asks a proxy for a way through.
async fn tunnel(stream: Stream, proxy: &Proxy, to: &Uri) -> Result<Stream, BoxError> {
    let headers = HeaderMap::from_iter([(USER_AGENT, user_agent())]);
    let mut tunnel = Tunnel::new(proxy.uri.clone(), Reached(Some(stream))).with_headers(headers);
    if let Some(auth) = &proxy.auth {
        tunnel = tunnel.with_auth(HeaderValue::clone(auth));
    }
    Ok(tunnel.call(to.clone()).await?.into_inner())
}

/// A proxy that was reached already.
struct Reached(Option<Stream>);

impl Service<Uri> for Reached {
    type Response = TokioIo<Stream>;
    type Error = BoxError;
    type Future = Ready<Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        ready(self.0.take().map(TokioIo::new).ok_or_else(|| "a tunnel is dug once".into()))
    }
}
