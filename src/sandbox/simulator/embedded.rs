//! The simulators inside a run: a transport that opens no connection.

use std::io;
use std::path::Path;
use std::time::Duration;

use futures_util::future::BoxFuture;

use super::logged::LoggedSandbox;
use super::logged::wall;
use crate::io::{CallBounds, Clock, Transport};
use crate::model::{Request, Response, SendError};
use crate::sandbox::log::LOG_FILE;
use crate::sandbox::setup::{Faults, SimulatorSettings};

/// The sandbox with its log, inside one process.
#[derive(Debug)]
pub struct Embedded {
    logged: LoggedSandbox,
    /// Its clock; `None` for the system's clock.
    clock: Option<Clock>,
}

impl Embedded {
    /// Opens the sandbox whose log is `dir/sandbox.jsonl`, and applies the log's entries.
    ///
    /// # Errors
    /// [`io::Error`] if the log cannot be opened, or a line before the last one is not a valid entry.
    pub fn open(dir: &Path, faults: Option<Faults>, settings: SimulatorSettings) -> io::Result<Self> {
        Ok(Self { logged: LoggedSandbox::open(Some(&dir.join(LOG_FILE)), faults, settings)?, clock: None })
    }

    /// Opens a sandbox in memory with its own clock.
    ///
    /// # Errors
    /// None at present, because there is no file to open.
    pub fn in_memory(faults: Option<Faults>, settings: SimulatorSettings, clock: Clock) -> io::Result<Self> {
        Ok(Self { logged: LoggedSandbox::open(None, faults, settings)?, clock: Some(clock) })
    }
}

impl Transport for Embedded {
    fn send<'a>(&'a self, request: Request, bounds: CallBounds) -> BoxFuture<'a, Result<Response, SendError>> {
        Box::pin(async move {
            let served = self
                .logged
                .answer(self.clock.as_ref().map_or_else(wall, Clock::now), &request)
                .map_err(|reason| SendError::NotSent(format!("the sandbox's log cannot be written: {reason}")))?;
            if served.delay > Duration::ZERO {
                tokio::time::sleep(served.delay.min(bounds.timeout)).await;
            }
            if served.delay >= bounds.timeout {
                return Err(SendError::NoAnswer("timed out".to_owned()));
            }
            let response = served.into_result()?;
            if response.body.len() > bounds.max_body {
                return Err(SendError::NoAnswer(format!("the answer is longer than {} bytes", bounds.max_body)));
            }
            Ok(response)
        })
    }
}
