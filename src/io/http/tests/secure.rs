//! TLS: whom it trusts, which HTTP is agreed on, and that plain HTTP does without.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use super::super::client::HttpTransport;
use super::servers::{TIMEOUT, authority, certificate, client, http, runtime, secure, send};
use crate::model::SendError;

#[test]
fn an_authority_of_the_users_own_is_trusted_and_both_versions_are_spoken() {
    let offered: [(&[&str], &str); 3] = [
        (&["h2", "http/1.1"], "HTTP/2.0 https://{} host false"),
        (&["http/1.1"], "HTTP/1.1 / host true"),
        (&[], "HTTP/1.1 / host true"),
    ];
    for (versions, seen) in offered {
        runtime().block_on(async {
            let key = certificate();
            let server = secure(&key, versions, http).await;
            let url = format!("https://{}", server.address);
            let ca = authority(&key);
            let client = client(&url, Some(ca.path()));
            for _ in 0..2 {
                let answer = send(&client, &url).await.unwrap();
                assert_eq!((answer.status, answer.body.as_ref()), (200, &b"ok"[..]));
                assert_eq!(server.next(), (0, seen.replace("{}", &format!("{}/", server.address))));
            }
        });
    }
}

#[test]
fn a_certificate_that_nobody_trusts_is_surely_unsent() {
    runtime().block_on(async {
        let (key, another) = (certificate(), certificate());
        let server = secure(&key, &["h2"], http).await;
        let url = format!("https://{}", server.address);
        let ca = authority(&another);
        let refused = send(&client(&url, Some(ca.path())), &url).await;
        let Err(SendError::NotSent(why)) = refused else { panic!("{refused:?}") };
        assert!(why.starts_with("invalid peer certificate: "), "{why}");
        assert_eq!(server.told().await, (0, "no handshake".to_owned()));
    });
}

#[test]
fn a_certificate_for_another_name_is_surely_unsent() {
    runtime().block_on(async {
        let key = certificate();
        let server = secure(&key, &["h2"], http).await;
        let url = format!("https://localhost:{}", server.address.port());
        let ca = authority(&key);
        let refused = send(&client(&url, Some(ca.path())), &url).await;
        assert!(matches!(&refused, Err(SendError::NotSent(why)) if why.contains("not valid for name")), "{refused:?}");
    });
}

#[test]
fn a_server_that_speaks_no_tls_is_surely_unsent() {
    let server = super::servers::server(vec![vec![]]);
    let key = certificate();
    let ca = authority(&key);
    let url = format!("https://{}", server.address);
    let refused = runtime().block_on(send(&client(&url, Some(ca.path())), &url));
    assert!(matches!(refused, Err(SendError::NotSent(_))), "{refused:?}");
}

#[test]
fn a_file_of_authorities_that_is_none_is_told_at_once() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let told = |path: &Path| HttpTransport::new("https://127.0.0.1:9", None, Some(path), TIMEOUT).err().unwrap();
    assert!(told(file.path()).contains("holds no PEM certificates"));
    file.write_all(b"-----BEGIN CERTIFICATE-----\n%%%%\n-----END CERTIFICATE-----\n").unwrap();
    assert!(told(file.path()).contains("holds no PEM certificates"));
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    assert!(told(file.path()).contains("could not be made"));
    assert!(told(Path::new("none.pem")).contains("`none.pem` could not be read"));
}

#[test]
fn plain_http_makes_no_tls_at_all() {
    // The file is not even read.
    assert!(HttpTransport::new("http://127.0.0.1:9", None, Some(Path::new("none.pem")), TIMEOUT).is_ok());
    assert!(HttpTransport::new("https:", None, Some(Path::new("none.pem")), TIMEOUT).is_err());
}

#[test]
fn a_tls_connection_that_the_vendor_ends_meanwhile_is_not_used() {
    runtime().block_on(async {
        let key = certificate();
        let server = secure(&key, &["http/1.1"], |number, stream, tell| {
            Box::pin(async move {
                use tokio::io::{AsyncReadExt, AsyncWriteExt};
                let mut stream = stream;
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(super::servers::FINE).await;
                let _ = stream.shutdown().await;
                tell.send((number, "ended".to_owned())).unwrap();
                let _ = stream.read(&mut [0; 4096]).await;
            })
        })
        .await;
        let url = format!("https://{}", server.address);
        let ca = authority(&key);
        let client = client(&url, Some(ca.path()));
        for number in 0..2 {
            send(&client, &url).await.unwrap();
            assert_eq!(server.told().await, (number, "ended".to_owned()));
            tokio::time::pause();
            tokio::time::advance(Duration::from_secs(1)).await;
            tokio::time::resume();
        }
    });
}
