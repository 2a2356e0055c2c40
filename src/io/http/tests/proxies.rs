//! Proxies: which calls go through one, what it receives, and that its password is never shown.

use std::net::TcpListener;
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;

use super::super::client::HttpTransport;
use super::super::proxy::Proxies;
use super::super::setup::ClientSetup;
use super::servers::{
    BOUNDS, FINE, ServerReply, TIMEOUT, authority, certificate, http, post, proxy, runtime, secure, send, server,
};
use crate::io::transport::{CallBounds, Transport};
use crate::model::{Secret, SendError};

/// `user:hunter2` as a value of `Proxy-Authorization`.
const BASIC: &str = "Basic dXNlcjpodW50ZXIy";

const OPEN: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";

#[test]
fn plain_http_is_forwarded_in_absolute_form_with_the_password() {
    let server = server(vec![vec![ServerReply::Say(FINE), ServerReply::Say(FINE)]]);
    let proxy = Secret::new(format!("http://user:hunter2@{}", server.address));
    let client = HttpTransport::new("http://vendor.example", Some(&proxy), None, TIMEOUT).unwrap();
    runtime().block_on(async {
        send(&client, "http://vendor.example/a?b=c").await.unwrap();
        send(&client, "http://vendor.example/d").await.unwrap();
    });
    let (connection, asked) = server.next();
    assert!(asked.starts_with("POST http://vendor.example/a?b=c HTTP/1.1\r\n"), "{asked}");
    assert!(asked.contains(&format!("proxy-authorization: {BASIC}\r\n")), "{asked}");
    assert!(asked.contains("host: vendor.example\r\n"), "{asked}");
    assert_eq!((connection, server.next().0), (0, 0), "the connection to the proxy is kept");
}

#[test]
fn tls_goes_through_a_tunnel_and_the_vendor_never_sees_the_proxys_password() {
    runtime().block_on(async {
        let key = certificate();
        let vendor = secure(&key, &["http/1.1"], http).await;
        for over_tls in [false, true] {
            let proxy = proxy(over_tls.then_some(&key), OPEN, vendor.address).await;
            let scheme = if over_tls { "https" } else { "http" };
            let url = Secret::new(format!("{scheme}://user:hunter2@{}", proxy.address));
            let ca = authority(&key);
            let client = HttpTransport::new("https://vendor.example", Some(&url), Some(ca.path()), TIMEOUT).unwrap();
            send(&client, "https://vendor.example/a").await.unwrap();
            let asked = proxy.next().1;
            let version = env!("CARGO_PKG_VERSION");
            assert!(
                asked.starts_with("CONNECT vendor.example:443 HTTP/1.1\r\nHost: vendor.example:443\r\n"),
                "{asked}"
            );
            assert!(asked.to_lowercase().contains(&format!("user-agent: runsheet/{version}\r\n")), "{asked}");
            assert!(asked.to_lowercase().contains("proxy-authorization: basic ") && asked.contains(BASIC), "{asked}");
            assert_eq!(vendor.next().1, "HTTP/1.1 /a host true");
        }
    });
}

#[test]
fn a_tunnel_that_is_refused_is_certainly_not_sent() {
    for (says, why) in [
        (&b"HTTP/1.1 407 Who\r\n\r\n"[..], "tunnel error: proxy authorization required"),
        (b"HTTP/1.1 502 No\r\n\r\n", "tunnel error: unsuccessful"),
    ] {
        runtime().block_on(async {
            let key = certificate();
            let proxy = proxy(None, says, "127.0.0.1:1".parse().unwrap()).await;
            let url = Secret::new(format!("http://user:hunter2@{}", proxy.address));
            let ca = authority(&key);
            let client = HttpTransport::new("https://vendor.example", Some(&url), Some(ca.path()), TIMEOUT).unwrap();
            assert_eq!(send(&client, "https://vendor.example/a").await, Err(SendError::NotSent(why.to_owned())));
        });
    }
}

#[test]
fn an_untrusted_certificate_of_a_proxy_is_distinguished_from_a_vendors() {
    let (key, another) = (certificate(), certificate());
    for base in ["https://vendor.example", "http://vendor.example"] {
        runtime().block_on(async {
            let proxy = proxy(Some(&key), b"", "127.0.0.1:1".parse().unwrap()).await;
            let url = Secret::new(format!("https://user:hunter2@{}", proxy.address));
            let ca = authority(&another);
            let client = HttpTransport::new(base, Some(&url), Some(ca.path()), TIMEOUT).unwrap();
            let refused = send(&client, &format!("{base}/person")).await;
            let Err(SendError::Untrusted(why)) = refused else { panic!("{refused:?}") };
            assert!(why.starts_with("the certificate of the proxy is signed by an authority"), "{why}");
            assert!(!why.contains("hunter2") && !why.contains("person") && !why.contains("on the way"), "{why}");
        });
    }
}

#[test]
fn a_proxy_that_never_answers_is_given_up_before_the_time_for_the_call_is_over() {
    let silent = server(vec![vec![ServerReply::Hold(b"")], vec![ServerReply::Hold(b"")]]);
    let proxy = Secret::new(format!("http://{}", silent.address));
    let key = certificate();
    let ca = authority(&key);
    for (timeout, waits) in [(60, 10), (4, 2)] {
        let timeout = Duration::from_secs(timeout);
        let client = HttpTransport::new("https://vendor.example", Some(&proxy), Some(ca.path()), timeout).unwrap();
        runtime().block_on(async {
            tokio::time::pause();
            let begun = tokio::time::Instant::now();
            let late = client.send(post("https://vendor.example/a"), CallBounds { timeout, ..BOUNDS }).await;
            assert_eq!(late, Err(SendError::NotSent("no connection within the time allowed".to_owned())));
            assert_eq!(begun.elapsed().as_secs(), waits);
        });
    }
}

#[test]
fn a_proxy_out_of_reach_is_named_without_its_password() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let proxy = Secret::new(format!("http://user:hunter2@{free}"));
    let client = HttpTransport::new("http://vendor.example", Some(&proxy), None, TIMEOUT).unwrap();
    let refused = runtime().block_on(send(&client, "http://vendor.example/person"));
    let Err(SendError::NotSent(why)) = refused else { panic!("{refused:?}") };
    assert!(why.starts_with("the proxy cannot be reached: tcp connect error: Connection refused"), "{why}");
    assert!(!why.contains("hunter2") && !why.contains("dXNlcj") && !why.contains("person"), "{why}");
}

#[test]
fn an_invalid_proxy_is_refused_without_showing_its_password() {
    for (wrong, why) in [
        ("http://user:hunter2@[::1", "`proxy` is not a URL"),
        ("", "`proxy` is not a URL"),
        ("socks5://user:hunter2@127.0.0.1:1080", "`proxy` must be an HTTP proxy: write `http://` or `https://`"),
    ] {
        let made = HttpTransport::new("http://vendor.example", Some(&Secret::new(wrong)), None, TIMEOUT);
        assert_eq!(made.err().as_deref(), Some(why), "{wrong}");
    }
}

#[test]
fn a_proxy_without_a_scheme_is_one_over_plain_http() {
    let server = server(vec![vec![ServerReply::Say(FINE)]]);
    let proxy = Secret::new(format!("localhost:{}", server.address.port()));
    let client = HttpTransport::new("http://vendor.example", Some(&proxy), None, TIMEOUT).unwrap();
    runtime().block_on(send(&client, "http://vendor.example/")).unwrap();
    assert!(server.next().1.starts_with("POST http://vendor.example/ HTTP/1.1\r\n"));
}

#[test]
fn this_machine_is_never_reached_through_a_proxy() {
    let server = server(vec![vec![ServerReply::Say(FINE)]]);
    let proxy = Secret::new("http://127.0.0.1:1");
    let client = HttpTransport::new(&server.url(), Some(&proxy), None, TIMEOUT).unwrap();
    runtime().block_on(send(&client, &server.url())).unwrap();
    assert!(server.next().1.starts_with("POST / HTTP/1.1\r\n"));
}

#[test]
fn the_machines_own_proxies_are_for_all_but_those_it_names() {
    let proxy = server(vec![vec![ServerReply::Say(FINE)]]);
    let matcher = || Matcher::builder().all(proxy.url()).no("direct.invalid, 10.0.0.0/8").build();
    let client =
        |base| HttpTransport::with_setup(base, ClientSetup::new(Proxies::of(matcher()), None, TIMEOUT)).unwrap();
    let through = client("http://vendor.invalid");
    runtime().block_on(send(&through, "http://vendor.invalid/a")).unwrap();
    assert!(proxy.next().1.starts_with("POST http://vendor.invalid/a HTTP/1.1\r\n"));
    let direct = runtime().block_on(send(&client("http://api.direct.invalid"), "http://api.direct.invalid/a"));
    assert!(matches!(&direct, Err(SendError::NotSent(why)) if why.starts_with("dns error")), "{direct:?}");
}

#[test]
fn an_unsupported_kind_of_proxy_is_reported_before_the_first_call() {
    let matcher = || Matcher::builder().all("socks5://user:hunter2@127.0.0.1:1").no("direct.example").build();
    let made = |base| HttpTransport::with_setup(base, ClientSetup::new(Proxies::of(matcher()), None, TIMEOUT));
    let told = made("http://vendor.example").err().unwrap();
    assert!(told.contains("must be an HTTP proxy") && !told.contains("hunter2"), "{told}");
    assert!(made("http://direct.example").is_ok());
    assert!(made("http://127.0.0.1:9").is_ok());
}
