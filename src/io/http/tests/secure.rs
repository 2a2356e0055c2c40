//! TLS: which certificates are trusted, which HTTP is negotiated, and that plain HTTP needs none.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use rcgen::{CertificateParams, CertifiedKey, DnType, KeyPair, date_time_ymd};

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

/// A certificate for one name.
fn named(name: &str) -> CertifiedKey<KeyPair> {
    let mut params = CertificateParams::new(["vendor.example".to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    let signing_key = KeyPair::generate().unwrap();
    CertifiedKey { cert: params.self_signed(&signing_key).unwrap(), signing_key }
}

#[test]
fn a_call_under_an_untrusted_certificate_is_certainly_not_sent() {
    runtime().block_on(async {
        let (key, another) = (certificate(), named("another authority"));
        let server = secure(&key, &["h2"], http).await;
        let url = format!("https://{}", server.address);
        let ca = authority(&another);
        let refused = send(&client(&url, Some(ca.path())), &url).await;
        let Err(SendError::Untrusted(why)) = refused else { panic!("{refused:?}") };
        let path = ca.path().display().to_string();
        let begins = format!("its certificate is signed by an authority that neither this machine nor the connection's `ca_file` `{path}` holds");
        assert!(why.starts_with(&begins) && why.ends_with(&format!("`cat MORE.pem >> {path}`")), "{why}");
        assert!(why.contains("A proxy on the way that opens TLS"), "{why}");
        assert_eq!(server.next_async().await, (0, "no handshake".to_owned()));
        let Err(SendError::Untrusted(why)) = send(&client(&url, None), &url).await else { panic!() };
        assert!(why.contains("(UnknownIssuer)") && why.contains("as `ca_file` of the connection in `runsheet.yaml`"));
        assert!(why.ends_with("`SSL_CERT_FILE=FILE runsheet resume RUN`"), "{why}");
        let anew = authority(&certificate());
        let Err(SendError::Untrusted(why)) = send(&client(&url, Some(anew.path())), &url).await else { panic!() };
        assert!(why.contains("of the same name as one that is trusted here, with another key (BadSignature)"), "{why}");
    });
}

#[test]
fn a_certificate_for_another_name_is_certainly_not_sent() {
    runtime().block_on(async {
        let key = certificate();
        let server = secure(&key, &["h2"], http).await;
        let url = format!("https://localhost:{}", server.address.port());
        let ca = authority(&key);
        let refused = send(&client(&url, Some(ca.path())), &url).await;
        let Err(SendError::Untrusted(why)) = refused else { panic!("{refused:?}") };
        assert!(why.starts_with("its certificate is for another name than the address that was called"), "{why}");
        assert!(why.contains("Check `base_url`") && why.contains("A proxy on the way that opens TLS"), "{why}");
    });
}

#[test]
fn a_certificate_out_of_its_time_says_to_look_at_the_clock() {
    for (from, until, said) in [
        (2001, 2002, "has expired: it was valid until 2002-01-01T00:00:00Z, and this machine's clock says 2"),
        (2901, 2902, "is not valid yet: it is from 2901-01-01T00:00:00Z on, and this machine's clock says 2"),
    ] {
        let mut params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let signing_key = KeyPair::generate().unwrap();
        let key = CertifiedKey { cert: params.self_signed(&signing_key).unwrap(), signing_key };
        runtime().block_on(async {
            let server = secure(&key, &["h2"], http).await;
            let url = format!("https://{}", server.address);
            let ca = authority(&key);
            let refused = send(&client(&url, Some(ca.path())), &url).await;
            let Err(SendError::Untrusted(why)) = refused else { panic!("{refused:?}") };
            assert!(why.starts_with(&format!("its certificate {said}")), "{why}");
            assert!(why.contains("`date -u`") && why.contains("tell the vendor"), "{why}");
        });
    }
}

#[test]
fn a_server_that_speaks_no_tls_is_certainly_not_sent() {
    let server = super::servers::server(vec![vec![]]);
    let key = certificate();
    let ca = authority(&key);
    let url = format!("https://{}", server.address);
    let refused = runtime().block_on(send(&client(&url, Some(ca.path())), &url));
    assert!(matches!(refused, Err(SendError::NotSent(_))), "{refused:?}");
}

#[test]
fn an_invalid_file_of_authorities_is_reported_at_once() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let told = |path: &Path| HttpTransport::new("https://127.0.0.1:9", None, Some(path), TIMEOUT).err().unwrap();
    assert!(told(file.path()).contains("is empty"));
    file.write_all(b"-----BEGIN CERTIFICATE-----\n%%%%\n-----END CERTIFICATE-----\n").unwrap();
    assert!(told(file.path()).contains("holds a certificate that cannot be read"));
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    assert!(told(file.path()).contains("holds a certificate that cannot be read, the 1. of it"));
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
            assert_eq!(server.next_async().await, (number, "ended".to_owned()));
            tokio::time::pause();
            tokio::time::advance(Duration::from_secs(1)).await;
            tokio::time::resume();
        }
    });
}
