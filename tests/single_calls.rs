//! A vendor that answers one request over each connection, and counts what it was asked for.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How often each path was asked for.
pub(crate) type Asked = Arc<Mutex<BTreeMap<String, usize>>>;

/// Starts it; it lives as long as the tests do. `answer` makes the bytes of the n-th answer to a path, from 1, after which
/// the connection stays open for `closes_after`.
pub(crate) fn vendor<A>(answer: A, closes_after: Duration) -> (String, Asked)
where
    A: Fn(&str, usize) -> Vec<u8> + Copy + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Asked::default();
    let seen = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let seen = Arc::clone(&seen);
            std::thread::spawn(move || serve(stream.unwrap(), answer, closes_after, &seen));
        }
    });
    (url, asked)
}

fn serve(stream: TcpStream, answer: impl Fn(&str, usize) -> Vec<u8>, closes_after: Duration, asked: &Asked) {
    let mut reader = BufReader::new(stream);
    let (mut first, mut line, mut length) = (String::new(), String::new(), 0);
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
    let times = {
        let mut asked = asked.lock().unwrap();
        let times = asked.entry(path.to_owned()).or_default();
        *times += 1;
        *times
    };
    let _ = reader.get_mut().write_all(&answer(path, times));
    std::thread::sleep(closes_after);
}
