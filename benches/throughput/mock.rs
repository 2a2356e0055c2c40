//! The mock server as the harness holds it: a child process, set anew before each measurement.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use anyhow::Context;

use crate::server::{Manner, Seen};

/// The server; it ends with this value.
pub(crate) struct Mock {
    child: Child,
    address: String,
}

impl Mock {
    /// Starts the server.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?).arg("serve").stdout(Stdio::piped()).spawn()?;
        let out = child.stdout.take().context("the server's output")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        Ok(Self { child, address: line.trim().to_owned() })
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Forgets what it saw and behaves so from now on.
    pub(crate) fn set(&self, manner: &Manner) -> anyhow::Result<()> {
        let query = serde_json::to_string(manner)?.replace('"', "%22").replace('{', "%7B").replace('}', "%7D");
        self.get(&format!("/_set?{query}")).map(|_| ())
    }

    /// What it saw.
    pub(crate) fn seen(&self) -> anyhow::Result<Seen> {
        Ok(serde_json::from_str(&self.get("/_seen")?)?)
    }

    fn get(&self, path: &str) -> anyhow::Result<String> {
        let mut stream = TcpStream::connect(&self.address)?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (_, body) = answer.split_once("\r\n\r\n").context("the server's answer")?;
        Ok(body.to_owned())
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        // It is ours, and it may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
