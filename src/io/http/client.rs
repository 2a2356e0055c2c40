//! The transport over the network: finds the origin of a call and hands it over.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use hyper::http::uri::PathAndQuery;
use tokio::time::Instant;
use url::Url;

use super::connector::Connector;
use super::origin::{Allowed, Origin};
use super::outgoing::Outgoing;
use super::proxy::Proxies;
use super::target;
use super::tls::Tls;
use crate::io::transport::{CallBounds, Transport};
use crate::model::{Request, Response, Secret, SendError};

/// How many origins are kept beside the connection's own, where its steps name whole URLs.
const OTHERS: usize = 32;

/// Longer than any call may take.
const FAR: Duration = Duration::from_secs(60 * 60 * 24 * 365);

/// A client of one connection.
pub struct HttpTransport {
    connector: Connector,
    proxies: Proxies,
    home: Option<Home>,
    /// The last used first.
    others: Mutex<Vec<Arc<Origin>>>,
}

/// The origin of the base URL, as the base URL spells it.
struct Home {
    spelled: String,
    origin: Arc<Origin>,
}

impl HttpTransport {
    /// Makes the client for a base URL.
    ///
    /// # Errors
    /// A sentence: the proxy or the authorities' file is wrong, or TLS cannot be set up.
    pub fn new(base_url: &str, proxy: Option<&Secret>, ca_file: Option<&Path>) -> Result<Self, String> {
        let proxies = proxy.map_or_else(|| Ok(Proxies::of_the_machine()), Proxies::given)?;
        Self::by_way_of(proxies, base_url, ca_file)
    }

    pub(super) fn by_way_of(proxies: Proxies, base_url: &str, ca_file: Option<&Path>) -> Result<Self, String> {
        let home = Home::of(base_url, &proxies)?;
        // Plain HTTP asks for no TLS, which takes a while to make.
        let secure = home.as_ref().map_or(base_url.starts_with("https:"), |home| home.origin.needs_tls());
        let tls = if secure { Some(Tls::new(ca_file)?) } else { None };
        Ok(Self { connector: Connector::new(tls), proxies, home, others: Mutex::default() })
    }

    async fn call(&self, request: Request, bounds: CallBounds) -> Result<Response, SendError> {
        let from = Instant::now();
        let time = Allowed { from, until: from.checked_add(bounds.timeout).unwrap_or_else(|| from + FAR) };
        let (other, path) = self.place(request.url)?;
        let origin = match (&other, &self.home) {
            (Some(other), _) => other,
            (None, Some(home)) => &home.origin,
            (None, None) => return Err(SendError::NotSent("the URL names no host".to_owned())),
        };
        let outgoing = Outgoing::new(request.method, path, request.headers, request.body)?;
        origin.call(&self.connector, outgoing, time, bounds.max_body).await
    }

    /// Which other origin than home a URL leads to, and its path and query.
    fn place(&self, url: String) -> Result<(Option<Arc<Origin>>, PathAndQuery), SendError> {
        let url = match &self.home {
            Some(home) => match target::path_after(&home.spelled, url) {
                Ok(path) => return Ok((None, path)),
                Err(url) => url,
            },
            None => url,
        };
        let (url, path) = target::parse(&url)?;
        let name = &url[..url::Position::BeforePath];
        match &self.home {
            Some(home) if home.origin.name == name => Ok((None, path)),
            _ => Ok((Some(self.other(&url, name)?), path)),
        }
    }

    fn other(&self, url: &Url, name: &str) -> Result<Arc<Origin>, SendError> {
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        let origin = match others.iter().position(|other| other.name == name) {
            Some(at) => others.remove(at),
            None => Arc::new(Origin::new(url, &self.proxies).map_err(SendError::NotSent)?),
        };
        others.insert(0, Arc::clone(&origin));
        others.truncate(OTHERS);
        Ok(origin)
    }
}

impl Home {
    fn of(base_url: &str, proxies: &Proxies) -> Result<Option<Self>, String> {
        // Settings and providers check base URLs; what names no host has no home.
        let (Ok(url), Some(spelled)) = (Url::parse(base_url), target::spelled_origin(base_url)) else {
            return Ok(None);
        };
        let origin = Arc::new(Origin::new(&url, proxies)?);
        Ok(Some(Self { spelled: spelled.to_owned(), origin }))
    }
}

impl Transport for HttpTransport {
    fn send<'a>(&'a self, request: Request, bounds: CallBounds) -> BoxFuture<'a, Result<Response, SendError>> {
        Box::pin(self.call(request, bounds))
    }

    fn keeps_time(&self) -> bool {
        true
    }
}
