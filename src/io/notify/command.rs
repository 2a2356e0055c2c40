//! Starts a program and writes a notice to its standard input. It gets the variables of a login session and no others; what
//! it writes to standard error is read up to a bound, and shown masked. A program that takes too long is killed, with those
//! that it started.

use std::process::Stdio;
use std::time::Duration;

use bytes::Bytes;
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStderr, Command};
use tokio::time::timeout;

use super::send::{NotifyFailure, TRY};
use crate::diagnostic::one_line;
use crate::io::credentials::{login_variables, masked};
use crate::model::Secret;

/// The last bytes of standard error that are kept.
const KEPT: usize = 8 * 1024;

/// How long what a program wrote is still read after its end. One that it left behind may hold the pipe open.
const AFTER_END: Duration = Duration::from_millis(100);

/// Runs the program once.
///
/// # Errors
/// [`NotifyFailure::Unusable`] where it cannot be started; [`NotifyFailure::Failed`] where it fails or takes too long.
pub(super) async fn feed(words: &[String], body: &Bytes) -> Result<(), NotifyFailure> {
    let Some((program, arguments)) = words.split_first() else { return Ok(()) };
    let started = Command::new(program)
        .args(arguments)
        .env_clear()
        .envs(login_variables())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn();
    let child = started.map_err(|error| NotifyFailure::Unusable(format!("it could not be started: {error}")))?;
    let mut group = Group::of(&child);
    let mut said = Vec::new();
    let ended = timeout(TRY, run(child, body, &mut said)).await;
    if ended.is_ok() {
        // What it left running on purpose stays.
        group.0 = None;
    }
    drop(group);
    let said = masked(&String::from_utf8_lossy(&said), &Secret::new(""));
    let said =
        if said.is_empty() { String::new() } else { format!(", saying: {}", one_line(&said.replace('\n', " / "))) };
    match ended {
        Err(_) => Err(NotifyFailure::Failed(format!("it took longer than {} s{said}", TRY.as_secs()))),
        Ok(Err(error)) => Err(NotifyFailure::Failed(error.to_string())),
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(NotifyFailure::Failed(format!("it failed: {status}{said}"))),
    }
}

/// Writes the notice, reads what the program says, and waits for its end.
async fn run(mut child: Child, body: &Bytes, said: &mut Vec<u8>) -> std::io::Result<std::process::ExitStatus> {
    let (stdin, stderr) = (child.stdin.take(), child.stderr.take());
    let writes = async {
        if let Some(mut stdin) = stdin {
            // A program that does not read its input decides by its exit code.
            let _ = stdin.write_all(body).await;
        }
    };
    let mut stderr = stderr;
    let ends = async {
        loop {
            tokio::select! {
                more = read_some(&mut stderr, said), if stderr.is_some() => if !more { stderr = None },
                status = child.wait() => break status,
            }
        }
    };
    let ((), status) = tokio::join!(writes, ends);
    let _ = timeout(AFTER_END, async { while read_some(&mut stderr, said).await {} }).await;
    status
}

/// Reads a piece of standard error and keeps the end of all; false at its end.
async fn read_some(stderr: &mut Option<ChildStderr>, said: &mut Vec<u8>) -> bool {
    let Some(pipe) = stderr else { return false };
    let mut piece = [0; 4 * 1024];
    match pipe.read(&mut piece).await {
        Ok(0) | Err(_) => false,
        Ok(read) => {
            said.extend_from_slice(&piece[..read]);
            said.drain(..said.len().saturating_sub(KEPT));
            true
        }
    }
}

/// The process group of a program, which is killed when this is dropped.
struct Group(Option<Pid>);

impl Group {
    fn of(child: &Child) -> Self {
        Self(child.id().and_then(|id| Pid::from_raw(id.cast_signed())))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // It may have ended by itself.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}
