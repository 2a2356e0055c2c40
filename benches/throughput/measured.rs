//! One command under a small wrapper process, so that its peak memory and processor time are its own.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use nix::sys::resource::{UsageWho, getrusage};
use serde::{Deserialize, Serialize};

use crate::arguments::MeasureArguments;

/// What a command used.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Usage {
    /// When it was started, in microseconds since 1970.
    pub(crate) started_at: u64,
    /// From its start to its end, in seconds.
    pub(crate) wall: f64,
    /// Processor time, its own and the system's for it, in seconds.
    pub(crate) processor: f64,
    /// The most memory it held, in MB.
    pub(crate) peak: f64,
    /// How it ended.
    pub(crate) exit: i32,
    /// What it printed.
    #[serde(default)]
    pub(crate) output: String,
}

/// Now, in microseconds since 1970.
pub(crate) fn epoch_micros() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

/// The wrapper: starts the command, waits for it, writes what it used.
pub(crate) fn wrap(arguments: &MeasureArguments) -> anyhow::Result<()> {
    let Some((program, rest)) = arguments.command.split_first() else { bail!("no command") };
    let (started_at, from) = (epoch_micros(), Instant::now());
    let status = Command::new(program).args(rest).status().with_context(|| format!("`{program}`"))?;
    let wall = from.elapsed().as_secs_f64();
    let used = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let seconds = |time: nix::sys::time::TimeVal| {
        #[allow(clippy::cast_precision_loss)]
        let micros = time.tv_usec() as f64;
        #[allow(clippy::cast_precision_loss)]
        let whole = time.tv_sec() as f64;
        whole + micros / 1e6
    };
    #[allow(clippy::cast_precision_loss)]
    let peak = used.max_rss() as f64 / 1024.0;
    let processor = seconds(used.user_time()) + seconds(used.system_time());
    let usage = Usage { started_at, wall, processor, peak, exit: status.code().unwrap_or(-1), output: String::new() };
    serde_json::to_writer(File::create(&arguments.figures)?, &usage)?;
    Ok(())
}

/// Runs a command under the wrapper, in a folder that is there for it.
pub(crate) fn measure(folder: &Path, program: &Path, arguments: &[String]) -> anyhow::Result<Usage> {
    let (figures, output) = (folder.join("usage.json"), folder.join("output"));
    let errors = folder.join("errors");
    let status = Command::new(std::env::current_exe()?)
        .arg("measure")
        .arg(&figures)
        .arg("--")
        .arg(program)
        .args(arguments)
        .env_remove("RUST_LOG")
        .stdin(Stdio::null())
        .stdout(File::create(&output)?)
        .stderr(File::create(&errors)?)
        .status()?;
    let told = std::fs::read_to_string(&errors)?;
    if !status.success() {
        bail!("the measuring wrapper failed: {told}");
    }
    let mut usage: Usage = serde_json::from_slice(&std::fs::read(&figures)?)?;
    usage.output = std::fs::read_to_string(&output)?;
    if usage.exit != 0 {
        usage.output.push_str(&told);
    }
    Ok(usage)
}
