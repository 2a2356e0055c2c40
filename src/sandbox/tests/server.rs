//! Real connections: whole answers, resets, short bodies, the log over HTTP.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::io::{CallBounds, HttpTransport, Transport};
use crate::model::{Method, Request, Response, SendError};
use crate::sandbox::Faults;
use crate::sandbox::setup::TOKEN;
use crate::sandbox::{Background, ServeOptions, serve_on_thread};

fn start(spec: Option<&str>) -> Background {
    let faults = spec.map(|spec| Faults::parse(spec).unwrap());
    serve_on_thread(ServeOptions { faults, ..ServeOptions::default() }).unwrap()
}

fn connect(server: &Background) -> TcpStream {
    TcpStream::connect(server.url().strip_prefix("http://").unwrap()).unwrap()
}

fn message(method: &str, path: &str, body: &str, close: bool) -> String {
    let connection = if close { "Connection: close\r\n" } else { "" };
    format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\n{connection}Authorization: Bearer {TOKEN}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Sends one request and reads to the end of the connection, or to its reset.
fn talk(server: &Background, method: &str, path: &str, body: &str) -> (String, bool) {
    let mut stream = connect(server);
    stream.write_all(message(method, path, body, true).as_bytes()).unwrap();
    let mut all = Vec::new();
    let whole = stream.read_to_end(&mut all).is_ok();
    (String::from_utf8_lossy(&all).into_owned(), whole)
}

fn moderator(n: usize) -> String {
    json!({"task_num": "202402220000021", "emp_id": format!("e-{n}")}).to_string()
}

const MODERATOR: &str = "/api/task/service/do_add";

#[test]
fn connections_close_without_an_answer_by_reset_or_in_order() {
    let server = start(Some("lose=100%"));
    let seen: Vec<(String, bool)> = (0..8).map(|n| talk(&server, "POST", MODERATOR, &moderator(n))).collect();
    assert!(seen.iter().all(|(text, _)| text.is_empty()), "{seen:?}");
    assert!(seen.iter().any(|(_, whole)| *whole) && seen.iter().any(|(_, whole)| !whole), "{seen:?}");
    let entries = server.entries().unwrap();
    assert_eq!(entries.iter().filter(|entry| entry.effect).count(), 8);
}

#[test]
fn a_cut_answer_announces_more_bytes_than_it_sends() {
    let server = start(Some("cut=100%"));
    let (text, _) = talk(&server, "POST", MODERATOR, &moderator(1));
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let announced: usize = head
        .lines()
        .find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned))
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(body.len(), announced / 2, "{text}");
    assert!(head.starts_with("HTTP/1.1 200"));
}

#[test]
fn a_refusal_comes_whole_and_has_no_effect() {
    let server = start(Some("refuse=100%"));
    let (text, whole) = talk(&server, "POST", MODERATOR, &moderator(1));
    assert!(whole && text.starts_with("HTTP/1.1 200 ") && text.contains(r#""status":0"#), "{text}");
    assert!(server.entries().unwrap().iter().all(|entry| !entry.effect && entry.fault.as_deref() == Some("refuse")));
}

#[test]
fn a_connection_serves_many_calls() {
    let server = start(None);
    let mut stream = connect(&server);
    for n in 0..3 {
        stream.write_all(message("POST", MODERATOR, &moderator(n), false).as_bytes()).unwrap();
        let mut seen = Vec::new();
        let mut buffer = [0; 1_024];
        while !String::from_utf8_lossy(&seen).contains("service member success") {
            let read = stream.read(&mut buffer).unwrap();
            assert!(read > 0, "closed after {n} calls");
            seen.extend_from_slice(&buffer[..read]);
        }
    }
    assert_eq!(server.entries().unwrap().len(), 3);
}

#[test]
fn the_server_has_pages_of_its_own() {
    let server = start(None);
    talk(&server, "POST", MODERATOR, &moderator(1));
    let (health, _) = talk(&server, "GET", "/_sandbox/health", "");
    assert!(health.ends_with(r#"{"status":"ok","calls":1}"#), "{health}");
    let (log, _) = talk(&server, "GET", "/_sandbox/log", "");
    let line: Value = serde_json::from_str(log.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(line["effect_id"], "add_moderator:202402220000021:e-1");
    assert!(talk(&server, "GET", "/_sandbox/else", "").0.starts_with("HTTP/1.1 404"));
    assert!(talk(&server, "OPTIONS", "/", "").0.starts_with("HTTP/1.1 405"));
    assert_eq!(server.entries().unwrap().len(), 1, "its own pages are not calls");
}

/// Sends a request as it stands and reads to the end of the connection.
fn say(server: &Background, text: &str) -> String {
    let mut stream = connect(server);
    stream.write_all(text.as_bytes()).unwrap();
    let mut all = Vec::new();
    // A refusal may close the connection before the body is read.
    let _ = stream.read_to_end(&mut all);
    String::from_utf8_lossy(&all).into_owned()
}

#[test]
fn requests_for_other_hosts_and_from_other_origins_are_refused_on_every_path() {
    let server = start(Some("lose=100%"));
    for (line, path) in
        [("GET", "/_sandbox/log"), ("GET", "/_sandbox/health"), ("POST", MODERATOR), ("GET", "/"), ("OPTIONS", "/")]
    {
        for (headers, status) in [
            ("Host: attacker.example\r\n", 421),
            ("Host: attacker.example:8470\r\n", 421),
            ("Host: localhost\r\nOrigin: https://attacker.example\r\n", 403),
            ("Host: localhost\r\nOrigin: null\r\n", 403),
            ("Host: localhost\r\nHost: attacker.example\r\n", 400),
            ("", 400),
        ] {
            let answer = say(&server, &format!("{line} {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n"));
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{line} {path} {headers}: {answer}");
            assert!(answer.ends_with('.'), "no sentence: {answer}");
        }
    }
    assert!(server.entries().unwrap().is_empty(), "a refused request is not a call");
}

#[test]
fn names_and_addresses_of_this_machine_are_answered() {
    let server = start(None);
    let port = server.url().rsplit(':').next().unwrap().to_owned();
    for host in ["localhost", "ess.localhost", "127.0.0.1", "127.1.2.3", "[::1]", "LOCALHOST"] {
        for host in [host.to_owned(), format!("{host}:{port}")] {
            let text = format!("GET /_sandbox/health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            assert!(say(&server, &text).starts_with("HTTP/1.1 200 "), "{host}");
        }
    }
    assert!(say(&server, "GET /_sandbox/health HTTP/1.0\r\n\r\n").contains(" 200 OK"));
}

#[test]
fn no_answer_lets_a_page_of_another_origin_read_it() {
    let server = start(None);
    for (line, path) in [("GET", "/_sandbox/log"), ("OPTIONS", "/_sandbox/log"), ("OPTIONS", "/"), ("GET", "/x")] {
        for origin in ["http://localhost:3000", "https://attacker.example"] {
            let head = format!("{line} {path} HTTP/1.1\r\nHost: localhost\r\nOrigin: {origin}\r\n");
            let asked = "Access-Control-Request-Method: POST\r\nConnection: close\r\n\r\n";
            let answer = say(&server, &format!("{head}{asked}")).to_lowercase();
            assert!(answer.starts_with("http/1.1 ") && !answer.contains("access-control-"), "{answer}");
        }
    }
}

/// Calls a server over TLS with our own client, which trusts `ca_file`.
fn call(url: &str, ca_file: &Path) -> Result<Response, SendError> {
    let timeout = Duration::from_secs(5);
    let client = HttpTransport::new(url, None, Some(ca_file), timeout).unwrap();
    let body = moderator(1).into();
    let headers = vec![("Authorization".to_owned(), format!("Bearer {TOKEN}"))];
    let request = Request { method: Method::Post, url: format!("{url}{MODERATOR}"), headers, body };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(client.send(request, CallBounds { timeout, max_body: 10_000, once: true }))
}

fn secure(folder: &Path, spec: Option<&str>) -> Background {
    let faults = spec.map(|spec| Faults::parse(spec).unwrap());
    serve_on_thread(ServeOptions { faults, tls: Some(folder.to_owned()), ..ServeOptions::default() }).unwrap()
}

#[test]
fn a_server_with_tls_is_trusted_by_its_own_authority_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (server, other) = (secure(&folder.path().join("state"), None), secure(folder.path(), None));
    let url = server.url();
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    let refused = call(url, other.ca_file().unwrap());
    assert!(matches!(&refused, Err(SendError::Untrusted(why)) if why.contains("certificate")), "{refused:?}");
    assert!(talk_plain(url).is_empty(), "plain HTTP was answered");
    assert!(server.entries().unwrap().is_empty());
    for host in ["127.0.0.1", "localhost", "ess.localhost", "essbasic.localhost"] {
        let answer = call(&url.replace("127.0.0.1", host), server.ca_file().unwrap()).unwrap();
        assert_eq!(answer.status, 200, "{host}");
    }
    let ca_file = server.ca_file().unwrap().to_owned();
    let text = std::fs::read_to_string(&ca_file).unwrap();
    assert!(text.starts_with("-----BEGIN CERTIFICATE-----") && !text.contains("KEY"), "{text}");
    drop(server);
    assert!(!ca_file.exists(), "the file outlived the server");
}

/// What a server with TLS says to a request without it.
fn talk_plain(url: &str) -> String {
    let mut stream = TcpStream::connect(url.strip_prefix("https://").unwrap()).unwrap();
    stream.write_all(message("GET", "/_sandbox/log", "", true).as_bytes()).unwrap();
    let mut all = Vec::new();
    // Bytes of an alert may come, and a reset.
    let _ = stream.read_to_end(&mut all);
    String::from_utf8_lossy(&all).split_once("HTTP/1.1").map_or(String::new(), |(_, answer)| answer.to_owned())
}

#[test]
fn faults_meet_calls_over_tls_as_well() {
    let folder = tempfile::tempdir().unwrap();
    for (spec, effect) in [("lose=100%", true), ("close=100%", false), ("cut=100%", true)] {
        let server = secure(folder.path(), Some(spec));
        let came = call(server.url(), server.ca_file().unwrap());
        assert!(matches!(came, Err(SendError::NoAnswer(_))), "{spec}: {came:?}");
        assert!(server.entries().unwrap().iter().all(|entry| entry.effect == effect), "{spec}");
    }
}

#[test]
fn a_log_file_is_continued() {
    let folder = tempfile::tempdir().unwrap();
    let log = Some(folder.path().join("calls.jsonl"));
    let options = || ServeOptions { log: log.clone(), ..ServeOptions::default() };
    let first = serve_on_thread(options()).unwrap();
    talk(&first, "POST", MODERATOR, &moderator(1));
    drop(first);
    let second = serve_on_thread(options()).unwrap();
    let (text, _) = talk(&second, "POST", MODERATOR, &moderator(1));
    assert!(text.contains(r#""status":2"#), "{text}");
    assert_eq!(second.entries().unwrap().len(), 2);
}

#[test]
fn a_port_in_use_is_an_error() {
    let server = start(None);
    let port = server.url().rsplit(':').next().unwrap().parse().unwrap();
    assert!(serve_on_thread(ServeOptions { port, ..ServeOptions::default() }).is_err());
}

#[test]
fn bodies_have_a_bound() {
    let server = start(None);
    let (text, _) = talk(&server, "POST", "/echo", &"x".repeat(10 * 1024 * 1024 + 1));
    assert!(text.is_empty() || text.starts_with("HTTP/1.1 413"), "{}", &text[..text.len().min(100)]);
    assert!(server.entries().unwrap().is_empty());
}
