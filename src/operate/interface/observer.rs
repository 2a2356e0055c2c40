//! What a caller learns while a use case works: notices, and the counters of a run under way.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::undo_plan::UndoPlan;
use crate::diagnostic::Diagnostics;
use crate::engine::{Progress, RecreatedEffect};
use crate::model::{RowOutcome, RunId, Time};
use crate::plan::Plan;
use crate::report::Verb;

/// Learns what happens while a use case works. It is called on the thread that does the work: it must not wait.
pub trait Observer: Send + Sync {
    /// Takes a notice in.
    fn notice(&self, notice: Notice<'_>);
}

/// Takes no notice of anything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn notice(&self, _: Notice<'_>) {}
}

/// Something that a caller may want to tell a person while a use case works.
#[derive(Debug)]
#[non_exhaustive]
pub enum Notice<'a> {
    /// Warnings about files of a run that goes ahead.
    Messages(&'a Diagnostics),
    /// What an earlier run sent cannot be told: a plan takes what it may have made for made.
    UnreadableRun {
        /// The earlier run.
        run: RunId,
        /// Why its journal cannot be read.
        why: String,
    },
    /// Others than the user could exchange the folder that holds the runs, in words.
    LooserParent(String),
    /// How many further runs cannot be read; the first ones were named.
    MoreUnreadableRuns(usize),
    /// The command that a credential comes from said something on standard error.
    CommandSaid {
        /// The connection whose credential it is.
        connection: &'a str,
        /// The command's first word.
        command: &'a str,
        /// What it said, a few lines, without the credential and without what looks like one.
        words: &'a str,
    },
    /// Rows that a retry leaves out although they are not done.
    LeftOut {
        /// How many.
        rows: usize,
        /// Why.
        why: LeftOut,
    },
    /// A retry makes again what was made and taken back, under the same natural key: a vendor may refuse that.
    RecreatedEffect {
        /// What is made again.
        what: &'a RecreatedEffect,
        /// For how many rows.
        rows: u64,
    },
    /// What an undo will take back, before it asks and sends.
    Undo(&'a UndoPlan),
    /// A run begins or goes on.
    Started(RunStart),
    /// The run goes on from a copy of its folder: how many of its rows may have been sent after it.
    FromCopy(u64),
    /// Why the run that goes on had stopped.
    HadStopped {
        /// When.
        at: Time,
        /// Why, in words; `None` where the words could show a person's data.
        why: Option<String>,
        /// What holds from here on.
        now: &'static str,
    },
    /// It is outside the run's send window: nothing that changes something is sent until it opens.
    OutsideWindow {
        /// The window, in words.
        window: String,
        /// When it opens.
        opens: Time,
        /// The same in the window's time zone, in words.
        wall: String,
    },
    /// Fewer calls are under way at once than were asked for, as this process may open too few files.
    FewDescriptors {
        /// How many were asked for.
        wanted: u64,
        /// How many may be under way.
        given: u64,
        /// How many files this process may have open.
        limit: u64,
    },
    /// Calls are made from here on; the counters tell how far they are.
    Running(RunProgress),
    /// The process was asked by SIGUSR1 to say where the run is.
    ProgressAsked(Progress),
    /// Nothing new is started; calls under way are waited for.
    Draining,
    /// The run stops at once; writes under way become unknown.
    Aborting,
    /// No more calls are made.
    CallsOver,
}

/// Why a retry leaves rows out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeftOut {
    /// They went on in a later run.
    WentOn(RunId),
    /// They are invalid, and nothing corrected them.
    Invalid,
    /// A call of the row was sent and not answered; resuming that run sends it again.
    Waiting(RunId),
    /// They are unknown, and must be settled first.
    Unknown(RunId),
    /// The file of corrected rows holds them, and the retry does not take rows that stand so.
    NotTaken(RowOutcome),
    /// The file of corrected rows lacks them.
    NotInFile,
}

/// A run that begins or goes on.
#[derive(Debug, Clone)]
pub struct RunStart {
    /// The verb that drives it.
    pub verb: Verb,
    /// The run.
    pub run: RunId,
    /// The playbook's name.
    pub playbook: String,
    /// Where it sends.
    pub destination: Destination,
    /// How many rows it has.
    pub rows: u64,
    /// How many of them have ended.
    pub ended: u64,
    /// The row file's name; `None` where the playbook has no rows.
    pub rows_name: Option<String>,
    /// The run that it retries or takes back.
    pub of: Option<RunId>,
}

/// Where a run sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The environment's name.
    pub environment: String,
    /// Whether its vendors are simulators inside the process, so that nothing reaches a vendor.
    pub sandbox: bool,
    /// The settings file that says so; `None` where none is in force.
    pub settings: Option<PathBuf>,
    /// The connections over which something is sent, each with its host; empty for the sandbox.
    pub hosts: Vec<(String, String)>,
}

impl Destination {
    pub(crate) fn of(plan: &Plan) -> Self {
        let environment = &plan.environment;
        let (sandbox, settings) = (environment.is_sandbox(), environment.file.clone());
        Self { environment: environment.name.clone(), sandbox, settings, hosts: plan.hosts() }
    }
}

impl fmt::Display for Destination {
    /// ``environment `production` of runsheet.yaml (vendor at api.example.com)``.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "environment `{}`", self.environment)?;
        if self.sandbox {
            return Ok(());
        }
        if let Some(file) = &self.settings {
            write!(out, " of {}", file.display())?;
        }
        let hosts: Vec<String> = self.hosts.iter().map(|(name, host)| format!("{name} at {host}")).collect();
        match hosts.as_slice() {
            [] => Ok(()),
            hosts => write!(out, " ({})", hosts.join(", ")),
        }
    }
}

/// The counters of a run under way. It can be kept and asked from any thread.
#[derive(Debug, Clone)]
pub struct RunProgress(Arc<Mutex<Progress>>);

impl RunProgress {
    pub(crate) fn new(progress: Arc<Mutex<Progress>>) -> Self {
        Self(progress)
    }

    /// The counters as they stand.
    #[must_use]
    pub fn now(&self) -> Progress {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
