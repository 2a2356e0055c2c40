//! The sandbox with its log behind one lock: an entry is written, then it happens, then it is answered.

use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::{Request, Time};

use super::faults::Faults;
use super::log::{Book, Log};
use super::simulator::{Sandbox, Served};
use super::tuning::Tuning;

/// A sandbox that several callers share.
#[derive(Debug)]
pub(super) struct Door {
    inside: Mutex<(Sandbox, Book)>,
}

impl Door {
    /// Opens the sandbox with the log at `path`, or without a file.
    pub(super) fn open(path: Option<&Path>, faults: Option<Faults>, tuning: Tuning) -> io::Result<Self> {
        let mut sandbox = Sandbox::new(tuning, faults);
        let book = match path {
            Some(path) => Book::File(Log::open(path, &mut sandbox)?),
            None => Book::Memory(std::collections::VecDeque::new()),
        };
        Ok(Self { inside: Mutex::new((sandbox, book)) })
    }

    fn inside(&self) -> MutexGuard<'_, (Sandbox, Book)> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a call that comes now; fails where the log cannot be written, and then nothing has happened.
    pub(super) fn answer(&self, now: Time, request: &Request) -> io::Result<Served> {
        let mut inside = self.inside();
        let (sandbox, book) = &mut *inside;
        let served = sandbox.decide(now, request);
        book.append(&served.entry)?;
        sandbox.apply(&served.entry);
        Ok(served)
    }

    /// The log as JSON Lines.
    pub(super) fn log(&self) -> io::Result<Vec<u8>> {
        self.inside().1.read()
    }

    /// How many calls came so far.
    pub(super) fn calls(&self) -> u64 {
        self.inside().0.calls()
    }
}
