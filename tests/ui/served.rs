//! A served page, and a client that says exactly what a test wants.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::program::TestFolder;

/// How long an answer may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// A `runsheet ui` that runs until it is dropped.
pub(super) struct Served {
    pub(super) child: Child,
    pub(super) address: SocketAddr,
    said: BufReader<ChildStdout>,
    /// The token of the link that works now.
    pub(super) link: String,
}

/// An answer, as it came.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Served {
    pub(super) fn start(desk: &TestFolder) -> Self {
        Self::start_with(desk, "")
    }

    /// Starts it and opens a session. Returns it with the session and the id of the newest run.
    pub(super) fn with_newest_run(desk: &TestFolder) -> (Self, String, String) {
        let mut served = Self::start(desk);
        let session = served.open();
        let run = served.newest_run(&session);
        (served, session, run)
    }

    /// Starts it with further options.
    pub(super) fn start_with(desk: &TestFolder, options: &str) -> Self {
        let mut command = desk.command("runsheet");
        command.args(["ui", "--format", "json"]).args(options.split_whitespace());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let mut served = Self { child, address: ([127, 0, 0, 1], 0).into(), said, link: String::new() };
        let url = served.next_url();
        let (address, link) = url.strip_prefix("http://").unwrap().split_once("/#token=").unwrap();
        (served.address, served.link) = (address.parse().unwrap(), link.to_owned());
        served
    }

    /// The URL of the next line that is printed.
    fn next_url(&mut self) -> String {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        said["url"].as_str().unwrap().to_owned()
    }

    /// The host as a browser names it.
    pub(super) fn host(&self) -> String {
        self.address.to_string()
    }

    /// Opens a session with the link, and takes the next link.
    pub(super) fn open(&mut self) -> String {
        let came = self.post("/session", "", &format!("{{\"token\":\"{}\"}}", self.link));
        assert_eq!(came.status, 200, "{came:?}");
        self.link = self.next_url().split_once("#token=").unwrap().1.to_owned();
        came.json()["session"].as_str().unwrap().to_owned()
    }

    pub(super) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends bytes as they are, and reads the answer to the end of the connection.
    pub(super) fn raw(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        Answer::read(&mut stream)
    }

    /// Asks with further header lines, each with its line end.
    pub(super) fn ask(&self, method: &str, path: &str, headers: &str) -> Answer {
        let host = self.host();
        self.raw(&format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n"))
    }

    /// Reads with a session.
    pub(super) fn get(&self, path: &str, session: &str) -> Answer {
        self.ask("GET", path, &format!("Runsheet-Session: {session}\r\n"))
    }

    /// The id of the newest run.
    pub(super) fn newest_run(&self, session: &str) -> String {
        self.get("/api/runs", session).json()["runs"][0]["run_id"].as_str().unwrap().to_owned()
    }

    /// Posts JSON with further header lines.
    pub(super) fn post(&self, path: &str, headers: &str, body: &str) -> Answer {
        let (host, length) = (self.host(), body.len());
        self.raw(&format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n{headers}\r\n{body}"
        ))
    }

    /// The memory that the process holds, in KiB.
    pub(super) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let held = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        held.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Sends a signal, and waits for the end. Returns the exit code.
    pub(super) fn end(&mut self, signal: &str) -> Option<i32> {
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The content of chunks, as far as they came.
fn joined(mut chunks: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    while let Some(at) = chunks.windows(2).position(|end| end == b"\r\n") {
        let length = usize::from_str_radix(std::str::from_utf8(&chunks[..at]).unwrap(), 16).unwrap();
        let from = at + 2;
        content.extend_from_slice(&chunks[from..chunks.len().min(from + length)]);
        chunks = chunks.get(from + length + 2..).unwrap_or_default();
    }
    content
}

impl Answer {
    /// Reads an answer to the end of its connection. A connection that is reset without an answer has status 0.
    pub(super) fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        // What came before a reset counts.
        let _ = stream.read_to_end(&mut bytes);
        let Some(at) = bytes.windows(4).position(|end| end == b"\r\n\r\n") else {
            assert!(bytes.is_empty(), "half an answer: {}", String::from_utf8_lossy(&bytes));
            return Self { status: 0, headers: Vec::new(), body: Vec::new() };
        };
        let head = String::from_utf8(bytes[..at].to_vec()).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.map(|line| line.split_once(": ").unwrap());
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        let mut answer = Self { status, headers, body: bytes[at + 4..].to_vec() };
        if answer.header("transfer-encoding") == Some("chunked") {
            answer.body = joined(&answer.body);
        }
        answer
    }

    /// The lines of JSON of the body.
    pub(super) fn lines(&self) -> Vec<Value> {
        let text = std::str::from_utf8(&self.body).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}
