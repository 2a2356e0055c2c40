//! A server that answers as it is told to, having seen the whole request.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

/// A request as it came.
pub(crate) struct Heard {
    /// Method and path, headers, body.
    pub(crate) whole: String,
    /// The path with its query.
    pub(crate) path: String,
    /// The body.
    pub(crate) body: String,
}

/// Status and body of an answer.
pub(crate) type Answer = (u16, String);

/// Serves until the tests are over; gives the base URL.
pub(crate) fn parrot(answer: impl Fn(&Heard) -> Answer + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            std::thread::spawn(move || while serve(&stream, &*answer).is_some() {});
        }
    });
    url
}

fn serve(stream: &TcpStream, answer: &dyn Fn(&Heard) -> Answer) -> Option<()> {
    let heard = hear(stream)?;
    let (status, body) = answer(&heard);
    let head =
        format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
    let mut stream = stream;
    stream.write_all(format!("{head}{body}").as_bytes()).ok()
}

fn hear(stream: &TcpStream) -> Option<Heard> {
    let mut reader = BufReader::new(stream);
    let (mut whole, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        whole.push_str(&line);
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).ok()?;
    let path = whole.split(' ').nth(1)?.to_owned();
    whole.push_str(&body);
    Some(Heard { whole, path, body })
}
