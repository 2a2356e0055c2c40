//! The transport over the network: finds or makes the client of a call's origin.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use url::Url;

use super::origin::Origin;
use super::proxy::Proxies;
use super::request::{outgoing, parse_url};
use super::setup::ClientSetup;
use crate::io::transport::{CallBounds, Transport};
use crate::model::{Request, Response, Secret, SendError};

/// The most origins that are kept in addition to the base URL's, for steps that name whole URLs.
const MAX_OTHERS: usize = 32;

/// The most parsed URLs that are kept: most operations call the same URL for every row.
const MAX_PARSED: usize = 8;

/// A client of one connection.
pub struct HttpTransport {
    setup: ClientSetup,
    /// The origin of the base URL; `None` if that names no host.
    home: Option<Origin>,
    /// Other origins, the last used first.
    others: Mutex<Vec<Arc<Origin>>>,
    /// Parsed URLs, the latest first.
    parsed: Mutex<VecDeque<Url>>,
}

impl HttpTransport {
    /// Makes the client for a base URL. `shortest_call` is the shortest timeout of its calls.
    ///
    /// # Errors
    /// A sentence for a person: the proxy or the file of authorities is wrong, or TLS cannot be set up.
    pub fn new(
        base_url: &str,
        proxy: Option<&Secret>,
        ca_file: Option<&Path>,
        shortest_call: Duration,
    ) -> Result<Self, String> {
        let proxies = proxy.map_or_else(|| Ok(Proxies::of_the_machine()), Proxies::given)?;
        Self::with_setup(base_url, ClientSetup::new(proxies, ca_file, shortest_call))
    }

    pub(super) fn with_setup(base_url: &str, setup: ClientSetup) -> Result<Self, String> {
        // Base URLs were checked with the settings; one without a host has no home origin.
        let home = match Url::parse(base_url) {
            Ok(url) if url.has_host() => Some(Origin::new(&url, &setup)?),
            _ => None,
        };
        if home.is_none() && base_url.starts_with("https:") {
            setup.tls()?;
        }
        Ok(Self { setup, home, others: Mutex::default(), parsed: Mutex::default() })
    }

    async fn call(&self, request: Request, bounds: CallBounds) -> Result<Response, SendError> {
        let url = self.parse(&request.url)?;
        let other;
        let origin = match &self.home {
            Some(home) if home.is_of(&url) => home,
            _ => {
                other = self.other(&url)?;
                &*other
            }
        };
        origin.call(outgoing(request, url)?, bounds).await
    }

    /// Parses a URL, or returns one that was parsed before.
    fn parse(&self, text: &str) -> Result<Url, SendError> {
        let mut parsed = self.parsed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = parsed.iter().find(|url| url.as_str() == text) {
            return Ok(known.clone());
        }
        let url = parse_url(text)?;
        parsed.truncate(MAX_PARSED - 1);
        parsed.push_front(url.clone());
        Ok(url)
    }

    fn other(&self, url: &Url) -> Result<Arc<Origin>, SendError> {
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        let origin = match others.iter().position(|other| other.is_of(url)) {
            Some(at) => others.remove(at),
            None => Arc::new(Origin::new(url, &self.setup).map_err(SendError::NotSent)?),
        };
        others.insert(0, Arc::clone(&origin));
        others.truncate(MAX_OTHERS);
        Ok(origin)
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
