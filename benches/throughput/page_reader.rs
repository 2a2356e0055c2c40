//! The live page without a browser: asks `ui` for what the page asks, as often as the page does.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::tool::Tool;

/// The shortest time between two questions for changed rows.
const ROWS_AGAIN: Duration = Duration::from_secs(2);

/// What a page that was open came to.
#[derive(Debug, Default)]
pub(crate) struct PageReading {
    /// The lines about rows that it read.
    pub(crate) rows: u64,
    /// The overviews that it read.
    pub(crate) overviews: u64,
}

/// What `ui` took from the machine.
#[derive(Debug)]
pub(crate) struct ServerUsage {
    /// The most memory that it held, in MB.
    pub(crate) peak: f64,
    /// Its processor time until the page was closed, in seconds.
    pub(crate) processor: f64,
}

/// An open page.
pub(crate) struct OpenPage {
    server: Child,
    /// Kept open: `ui` prints a fresh link when one was used.
    output: BufReader<ChildStdout>,
    closed: Arc<AtomicBool>,
    reader: JoinHandle<anyhow::Result<PageReading>>,
}

impl OpenPage {
    /// Starts `ui`, and a page that opens the next run and follows it.
    pub(crate) fn open(tool: &Tool) -> anyhow::Result<Self> {
        let mut server = Command::new(&tool.program)
            .args(["ui", "--format", "json", "-q", "--state-dir"])
            .arg(tool.state())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut line = String::new();
        let mut output = BufReader::new(server.stdout.take().context("no output")?);
        output.read_line(&mut line)?;
        let link: Value = serde_json::from_str(&line).with_context(|| format!("`ui` said {line:?}"))?;
        let link = link["url"].as_str().context("no link")?.to_owned();
        let closed = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&closed);
        let reader = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(read(&link, &seen))
        });
        Ok(Self { server, output, closed, reader })
    }

    /// Closes the page. Returns what it read, and what `ui` took.
    pub(crate) fn close(mut self) -> anyhow::Result<(PageReading, ServerUsage)> {
        // What comes now costs the run nothing any more.
        let processor = processor_of(self.server.id())?;
        self.closed.store(true, Ordering::Relaxed);
        let reading = self.reader.join().map_err(|_| anyhow::anyhow!("the page panicked"))?;
        let peak = std::fs::read_to_string(format!("/proc/{}/status", self.server.id()));
        self.server.kill()?;
        self.server.wait()?;
        drop(self.output);
        let peak = peak?;
        let peak = peak.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
        let kilobytes: f64 = peak.trim().trim_end_matches(" kB").parse()?;
        Ok((reading?, ServerUsage { peak: kilobytes / 1024.0, processor }))
    }
}

/// The processor time of a process so far, in seconds.
fn processor_of(process: u32) -> anyhow::Result<f64> {
    let told = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name stands in parentheses and may hold anything.
    let (_, fields) = told.rsplit_once(')').context("no name")?;
    let ticks: Vec<f64> = fields.split_whitespace().skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
    let per_second = nix::unistd::sysconf(nix::unistd::SysconfVar::CLK_TCK)?.context("no ticks")?;
    #[allow(clippy::cast_precision_loss)]
    let per_second = per_second as f64;
    Ok(ticks.iter().sum::<f64>() / per_second)
}

/// A client with a session.
struct Session {
    client: reqwest::Client,
    base: String,
    token: String,
}

impl Session {
    async fn open(link: &str) -> anyhow::Result<Self> {
        let (base, token) = link.split_once("/#token=").context("no token")?;
        let client = crate::bare::client()?;
        let answer = client
            .post(format!("{base}/session"))
            .header("Content-Type", "application/json")
            .body(json!({"token": token}).to_string())
            .send()
            .await?
            .error_for_status()?;
        let session: Value = serde_json::from_slice(&answer.bytes().await?)?;
        let token = session["session"].as_str().context("no session")?.to_owned();
        Ok(Self { client, base: base.to_owned(), token })
    }

    async fn get(&self, path: &str) -> anyhow::Result<reqwest::Response> {
        let asked = self.client.get(format!("{}{path}", self.base)).header("Runsheet-Session", &self.token);
        Ok(asked.send().await?.error_for_status()?)
    }

    /// The run that is under way, as soon as there is one; `None` if the page is closed before.
    async fn run(&self, closed: &AtomicBool) -> anyhow::Result<Option<String>> {
        while !closed.load(Ordering::Relaxed) {
            let list: Value = serde_json::from_slice(&self.get("/api/runs?limit=1").await?.bytes().await?)?;
            if let Some(run) = list.pointer("/runs/0/run_id").and_then(Value::as_str) {
                return Ok(Some(run.to_owned()));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(None)
    }
}

/// Reads what the page reads until it is closed.
async fn read(link: &str, closed: &AtomicBool) -> anyhow::Result<PageReading> {
    let session = Session::open(link).await?;
    let mut reading = PageReading::default();
    let Some(run) = session.run(closed).await? else { return Ok(reading) };
    let mut events = session.get(&format!("/api/runs/{run}/events")).await?;
    // Once asked for, the overview is made again by itself.
    session.get(&format!("/api/runs/{run}/overview")).await?.bytes().await?;
    reading.overviews += 1;
    let (mut rest, mut asked, mut overview) = (Vec::new(), 0, 0);
    let mut rows_next = Instant::now();
    while !closed.load(Ordering::Relaxed) {
        let Ok(piece) = tokio::time::timeout(Duration::from_millis(100), events.chunk()).await else { continue };
        rest.extend_from_slice(&piece?.context("the stream of events ended")?);
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = rest.drain(..=end).collect();
            let state: Value = serde_json::from_slice(&line)?;
            let number = |name: &str| state[name].as_u64().unwrap_or_default();
            if number("overview") > overview {
                overview = number("overview");
                session.get(&format!("/api/runs/{run}/overview")).await?.bytes().await?;
                reading.overviews += 1;
            }
            if number("entry") > asked && Instant::now() >= rows_next {
                let (entry, lines) = rows(&session, &run, asked).await?;
                (asked, reading.rows) = (entry, reading.rows + lines);
                rows_next = Instant::now() + ROWS_AGAIN;
            }
        }
    }
    Ok(reading)
}

/// Reads the rows that changed after an entry: the last entry, and the number of rows.
async fn rows(session: &Session, run: &str, after: u64) -> anyhow::Result<(u64, u64)> {
    let mut answer = session.get(&format!("/api/runs/{run}/rows?after={after}")).await?;
    let (mut head, mut tail, mut lines) = (Vec::new(), Vec::new(), 0_u64);
    while let Some(piece) = answer.chunk().await? {
        if !head.contains(&b'\n') {
            head.extend_from_slice(&piece);
        }
        lines += piece.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        tail = piece.iter().rev().take(32).copied().collect();
    }
    tail.reverse();
    if !String::from_utf8_lossy(&tail).contains("\"end\":true") {
        bail!("the answer with the rows was cut");
    }
    let first = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let first: Value = serde_json::from_slice(first)?;
    // The first line and the last one are no rows.
    Ok((first["entry"].as_u64().context("no entry")?, lines.saturating_sub(2)))
}
