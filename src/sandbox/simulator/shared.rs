//! The sandbox with its log behind one lock: an entry is written, then it happens, then it is answered.

use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::sandbox::{Sandbox, Served};
use crate::model::{Request, Time};
use crate::sandbox::log::{Book, Log};
use crate::sandbox::setup::{Faults, Tuning};

/// A sandbox that several callers share.
#[derive(Debug)]
pub(in crate::sandbox) struct Door {
    inside: Mutex<(Sandbox, Book)>,
}

impl Door {
    /// Opens the sandbox with the log at `path`, or without a file.
    pub(in crate::sandbox) fn open(path: Option<&Path>, faults: Option<Faults>, tuning: Tuning) -> io::Result<Self> {
        let mut sandbox = Sandbox::new(tuning, faults);
        let book = match path {
            Some(path) => Book::File(Log::open(path, |entry| sandbox.apply(entry))?),
            None => Book::Memory(std::collections::VecDeque::new()),
        };
        Ok(Self { inside: Mutex::new((sandbox, book)) })
    }

    fn inside(&self) -> MutexGuard<'_, (Sandbox, Book)> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a call that comes now; fails where the log cannot be written, and then nothing has happened.
    pub(in crate::sandbox) fn answer(&self, now: Time, request: &Request) -> io::Result<Served> {
        let mut inside = self.inside();
        let (sandbox, book) = &mut *inside;
        let served = sandbox.decide(now, request);
        book.append(&served.entry)?;
        sandbox.apply(&served.entry);
        Ok(served)
    }

    /// The log as JSON Lines.
    pub(in crate::sandbox) fn log(&self) -> io::Result<Vec<u8>> {
        self.inside().1.read()
    }

    /// How many calls came so far.
    pub(in crate::sandbox) fn calls(&self) -> u64 {
        self.inside().0.calls()
    }
}

/// The wall's time.
pub(in crate::sandbox) fn wall() -> Time {
    Time::from_timestamp(jiff::Timestamp::now())
}
