//! Finds the proxy of a call: the connection's own, else the environment's or the system's.

use hyper::Uri;
use hyper::header::HeaderValue;
use hyper_util::client::proxy::matcher::Matcher;
use url::{ParseError, Url};

use crate::model::Secret;

/// A proxy for one origin.
pub(super) struct Proxy {
    /// Its scheme, host and port.
    uri: Uri,
    /// The value of `Proxy-Authorization`; `None` without credentials.
    auth: Option<HeaderValue>,
}

impl Proxy {
    /// Whether the connection to it uses TLS.
    pub(super) fn needs_tls(&self) -> bool {
        self.uri.scheme_str() == Some("https")
    }

    /// The proxy in the form that reqwest takes, for all calls of a client.
    ///
    /// # Errors
    /// A sentence for a person, without the URL.
    pub(super) fn into_reqwest(self) -> Result<reqwest::Proxy, String> {
        let proxy = reqwest::Proxy::all(self.uri.to_string()).map_err(|_| "the proxy has no URL".to_owned())?;
        Ok(match self.auth {
            Some(auth) => proxy.custom_http_auth(auth),
            None => proxy,
        })
    }
}

/// The proxies of a connection.
pub(super) struct Proxies(Matcher);

impl Proxies {
    /// The proxies that the environment or the system names.
    pub(super) fn of_the_machine() -> Self {
        Self(Matcher::from_system())
    }

    /// The proxy that the settings name, for all calls.
    ///
    /// # Errors
    /// A sentence for a person, without the URL, which may hold a password.
    pub(super) fn given(url: &Secret) -> Result<Self, String> {
        let wrong = || "`proxy` is not a URL".to_owned();
        let url = with_scheme(url.expose()).ok_or_else(wrong)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(NOT_HTTP.replace("{}", "`proxy`"));
        }
        let matcher = Matcher::builder().all(String::from(url)).build();
        match matcher.intercept(&Uri::from_static("https://example.com/")) {
            Some(_) => Ok(Self(matcher)),
            None => Err(wrong()),
        }
    }

    /// The proxy for an origin; `None` for loopback addresses and for origins that need no proxy.
    ///
    /// # Errors
    /// A sentence for a person: the machine names a proxy that does not speak HTTP.
    pub(super) fn find(&self, origin: &Uri, loopback: bool) -> Result<Option<Proxy>, String> {
        let found = if loopback { None } else { self.0.intercept(origin) };
        let Some(found) = found else { return Ok(None) };
        if !matches!(found.uri().scheme_str(), Some("http" | "https")) {
            return Err(NOT_HTTP.replace("{}", "the proxy that the environment or the system names"));
        }
        Ok(Some(Proxy { uri: found.uri().clone(), auth: found.basic_auth().cloned() }))
    }

    #[cfg(test)]
    pub(super) fn of(matcher: Matcher) -> Self {
        Self(matcher)
    }
}

/// The message about a proxy that does not speak HTTP.
const NOT_HTTP: &str = "{} must be an HTTP proxy: write `http://` or `https://`";

/// Parses a proxy's URL; `host:port` alone means plain HTTP.
fn with_scheme(text: &str) -> Option<Url> {
    match Url::parse(text) {
        Ok(url) if url.has_host() => Some(url),
        Ok(_) | Err(ParseError::RelativeUrlWithoutBase) => Url::parse(&format!("http://{text}")).ok(),
        Err(_) => None,
    }
}
