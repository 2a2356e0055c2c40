//! Which proxy a call goes through: the connection's own, else the environment's or the system's.

use hyper::Uri;
use hyper::header::HeaderValue;
use hyper_util::client::proxy::matcher::Matcher;
use url::{ParseError, Url};

use crate::model::Secret;

/// A proxy and what it is told of who asks.
pub(super) struct Proxy {
    /// Its scheme, host and port.
    pub(super) uri: Uri,
    /// The value of `Proxy-Authorization`.
    pub(super) auth: Option<HeaderValue>,
}

/// How calls reach an origin.
pub(super) enum Route {
    /// By a connection of their own.
    Direct,
    /// Plain HTTP by way of a proxy that is told the whole URL.
    Forward(Proxy),
    /// TLS through a proxy that sees nothing of it.
    Tunnel(Proxy),
}

impl Route {
    /// The proxy on the way.
    pub(super) fn proxy(&self) -> Option<&Proxy> {
        match self {
            Self::Direct => None,
            Self::Forward(proxy) | Self::Tunnel(proxy) => Some(proxy),
        }
    }
}

/// The proxies of a connection.
pub(super) struct Proxies(Matcher);

impl Proxies {
    /// Those that the environment or the system names.
    pub(super) fn of_the_machine() -> Self {
        Self(Matcher::from_system())
    }

    /// The one that the settings name, for everything.
    ///
    /// # Errors
    /// A sentence without the URL, which may hold a password.
    pub(super) fn given(url: &Secret) -> Result<Self, String> {
        let wrong = || "`proxy` is not a URL".to_owned();
        let url = with_scheme(url.expose()).ok_or_else(wrong)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(NOT_SPOKEN.replace("{}", "`proxy`"));
        }
        let matcher = Matcher::builder().all(String::from(url)).build();
        match matcher.intercept(&Uri::from_static("https://example.com/")) {
            Some(_) => Ok(Self(matcher)),
            None => Err(wrong()),
        }
    }

    /// The way to an origin.
    ///
    /// # Errors
    /// The machine names a proxy of a kind that is not spoken.
    pub(super) fn route(&self, origin: &Uri, loopback: bool) -> Result<Route, String> {
        let found = if loopback { None } else { self.0.intercept(origin) };
        let Some(found) = found else { return Ok(Route::Direct) };
        if !matches!(found.uri().scheme_str(), Some("http" | "https")) {
            return Err(NOT_SPOKEN.replace("{}", "the proxy that the environment or the system names"));
        }
        let proxy = Proxy { uri: found.uri().clone(), auth: found.basic_auth().cloned() };
        match origin.scheme_str() {
            Some("https") => Ok(Route::Tunnel(proxy)),
            _ => Ok(Route::Forward(proxy)),
        }
    }

    #[cfg(test)]
    pub(super) fn of(matcher: Matcher) -> Self {
        Self(matcher)
    }
}

const NOT_SPOKEN: &str = "{} must be an HTTP proxy: write `http://` or `https://`";

/// A proxy's URL; `host:port` alone is one over plain HTTP.
fn with_scheme(text: &str) -> Option<Url> {
    match Url::parse(text) {
        Ok(url) if url.has_host() => Some(url),
        Ok(_) | Err(ParseError::RelativeUrlWithoutBase) => Url::parse(&format!("http://{text}")).ok(),
        Err(_) => None,
    }
}
