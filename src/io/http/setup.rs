//! What the clients of a connection share: proxies, TLS, and the connect timeout.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use hyper::Uri;
use hyper::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use rustls::ClientConfig;
use url::{Position, Url};

use super::proxy::{Proxies, Proxy};
use super::resolver::SystemResolver;
use super::tls;
use crate::provider::is_loopback;

/// How long an idle connection is kept. Shorter than the usual keep-alive of vendors, so that none is used while it closes.
pub(super) const POOL_IDLE: Duration = Duration::from_secs(20);

/// The longest connect timeout, including the proxy's tunnel and TLS.
const MAX_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Idle time after which the system probes a silent peer, and the time between probes.
const PROBE: Duration = Duration::from_secs(15);

/// Unanswered probes after which a connection counts as dead.
const PROBES: u32 = 3;

/// How long sent bytes may stay unacknowledged.
#[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
const UNACKNOWLEDGED: Duration = Duration::from_secs(30);

/// The addresses of names under `.localhost` (RFC 6761); the port comes from the URL.
const THIS_MACHINE: [SocketAddr; 2] =
    [SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0), SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0)];

/// The `User-Agent` of this program.
const USER_AGENT: &str = concat!("runsheet/", env!("CARGO_PKG_VERSION"));

/// The settings of a connection's clients. TLS is set up when the first origin needs it.
pub(super) struct ClientSetup {
    proxies: Proxies,
    ca_file: Option<PathBuf>,
    connect_timeout: Duration,
    tls: OnceLock<ClientConfig>,
}

/// Which connections a client keeps for later calls.
#[derive(Clone, Copy)]
pub(super) enum KeepAlive {
    /// All of them, each idle for up to [`POOL_IDLE`].
    All,
    /// None: each call gets a new connection.
    None,
}

/// The settings of the clients of one origin.
pub(super) struct OriginSetup {
    proxy: Option<reqwest::Proxy>,
    tls: ClientConfig,
    http1_only: bool,
    connect_timeout: Duration,
    /// A name under `.localhost`, which means this machine whatever a name server says; `None` for any other.
    here: Option<String>,
    ca_file: Option<PathBuf>,
}

impl ClientSetup {
    /// The connect timeout is at most half the shortest call's timeout, so that the two can be told apart.
    pub(super) fn new(proxies: Proxies, ca_file: Option<&Path>, shortest_call: Duration) -> Self {
        let connect_timeout = MAX_CONNECT_TIMEOUT.min(shortest_call / 2);
        Self { proxies, ca_file: ca_file.map(Path::to_owned), connect_timeout, tls: OnceLock::new() }
    }

    /// The setup for the origin of a URL.
    ///
    /// # Errors
    /// A sentence for a person, without the URL.
    pub(super) fn for_origin(&self, url: &Url) -> Result<OriginSetup, String> {
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
            // The connection to a proxy over TLS uses HTTP/1.1.
            tls.alpn_protocols.clear();
        }
        let proxy = proxy.map(Proxy::into_reqwest).transpose()?;
        let here = url.domain().filter(|name| loopback && *name != "localhost").map(str::to_owned);
        Ok(OriginSetup {
            proxy,
            tls,
            http1_only: !secure,
            connect_timeout: self.connect_timeout,
            here,
            ca_file: self.ca_file.clone(),
        })
    }

    /// The TLS configuration, made when first needed.
    ///
    /// # Errors
    /// A sentence for a person: `ca_file` is wrong, or this machine trusts no authority.
    pub(super) fn tls(&self) -> Result<&ClientConfig, String> {
        if let Some(tls) = self.tls.get() {
            return Ok(tls);
        }
        let made = tls::trusting_the_machine(self.ca_file.as_deref())?;
        Ok(self.tls.get_or_init(|| made))
    }
}

impl OriginSetup {
    /// The connection's own file of authorities; `None` if it has none.
    pub(super) fn ca_file(&self) -> Option<&Path> {
        self.ca_file.as_deref()
    }

    /// Whether calls go through a proxy without a tunnel.
    pub(super) fn is_forwarded(&self) -> bool {
        self.http1_only && self.proxy.is_some()
    }

    /// Builds a client.
    ///
    /// # Errors
    /// A sentence for a person: reqwest refuses the settings.
    pub(super) fn client(&self, keeping: KeepAlive) -> Result<reqwest::Client, String> {
        let kept = match keeping {
            KeepAlive::All => usize::MAX,
            KeepAlive::None => 0,
        };
        let identity = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("identity"))]);
        let mut builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .default_headers(identity)
            .redirect(reqwest::redirect::Policy::none())
            .retry(no_retries())
            .referer(false)
            .no_proxy()
            .tcp_nodelay(true)
            .tcp_keepalive(PROBE)
            .tcp_keepalive_interval(PROBE)
            .tcp_keepalive_retries(PROBES)
            .connect_timeout(self.connect_timeout)
            .pool_idle_timeout(POOL_IDLE)
            .pool_max_idle_per_host(kept)
            .dns_resolver(SystemResolver)
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

/// A policy that repeats nothing. With `never` alone, reqwest would still copy each request for up to two repetitions.
fn no_retries() -> reqwest::retry::Builder {
    reqwest::retry::never().max_retries_per_request(0)
}
