//! Requests over the network by reqwest: nothing is retried, redirected or sent twice down here.

use std::path::Path;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;

use super::transport::{CallBounds, Transport};
use crate::model::{Method, Request, Response, Secret, SendError};

/// How long an idle connection is kept; under the usual keep-alive of vendors, so that none is used as it closes.
const POOL_IDLE: Duration = Duration::from_secs(20);

/// The longest a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);

/// A client of one connection.
pub struct HttpTransport {
    client: reqwest::Client,
}

impl HttpTransport {
    /// Makes the client for a base URL.
    ///
    /// # Errors
    /// A sentence: the proxy or the authorities' file is wrong, or TLS cannot be set up.
    pub fn new(base_url: &str, proxy: Option<&Secret>, ca_file: Option<&Path>) -> Result<Self, String> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("runsheet/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .tcp_nodelay(true)
            .connect_timeout(CONNECT)
            .pool_idle_timeout(POOL_IDLE)
            .pool_max_idle_per_host(usize::MAX);
        builder = match proxy {
            _ if is_loopback(base_url) => builder.no_proxy(),
            Some(url) => {
                // The URL may hold a password: the error must not repeat it.
                let proxy = reqwest::Proxy::all(url.expose()).map_err(|_| "`proxy` is not a URL".to_owned())?;
                builder.proxy(proxy)
            }
            None => builder,
        };
        builder = if base_url.starts_with("https:") {
            // Fails only where a provider is set already, which is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
            with_authorities(builder, ca_file)?
        } else {
            builder.tls_backend_preconfigured(without_authorities()?)
        };
        let client =
            builder.build().map_err(|error| format!("the HTTP client could not be made: {}", chain(&error)))?;
        Ok(Self { client })
    }
}

fn with_authorities(builder: reqwest::ClientBuilder, file: Option<&Path>) -> Result<reqwest::ClientBuilder, String> {
    let Some(path) = file else { return Ok(builder) };
    let shown = path.display();
    let pem = std::fs::read(path).map_err(|error| format!("`ca_file` `{shown}` could not be read: {error}"))?;
    let certificates = reqwest::Certificate::from_pem_bundle(&pem)
        .map_err(|error| format!("`ca_file` `{shown}` holds no PEM certificates: {error}"))?;
    Ok(builder.tls_certs_merge(certificates))
}

/// TLS that trusts nobody: costs nothing to make, and plain HTTP never asks it.
fn without_authorities() -> Result<rustls::ClientConfig, String> {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS could not be set up: {error}"))?;
    Ok(builder.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth())
}

/// Whether a URL's host is this machine by address or by name.
#[must_use]
pub fn is_loopback(url: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(url) else { return false };
    let Some(host) = url.host_str() else { return false };
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl Transport for HttpTransport {
    fn send<'a>(&'a self, request: Request, bounds: CallBounds) -> BoxFuture<'a, Result<Response, SendError>> {
        Box::pin(async move {
            let request = build(&self.client, request, bounds)?;
            let answer = self.client.execute(request).await.map_err(|error| classify(&error))?;
            read(answer, bounds.max_body).await
        })
    }
}

fn build(client: &reqwest::Client, request: Request, bounds: CallBounds) -> Result<reqwest::Request, SendError> {
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
        Method::Head => reqwest::Method::HEAD,
    };
    let mut builder = client.request(method, request.url).timeout(bounds.timeout);
    for (name, value) in request.headers {
        builder = builder.header(name, value);
    }
    if !request.body.is_empty() {
        builder = builder.body(request.body);
    }
    builder.build().map_err(|error| SendError::NotSent(format!("the request could not be made: {}", chain(&error))))
}

/// Only a failure while connecting is surely unsent.
fn classify(error: &reqwest::Error) -> SendError {
    if error.is_connect() || error.is_builder() {
        SendError::NotSent(chain(error))
    } else if error.is_timeout() {
        SendError::NoAnswer("no answer within the time allowed".to_owned())
    } else {
        SendError::NoAnswer(chain(error))
    }
}

async fn read(mut answer: reqwest::Response, max_body: usize) -> Result<Response, SendError> {
    let status = answer.status().as_u16();
    let headers = answer
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let first = chunk(&mut answer).await?;
    let Some(second) = chunk(&mut answer).await? else {
        return bounded(first.unwrap_or_default(), max_body).map(|body| Response { status, headers, body });
    };
    let mut body = BytesMut::from(first.unwrap_or_default().as_ref());
    let mut next = Some(second);
    while let Some(part) = next {
        if body.len() + part.len() > max_body {
            return Err(too_large(max_body));
        }
        body.extend_from_slice(&part);
        next = chunk(&mut answer).await?;
    }
    Ok(Response { status, headers, body: body.freeze() })
}

async fn chunk(answer: &mut reqwest::Response) -> Result<Option<Bytes>, SendError> {
    answer.chunk().await.map_err(|error| SendError::NoAnswer(format!("the answer broke off: {}", chain(&error))))
}

fn bounded(body: Bytes, max_body: usize) -> Result<Bytes, SendError> {
    if body.len() > max_body { Err(too_large(max_body)) } else { Ok(body) }
}

fn too_large(max_body: usize) -> SendError {
    SendError::NoAnswer(format!("the answer is larger than {max_body} bytes"))
}

/// An error with its causes, without the URL: a URL may hold personal data.
fn chain(error: &reqwest::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let text = error.to_string();
        // Hyper's own layer names the phase, which the layers below say better.
        if parts.last() != Some(&text) && !text.starts_with("client error (") {
            parts.push(text);
        }
        cause = error.source();
    }
    match parts.is_empty() {
        true if error.is_timeout() => "timed out".to_owned(),
        true => "the request failed".to_owned(),
        false => parts.join(": "),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    const BOUNDS: CallBounds = CallBounds { timeout: Duration::from_secs(5), max_body: 1_000, write: true };

    fn server(answer: &'static [u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut buffer = [0_u8; 4096];
            let _ = stream.read(&mut buffer);
            let _ = stream.write_all(answer);
        });
        url
    }

    fn ask(url: &str) -> Result<Response, SendError> {
        let transport = HttpTransport::new(url, None, None).unwrap();
        let request = Request { method: Method::Post, url: url.to_owned(), headers: vec![], body: Bytes::from("{}") };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(transport.send(request, BOUNDS))
    }

    #[test]
    fn a_port_that_nobody_listens_on_is_surely_unsent() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert!(matches!(ask(&format!("http://{free}")), Err(SendError::NotSent(_))));
    }

    #[test]
    fn a_connection_that_closes_without_an_answer_may_have_been_sent() {
        assert!(matches!(ask(&server(b"")), Err(SendError::NoAnswer(_))));
    }

    #[test]
    fn a_body_cut_short_is_no_answer() {
        let cut = ask(&server(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"status\":"));
        assert!(matches!(&cut, Err(SendError::NoAnswer(why)) if why.contains("broke off")), "{cut:?}");
    }

    #[test]
    fn a_body_over_the_bound_is_no_answer() {
        let long: &'static str =
            Box::leak(format!("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n{}", "x".repeat(1001)).into());
        assert!(matches!(ask(&server(long.as_bytes())), Err(SendError::NoAnswer(why)) if why.contains("larger")));
    }

    #[test]
    fn a_redirect_is_an_answer_not_an_order() {
        let answer =
            ask(&server(b"HTTP/1.1 307 x\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")).unwrap();
        assert_eq!(answer.status, 307);
    }

    #[test]
    fn loopback_is_told_by_address_and_name() {
        for yes in ["http://127.0.0.1:80", "http://localhost/x", "http://[::1]:9/", "http://127.8.8.8"] {
            assert!(is_loopback(yes), "{yes}");
        }
        for no in ["http://10.0.0.1", "https://localhost.example.com", "nonsense", "http://[::2]/"] {
            assert!(!is_loopback(no), "{no}");
        }
    }
}
