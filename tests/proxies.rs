//! Proxies that the environment names, as a run uses them: asked for a way through, their passwords never told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::Arc;
use std::thread::JoinHandle;

use rcgen::{CertifiedKey, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::program::TestFolder;

const PLAYBOOK: &str = "name: Look
rows: { from: rows.csv, key: id }
steps:
  - { id: look, uses: http.request, repeat: safe, with: { method: GET, path: \"/people/{{ row.id }}\" } }
";

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

fn desk() -> (TestFolder, CertifiedKey<KeyPair>) {
    let desk = TestFolder::new();
    let key = rcgen::generate_simple_self_signed(["vendor.invalid".to_owned()]).unwrap();
    desk.write("ca.pem", &key.cert.pem());
    desk.write("playbook.yaml", PLAYBOOK);
    desk.write("rows.csv", "id\n0911211211\n");
    desk.write(
        "runsheet.yaml",
        "environments: { there: { connections: { http: { base_url: https://vendor.invalid, ca_file: ca.pem } } } }\n",
    );
    (desk, key)
}

/// A proxy with the vendor behind it, for one call; tells what each was asked.
fn proxy(key: &CertifiedKey<KeyPair>) -> (String, JoinHandle<[String; 2]>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://user:hunter2@{}", listener.local_addr().unwrap());
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![key.cert.der().clone()],
            PrivateKeyDer::try_from(key.signing_key.serialize_der()).unwrap(),
        )
        .unwrap();
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let way = head(&mut stream);
        stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").unwrap();
        let mut inside = StreamOwned::new(ServerConnection::new(Arc::new(config)).unwrap(), stream);
        let call = head(&mut inside);
        inside.write_all(ANSWER).unwrap();
        let _ = inside.read(&mut [0]);
        [way, call]
    });
    (url, asked)
}

fn head(stream: &mut impl Read) -> String {
    let mut text = Vec::new();
    while !text.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        assert_eq!(stream.read(&mut byte).unwrap(), 1);
        text.push(byte[0]);
    }
    String::from_utf8(text).unwrap()
}

#[test]
fn the_environments_proxy_is_used_and_its_password_goes_nowhere_else() {
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let (desk, key) = desk();
        let (url, asked) = proxy(&key);
        let came = desk.run_with("run playbook.yaml --env there --yes -vv", &[(variable, &url)]).exits(0);
        let [way, call] = asked.join().unwrap();
        assert!(way.starts_with("CONNECT vendor.invalid:443 HTTP/1.1\r\n"), "{way}");
        assert!(way.contains("Basic dXNlcjpodW50ZXIy\r\n"), "{way}");
        assert!(call.starts_with("GET /people/0911211211 HTTP/1.1\r\n"), "{call}");
        assert!(!call.to_lowercase().contains("proxy-authorization"), "{call}");
        came.never_says(&["hunter2", "dXNlcjpodW50ZXIy"]);
    }
}

#[test]
fn hosts_that_the_environment_excepts_are_reached_without_its_proxy() {
    let (desk, _) = desk();
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut run = desk
        .command("runsheet")
        .args(["run", "playbook.yaml", "--env", "there", "--yes", "-vv"])
        .env("HTTPS_PROXY", format!("http://{}", proxy.local_addr().unwrap()))
        .env("NO_PROXY", "other.invalid, vendor.invalid")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(run.stderr.take().unwrap()).lines();
    // Nobody knows the name: the first try fails, and there is no need to wait for more.
    assert!(said.map_while(Result::ok).any(|line| line.contains("http: GET not sent")));
    run.kill().unwrap();
    run.wait().unwrap();
    proxy.set_nonblocking(true).unwrap();
    assert!(proxy.accept().is_err(), "the proxy was asked");
}
