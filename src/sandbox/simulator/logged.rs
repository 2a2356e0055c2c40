//! The sandbox with its log behind one lock. A call is first logged, then applied, then answered.

use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::sandbox::{Sandbox, Served};
use crate::model::{Request, Time};
use crate::sandbox::log::{LogFile, LogStore};
use crate::sandbox::setup::{Faults, SimulatorSettings};

/// A sandbox shared by several callers.
#[derive(Debug)]
pub(in crate::sandbox) struct LoggedSandbox {
    inside: Mutex<(Sandbox, LogStore)>,
}

impl LoggedSandbox {
    /// Opens the sandbox with the log at `path`, or without a file.
    pub(in crate::sandbox) fn open(
        path: Option<&Path>,
        faults: Option<Faults>,
        settings: SimulatorSettings,
    ) -> io::Result<Self> {
        let mut sandbox = Sandbox::new(settings, faults);
        let store = match path {
            Some(path) => LogStore::File(LogFile::open(path, |entry| sandbox.apply(entry))?),
            None => LogStore::Memory(std::collections::VecDeque::new()),
        };
        Ok(Self { inside: Mutex::new((sandbox, store)) })
    }

    fn inside(&self) -> MutexGuard<'_, (Sandbox, LogStore)> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a call at `now`.
    ///
    /// # Errors
    /// [`io::Error`] if the log cannot be written; then the call has no effect.
    pub(in crate::sandbox) fn answer(&self, now: Time, request: &Request) -> io::Result<Served> {
        let mut inside = self.inside();
        let (sandbox, store) = &mut *inside;
        let served = sandbox.decide(now, request);
        store.append(&served.entry)?;
        sandbox.apply(&served.entry);
        Ok(served)
    }

    /// The log as JSON Lines.
    pub(in crate::sandbox) fn log(&self) -> io::Result<Vec<u8>> {
        self.inside().1.read()
    }

    /// The number of calls so far.
    pub(in crate::sandbox) fn calls(&self) -> u64 {
        self.inside().0.calls()
    }
}

/// The system's time.
pub(in crate::sandbox) fn wall() -> Time {
    Time::from_timestamp(jiff::Timestamp::now())
}
