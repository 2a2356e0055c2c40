//! A run against a vendor that closes kept connections without saying so: few rows end unknown, and none is sent twice.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::program::Desk;

const ROWS: usize = 300;

const IN_FLIGHT: u64 = 16;

const PLAYBOOK: &str = "name: Dead connections
rows: { from: rows.csv, key: id }
limits: { in_flight: 16 }
steps:
  - id: send
    uses: http.request
    with: { method: POST, path: \"/{{ row.id }}\", body: { id: \"{{ row.id }}\" } }
";

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

/// How often each path was asked for.
type Asked = Arc<Mutex<BTreeMap<String, usize>>>;

/// A vendor that answers one request over a connection and closes it after a while; it lives as long as the tests do.
fn vendor(closes_after: Duration) -> (String, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Asked::default();
    let seen = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let seen = Arc::clone(&seen);
            std::thread::spawn(move || serve(stream.unwrap(), closes_after, &seen));
        }
    });
    (url, asked)
}

fn serve(stream: TcpStream, closes_after: Duration, asked: &Asked) {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    let mut length = 0;
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|count| count > 0) && line != "\r\n" {
        if first.is_empty() {
            first.clone_from(&line);
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        line.clear();
    }
    let Some(path) = first.split(' ').nth(1) else { return };
    if reader.read_exact(&mut vec![0; length]).is_err() {
        return;
    }
    *asked.lock().unwrap().entry(path.to_owned()).or_default() += 1;
    let _ = reader.get_mut().write_all(ANSWER);
    std::thread::sleep(closes_after);
}

#[test]
fn rows_lost_to_dead_connections_are_those_in_flight_at_the_first_loss() {
    for closes_after in [Duration::ZERO, Duration::from_millis(20)] {
        let (url, asked) = vendor(closes_after);
        let desk = Desk::new();
        desk.write("playbook.yaml", PLAYBOOK);
        let rows: String = (0..ROWS).map(|row| format!("R{row}\n")).collect();
        desk.write("rows.csv", &format!("id\n{rows}"));
        desk.write(
            "runsheet.yaml",
            &format!("environments: {{ here: {{ connections: {{ http: {{ base_url: '{url}' }} }} }} }}\n"),
        );
        let came = desk.run("run playbook.yaml --env here --yes --confirm 999 --format json");
        let summary = came.json();
        let count = |outcome: &str| summary["rows"][outcome].as_u64().unwrap_or(0);
        let (succeeded, unknown) = (count("succeeded"), count("unknown"));
        assert!(unknown <= IN_FLIGHT, "closed after {closes_after:?}: {summary}");
        assert_eq!(succeeded + unknown, ROWS as u64, "{summary}");
        let asked = asked.lock().unwrap();
        assert!(asked.values().all(|times| *times == 1), "{asked:?}");
        assert!(asked.len() as u64 >= succeeded, "{asked:?}");
    }
}
