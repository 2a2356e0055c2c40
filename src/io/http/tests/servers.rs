//! Servers for tests: a scripted one over plain TCP, one over TLS, a proxy, and a record of what they received.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::super::client::HttpTransport;
use crate::io::transport::{CallBounds, Transport};
use crate::model::{Method, Request, Response, SendError};

/// The timeout of a call.
pub(super) const TIMEOUT: Duration = Duration::from_secs(5);

pub(super) const BOUNDS: CallBounds = CallBounds { timeout: TIMEOUT, max_body: 1_000, once: true };

pub(super) const FINE: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// What a server does with one request.
#[derive(Clone, Copy)]
pub(super) enum ServerReply {
    /// Sends these bytes.
    Say(&'static [u8]),
    /// Sends these bytes, and nothing more until the other side closes.
    Hold(&'static [u8]),
    /// Sends the first bytes, the second ones 20 ms later without a request, and waits until the other side closes.
    Stray(&'static [u8], &'static [u8]),
    /// Sends these bytes and closes 20 ms later.
    Late(&'static [u8]),
}

/// How long a server waits before it does something unexpected.
const LATER: Duration = Duration::from_millis(20);

/// A server and what it received: the connection's number and the request's text, or `closed`.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    pub(super) seen: Receiver<(usize, String)>,
}

impl Server {
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next thing received, without blocking the runtime.
    pub(super) async fn next_async(&self) -> (usize, String) {
        let begun = std::time::Instant::now();
        loop {
            if let Ok(seen) = self.seen.try_recv() {
                return seen;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "nothing more was seen");
            tokio::task::yield_now().await;
        }
    }

    /// The next thing received.
    pub(super) fn next(&self) -> (usize, String) {
        self.seen.recv_timeout(Duration::from_secs(30)).unwrap()
    }
}

/// A server that plays one list of replies for each connection and then closes it. It accepts no more after the last.
pub(super) fn server(connections: Vec<Vec<ServerReply>>) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, seen) = channel();
    std::thread::spawn(move || {
        let players: Vec<_> = connections
            .into_iter()
            .enumerate()
            .map(|(number, turns)| {
                let (stream, _) = listener.accept().unwrap();
                let tell = tell.clone();
                std::thread::spawn(move || play(stream, number, &turns, &tell))
            })
            .collect();
        players.into_iter().for_each(|player| player.join().unwrap());
    });
    Server { address, seen }
}

fn play(mut stream: std::net::TcpStream, number: usize, turns: &[ServerReply], tell: &Sender<(usize, String)>) {
    for turn in turns {
        let Some(request) = hear(&mut stream) else { break };
        let _ = tell.send((number, request));
        match *turn {
            ServerReply::Say(bytes) => drop(stream.write_all(bytes)),
            ServerReply::Hold(bytes) => {
                let _ = stream.write_all(bytes);
                let _ = stream.read(&mut [0; 1]);
            }
            ServerReply::Stray(bytes, stray) => {
                let _ = stream.write_all(bytes);
                std::thread::sleep(LATER);
                let _ = stream.write_all(stray);
                let _ = stream.read(&mut [0; 1]);
            }
            ServerReply::Late(bytes) => {
                let _ = stream.write_all(bytes);
                std::thread::sleep(LATER);
            }
        }
    }
    drop(stream);
    let _ = tell.send((number, "closed".to_owned()));
}

/// Reads one request with its body.
pub(super) fn hear(stream: &mut impl Read) -> Option<String> {
    let mut text = Vec::new();
    let mut byte = [0];
    while !whole(&text) {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        text.push(byte[0]);
    }
    String::from_utf8(text).ok()
}

fn whole(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    body.len() >= length
}

/// A self-signed certificate for this machine and for `vendor.example`.
pub(super) fn certificate() -> CertifiedKey<KeyPair> {
    generate_simple_self_signed(["127.0.0.1".to_owned(), "vendor.example".to_owned()]).unwrap()
}

/// The certificate as a `ca_file`.
pub(super) fn authority(key: &CertifiedKey<KeyPair>) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(key.cert.pem().as_bytes()).unwrap();
    file
}

pub(super) fn acceptor(key: &CertifiedKey<KeyPair>, versions: &[&str]) -> TlsAcceptor {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![key.cert.der().clone()],
            PrivateKeyDer::try_from(key.signing_key.serialize_der()).unwrap(),
        )
        .unwrap();
    config.alpn_protocols = versions.iter().map(|version| version.as_bytes().to_vec()).collect();
    TlsAcceptor::from(Arc::new(config))
}

/// What a TLS server does with one connection, which is given by its number.
pub(super) type Serve =
    fn(usize, tokio_rustls::server::TlsStream<TcpStream>, Sender<(usize, String)>) -> BoxFuture<'static, ()>;

/// A server over TLS inside the test's own runtime.
pub(super) async fn secure(key: &CertifiedKey<KeyPair>, versions: &[&str], serve: Serve) -> Server {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let acceptor = acceptor(key, versions);
    let (tell, seen) = channel();
    tokio::spawn(async move {
        for number in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            let (acceptor, tell) = (acceptor.clone(), tell.clone());
            tokio::spawn(async move {
                match acceptor.accept(stream).await {
                    Ok(stream) => serve(number, stream, tell).await,
                    Err(_) => tell.send((number, "no handshake".to_owned())).unwrap(),
                }
            });
        }
    });
    Server { address, seen }
}

/// Speaks HTTP/2 or HTTP/1.1, as negotiated, and records which.
pub(super) fn http(
    number: usize,
    stream: tokio_rustls::server::TlsStream<TcpStream>,
    tell: Sender<(usize, String)>,
) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        let second = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let host = request.headers().get("host").is_some();
            tell.send((number, format!("{:?} {} host {host}", request.version(), request.uri()))).unwrap();
            async { Ok::<_, hyper::Error>(hyper::Response::new(Full::new(Bytes::from("ok")))) }
        });
        let stream = TokioIo::new(stream);
        if second {
            let _ =
                hyper::server::conn::http2::Builder::new(TokioExecutor::new()).serve_connection(stream, service).await;
        } else {
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(stream, service).await;
        }
    })
}

/// A proxy for tunnels in the test's runtime, over TLS if it has a key. All tunnels lead to `to`.
pub(super) async fn proxy(key: Option<&CertifiedKey<KeyPair>>, says: &'static [u8], to: SocketAddr) -> Server {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let acceptor = key.map(|key| acceptor(key, &[]));
    let (tell, seen) = channel();
    tokio::spawn(async move {
        for number in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            let tell = tell.clone();
            match &acceptor {
                None => drop(tokio::spawn(pass(stream, number, says, to, tell))),
                Some(acceptor) => {
                    let Ok(stream) = acceptor.accept(stream).await else { continue };
                    tokio::spawn(pass(stream, number, says, to, tell));
                }
            }
        }
    });
    Server { address, seen }
}

async fn pass(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    number: usize,
    says: &[u8],
    to: SocketAddr,
    tell: Sender<(usize, String)>,
) {
    let mut asked = Vec::new();
    while !whole(&asked) {
        asked.push(stream.read_u8().await.unwrap());
    }
    tell.send((number, String::from_utf8(asked).unwrap())).unwrap();
    stream.write_all(says).await.unwrap();
    if says.starts_with(b"HTTP/1.1 200") {
        let mut behind = TcpStream::connect(to).await.unwrap();
        let _ = copy_bidirectional(&mut stream, &mut behind).await;
    }
}

/// A runtime like a run's.
pub(super) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

pub(super) fn post(url: &str) -> Request {
    Request { method: Method::Post, url: url.to_owned(), headers: vec![], body: Bytes::from("{}") }
}

/// A client for a base URL that trusts `ca_file` and uses no proxy.
pub(super) fn client(base: &str, ca_file: Option<&Path>) -> HttpTransport {
    HttpTransport::new(base, None, ca_file, TIMEOUT).unwrap()
}

pub(super) async fn send(client: &HttpTransport, url: &str) -> Result<Response, SendError> {
    client.send(post(url), BOUNDS).await
}
