//! What the clients of a connection have in common: proxies, TLS, and the time to connect.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use hyper::Uri;
use hyper::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use rustls::ClientConfig;
use url::{Position, Url};

use super::proxy::{Proxies, Proxy};
use super::tls;
use crate::provider::is_loopback;

/// How long an idle connection is kept; shorter than the usual keep-alive of vendors, so that none is used as it closes.
pub(super) const POOL_IDLE: Duration = Duration::from_secs(20);

/// The longest a connection may take to be made, with the proxy's tunnel and TLS.
const CONNECT: Duration = Duration::from_secs(10);

/// When the system begins to probe a silent peer, and how often it does.
const PROBE: Duration = Duration::from_secs(15);

/// Probes that may stay unanswered.
const PROBES: u32 = 3;

/// How long written bytes may stay unacknowledged.
#[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
const UNACKNOWLEDGED: Duration = Duration::from_secs(30);

/// Where names under `.localhost` lead (RFC 6761); the port is the URL's.
const THIS_MACHINE: [SocketAddr; 2] =
    [SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0), SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0)];

/// How this program names itself.
const USER_AGENT: &str = concat!("runsheet/", env!("CARGO_PKG_VERSION"));

/// The settings of a connection's clients. TLS is set up when the first origin needs it.
pub(super) struct Setup {
    proxies: Proxies,
    ca_file: Option<PathBuf>,
    connect_timeout: Duration,
    tls: OnceLock<ClientConfig>,
}

/// Which connections a client keeps for its next calls.
#[derive(Clone, Copy)]
pub(super) enum Keeping {
    /// All of them, each idle for up to [`POOL_IDLE`].
    All,
    /// None: every call has a connection of its own.
    None,
}

/// How the clients of one origin are made.
pub(super) struct Recipe {
    proxy: Option<reqwest::Proxy>,
    tls: ClientConfig,
    http1_only: bool,
    connect_timeout: Duration,
    /// A name under `.localhost`, which leads to this machine whatever a name server says.
    here: Option<String>,
    ca_file: Option<PathBuf>,
}

impl Setup {
    /// Connecting gets at most half the shortest call's time, so that its time-out is told apart from the call's.
    pub(super) fn new(proxies: Proxies, ca_file: Option<&Path>, shortest_call: Duration) -> Self {
        let connect_timeout = CONNECT.min(shortest_call / 2);
        Self { proxies, ca_file: ca_file.map(Path::to_owned), connect_timeout, tls: OnceLock::new() }
    }

    /// How to reach the origin of a URL.
    ///
    /// # Errors
    /// A sentence without the URL.
    pub(super) fn recipe(&self, url: &Url) -> Result<Recipe, String> {
        let no_host = |_| "the URL names no host that can be called".to_owned();
        let uri: Uri = format!("{}/", &url[..Position::BeforePath]).parse().map_err(no_host)?;
        let loopback = is_loopback(url.as_str());
        let proxy = self.proxies.find(&uri, loopback)?;
        let secure = url.scheme() == "https";
        let mut tls = match secure || proxy.as_ref().is_some_and(Proxy::needs_tls) {
            true => self.tls()?.clone(),
            false => tls::trusting_nobody()?,
        };
        if !secure {
            // A proxy over TLS is spoken to in HTTP/1.1.
            tls.alpn_protocols.clear();
        }
        let proxy = proxy.map(Proxy::into_reqwest).transpose()?;
        let here = url.domain().filter(|name| loopback && *name != "localhost").map(str::to_owned);
        Ok(Recipe {
            proxy,
            tls,
            http1_only: !secure,
            connect_timeout: self.connect_timeout,
            here,
            ca_file: self.ca_file.clone(),
        })
    }

    /// TLS as this machine trusts it.
    ///
    /// # Errors
    /// A sentence: `ca_file` is wrong, or this machine trusts nobody.
    pub(super) fn tls(&self) -> Result<&ClientConfig, String> {
        if let Some(tls) = self.tls.get() {
            return Ok(tls);
        }
        let made = tls::trusting_the_machine(self.ca_file.as_deref())?;
        Ok(self.tls.get_or_init(|| made))
    }
}

impl Recipe {
    /// The connection's own file of authorities, beside those of the machine.
    pub(super) fn ca_file(&self) -> Option<&Path> {
        self.ca_file.as_deref()
    }

    /// Whether calls go by a proxy without a tunnel.
    pub(super) fn is_forwarded(&self) -> bool {
        self.http1_only && self.proxy.is_some()
    }

    /// Makes a client.
    ///
    /// # Errors
    /// A sentence: reqwest refuses the settings.
    pub(super) fn client(&self, keeping: Keeping) -> Result<reqwest::Client, String> {
        let kept = match keeping {
            Keeping::All => usize::MAX,
            Keeping::None => 0,
        };
        let identity = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("identity"))]);
        let mut builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .default_headers(identity)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .tcp_nodelay(true)
            .tcp_keepalive(PROBE)
            .tcp_keepalive_interval(PROBE)
            .tcp_keepalive_retries(PROBES)
            .connect_timeout(self.connect_timeout)
            .pool_idle_timeout(POOL_IDLE)
            .pool_max_idle_per_host(kept)
            .tls_backend_preconfigured(self.tls.clone());
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        {
            builder = builder.tcp_user_timeout(UNACKNOWLEDGED);
        }
        if self.http1_only {
            builder = builder.http1_only();
        }
        if let Some(name) = &self.here {
            builder = builder.resolve_to_addrs(name, &THIS_MACHINE);
        }
        if let Some(proxy) = &self.proxy {
            builder = builder.proxy(proxy.clone());
        }
        builder.build().map_err(|error| format!("the HTTP client could not be made: {}", error.without_url()))
    }
}
