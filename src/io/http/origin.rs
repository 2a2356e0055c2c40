//! One origin: how it is reached, and the connections to it that are kept.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Uri;
use hyper::header::{HOST, HeaderValue, PROXY_AUTHORIZATION};
use hyper::http::uri::{Authority, Parts, PathAndQuery, Scheme};
use tokio::time::{Instant, sleep};
use url::{Position, Url};

use super::connector::{Connector, Made, in_time};
use super::failure::not_made;
use super::line::Line;
use super::loopback::names_loopback;
use super::outgoing::Outgoing;
use super::pool::{POOL_IDLE, Pool};
use super::proxy::{Proxies, Route};
use super::shared::Shared;
use crate::model::{Response, SendError};

/// A scheme, host and port that calls go to.
pub(super) struct Origin {
    /// As `https://host:port`, without the scheme's own port.
    pub(super) name: String,
    /// Its address, with the path `/`.
    pub(super) uri: Uri,
    /// The way to it.
    pub(super) route: Route,
    scheme: Scheme,
    authority: Authority,
    host: HeaderValue,
    kept: Mutex<Kept>,
    /// Held while a connection is made that may turn out to serve all.
    gate: tokio::sync::Mutex<()>,
    /// Whether one connection a call is needed.
    one_each: AtomicBool,
}

/// The time that a call may take.
#[derive(Clone, Copy)]
pub(super) struct Allowed {
    pub(super) from: Instant,
    pub(super) until: Instant,
}

#[derive(Default)]
struct Kept {
    lines: Pool<Box<Line>>,
    shared: Option<(Shared, Instant)>,
    /// Whether somebody will look for what is idle too long.
    swept: bool,
}

enum Open {
    Line(Box<Line>),
    Shared(Shared),
}

impl Origin {
    /// The origin of a URL, by a proxy where one is named for it.
    ///
    /// # Errors
    /// A sentence without the URL.
    pub(super) fn new(url: &Url, proxies: &Proxies) -> Result<Self, String> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err("a URL holds no user or password".to_owned());
        }
        let name = url[..Position::BeforePath].to_owned();
        let uri: Uri = format!("{name}/").parse().map_err(|_| "the URL names no host that can be called".to_owned())?;
        let (Some(scheme), Some(authority)) = (uri.scheme().cloned(), uri.authority().cloned()) else {
            return Err("the URL names no host".to_owned());
        };
        let host = HeaderValue::from_str(authority.as_str()).map_err(|error| error.to_string())?;
        let route = proxies.route(&uri, names_loopback(url))?;
        let one_each = AtomicBool::new(scheme == Scheme::HTTP);
        let (kept, gate) = (Mutex::default(), tokio::sync::Mutex::default());
        Ok(Self { name, uri, route, scheme, authority, host, kept, gate, one_each })
    }

    /// Whether it or its proxy is spoken to over TLS.
    pub(super) fn needs_tls(&self) -> bool {
        let secure = |uri: &Uri| uri.scheme() == Some(&Scheme::HTTPS);
        secure(&self.uri) || self.route.proxy().is_some_and(|proxy| secure(&proxy.uri))
    }

    /// Sends one request over a kept connection or a new one.
    ///
    /// # Errors
    /// Why there is no answer, or why nothing was sent.
    pub(super) async fn call(
        self: &Arc<Self>,
        connector: &Connector,
        request: Outgoing,
        time: Allowed,
        max_body: usize,
    ) -> Result<Response, SendError> {
        let until = time.until;
        match self.open(connector, time).await? {
            Open::Shared(shared) => shared.call(self.absolute(request)?, until, max_body).await,
            Open::Line(mut line) => {
                // A call that fails or is broken off takes its connection with it.
                let answer = line.call(self.over_line(request)?, until, max_body).await?;
                if line.is_over().await {
                    self.keep(|kept, now| kept.lines.put(line, now));
                }
                Ok(answer)
            }
        }
    }

    async fn open(self: &Arc<Self>, connector: &Connector, time: Allowed) -> Result<Open, SendError> {
        if let Some(open) = self.kept(time.from).await {
            return Ok(open);
        }
        in_time(time.until, self.connect(connector)).await
    }

    async fn connect(self: &Arc<Self>, connector: &Connector) -> Result<Open, SendError> {
        if self.one_each.load(Ordering::Relaxed) {
            return self.make(connector).await;
        }
        let turn = self.gate.lock().await;
        if let Some(open) = self.kept(Instant::now()).await {
            return Ok(open);
        }
        if self.one_each.load(Ordering::Relaxed) {
            drop(turn);
            return self.make(connector).await;
        }
        let made = self.make(connector).await;
        drop(turn);
        made
    }

    async fn make(self: &Arc<Self>, connector: &Connector) -> Result<Open, SendError> {
        match connector.connect(self).await? {
            Made::Line(line) => {
                self.one_each.store(true, Ordering::Relaxed);
                Ok(Open::Line(line))
            }
            Made::Shared(shared) => {
                self.one_each.store(false, Ordering::Relaxed);
                self.keep(|kept, now| kept.shared = Some((shared.clone(), now)));
                Ok(Open::Shared(shared))
            }
        }
    }

    /// A kept connection that nobody closed.
    async fn kept(&self, now: Instant) -> Option<Open> {
        if let Some(shared) = self.lock().shared(now) {
            return Some(Open::Shared(shared));
        }
        loop {
            let (mut line, idle): (_, Duration) = self.lock().lines.take(now)?;
            if line.is_open(idle).await {
                return Some(Open::Line(line));
            }
        }
    }

    /// Keeps a connection, and sees to it that it is not kept for ever.
    fn keep(self: &Arc<Self>, put: impl FnOnce(&mut Kept, Instant)) {
        let mut kept = self.lock();
        put(&mut kept, Instant::now());
        if !std::mem::replace(&mut kept.swept, true) {
            tokio::spawn(sweep(Arc::downgrade(self)));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Over a connection of its own: the path alone, and all of the URL towards a proxy.
    fn over_line(&self, mut request: Outgoing) -> Result<hyper::Request<Full<Bytes>>, SendError> {
        request.headers.entry(HOST).or_insert_with(|| self.host.clone());
        let Route::Forward(proxy) = &self.route else {
            let path = std::mem::replace(&mut request.path, PathAndQuery::from_static("/"));
            let mut parts = Parts::default();
            parts.path_and_query = Some(path);
            return Uri::from_parts(parts).map(|uri| request.into_request(uri)).map_err(|error| not_made(&error));
        };
        if let Some(auth) = &proxy.auth {
            request.headers.entry(PROXY_AUTHORIZATION).or_insert_with(|| auth.clone());
        }
        self.absolute(request)
    }

    fn absolute(&self, mut request: Outgoing) -> Result<hyper::Request<Full<Bytes>>, SendError> {
        let mut parts = Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(std::mem::replace(&mut request.path, PathAndQuery::from_static("/")));
        Uri::from_parts(parts).map(|uri| request.into_request(uri)).map_err(|error| not_made(&error))
    }
}

impl Kept {
    fn shared(&mut self, now: Instant) -> Option<Shared> {
        self.sweep_shared(now);
        let (shared, used) = self.shared.as_mut()?;
        *used = now;
        Some(shared.clone())
    }

    fn sweep_shared(&mut self, now: Instant) {
        let fresh = |used: Instant| now.saturating_duration_since(used) < POOL_IDLE;
        self.shared.take_if(|(shared, used)| !shared.is_open() || !fresh(*used));
    }
}

/// Closes what is idle too long, until nothing is left to watch.
async fn sweep(origin: Weak<Origin>) {
    loop {
        sleep(POOL_IDLE).await;
        let Some(origin) = origin.upgrade() else { return };
        let mut kept = origin.lock();
        let now = Instant::now();
        kept.lines.sweep(now);
        kept.sweep_shared(now);
        if kept.lines.is_empty() && kept.shared.is_none() {
            kept.swept = false;
            return;
        }
    }
}
