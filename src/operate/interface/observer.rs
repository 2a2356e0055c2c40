//! Notices that a use case sends while it works, and the counters of a run under way.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::undo_plan::UndoPlan;
use crate::diagnostic::Diagnostics;
use crate::engine::{Progress, RecreatedEffect};
use crate::model::{RowOutcome, RunId, Time};
use crate::plan::Plan;
use crate::policy::{SteerCommand, SteeredBy};
use crate::report::Verb;
use crate::runner::FrozenRun;

/// Receives notices while a use case works. It is called on the thread that does the work, so it must neither block nor
/// panic: a panic ends the run as if the process had died, and the run can be resumed.
pub trait Observer: Send + Sync {
    /// Receives a notice.
    fn notice(&self, notice: Notice<'_>);
}

/// Ignores every notice.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn notice(&self, _: Notice<'_>) {}
}

/// An event that a caller may want to show to a person while a use case works.
#[derive(Debug)]
#[non_exhaustive]
pub enum Notice<'a> {
    /// Warnings about files of a run that goes ahead.
    Messages(&'a Diagnostics),
    /// The journal of an earlier run cannot be read: a plan counts everything that it may have made as made.
    UnreadableRun {
        /// The earlier run.
        run: RunId,
        /// Why its journal cannot be read.
        why: String,
    },
    /// Another user could replace the folder that holds the runs; the text says which folder and why.
    LooseParentFolder(String),
    /// The number of further runs that cannot be read, after those that were named.
    MoreUnreadableRuns(usize),
    /// The command that gives a credential wrote to standard error.
    CommandOutput {
        /// The connection whose credential it is.
        connection: &'a str,
        /// The command's first word.
        command: &'a str,
        /// A few lines of what it wrote, without the credential and anything that looks like one.
        words: &'a str,
    },
    /// A retry leaves out rows that are not done.
    LeftOut {
        /// How many.
        rows: usize,
        /// Why.
        why: LeftOut,
    },
    /// A retry creates again what was created and taken back, under the same natural key. A vendor may refuse that.
    RecreatedEffect {
        /// What is created again.
        what: &'a RecreatedEffect,
        /// For how many rows.
        rows: u64,
    },
    /// What an undo will take back. It comes before the questions and the calls.
    Undo(&'a UndoPlan),
    /// A run starts or resumes.
    Started(RunStart),
    /// The run resumes from a copy of its folder: the number of rows that may have been sent after the copy.
    FromCopy(u64),
    /// Why the resumed run had stopped.
    StoppedBefore {
        /// When it stopped.
        at: Time,
        /// Why; `None` where the text could show a person's data.
        why: Option<String>,
        /// What applies to the stop rule from here on.
        now: &'static str,
    },
    /// The resumed run keeps limits that a person set while it was under way.
    KeepsSteeredLimits {
        /// The command that set the limit.
        command: SteerCommand,
        /// The person.
        by: SteeredBy,
        /// When.
        at: Time,
    },
    /// A person steered the run, and that is on disk.
    Steered {
        /// The command.
        command: SteerCommand,
        /// The person.
        by: SteeredBy,
    },
    /// The run cannot be steered by other programs; the text says why.
    NotSteerable(String),
    /// The send window is closed: no writing call is sent until it opens.
    OutsideWindow {
        /// The window, such as `Mon-Fri 09:00-18:00 Asia/Shanghai`.
        window: String,
        /// When it opens.
        opens: Time,
        /// The same in the window's time zone, as text.
        wall: String,
    },
    /// Fewer calls are under way at once than were asked for, because this process may open too few files.
    FewDescriptors {
        /// The number that was asked for.
        wanted: u64,
        /// The number that is used.
        given: u64,
        /// The number of files that this process may have open.
        limit: u64,
    },
    /// Calls start, and the run takes commands. The counters can be read from any thread.
    Running(RunProgress),
    /// The process received SIGUSR1, which asks for the progress.
    ProgressAsked(Box<Progress>),
    /// The run stops: nothing new is started, and calls under way may end.
    Draining,
    /// The run stops at once; writes under way become unknown.
    Aborting,
    /// All calls have ended.
    CallsEnded,
    /// A notice of the end of a run could not be sent. The run is over, and its result stays as it is.
    NotNotified {
        /// Where the notice should have gone: a command, or a host.
        to: String,
        /// Why it was given up.
        why: String,
    },
}

/// Why a retry leaves rows out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeftOut {
    /// They continued in a later run.
    WentOn(RunId),
    /// They are invalid, and nothing corrected them.
    Invalid,
    /// A call of the row was sent and not answered; resuming that run sends it again.
    Waiting(RunId),
    /// They are unknown, and must be settled first.
    Unknown(RunId),
    /// The file of corrected rows has them, but the retry does not take rows with this outcome.
    NotTaken(RowOutcome),
    /// The file of corrected rows lacks them.
    NotInFile,
}

/// A run that starts or resumes.
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

impl RunStart {
    /// The start of a run that `verb` drives, with this many `rows`, of which `ended` have ended. It names no earlier run.
    pub(crate) fn new(verb: Verb, frozen: &FrozenRun, plan: &Plan, rows: u64, ended: u64) -> Self {
        Self {
            verb,
            run: frozen.run_id.clone(),
            playbook: plan.name.clone(),
            destination: Destination::of(plan),
            rows,
            ended,
            rows_name: frozen.rows_name.clone(),
            of: None,
        }
    }
}

/// Where a run sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The environment's name.
    pub environment: String,
    /// Whether its vendors are simulators inside the process, so that nothing reaches a vendor.
    pub sandbox: bool,
    /// The settings file that defines the environment; `None` where no settings apply.
    pub settings: Option<PathBuf>,
    /// The connections over which something is sent, each with its host; empty for the sandbox.
    pub hosts: Vec<(String, String)>,
    /// Where notices of the run's end go: hosts and commands.
    pub notified: Vec<String>,
}

impl Destination {
    /// The destination of a plan.
    pub(crate) fn of(plan: &Plan) -> Self {
        let environment = &plan.environment;
        let (sandbox, settings) = (environment.is_sandbox(), environment.file.clone());
        let notified = environment.notify.iter().map(|rule| rule.to.shown()).collect();
        Self { environment: environment.name.clone(), sandbox, settings, hosts: plan.hosts(), notified }
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
        if !hosts.is_empty() {
            write!(out, " ({})", hosts.join(", "))?;
        }
        match self.notified.as_slice() {
            [] => Ok(()),
            notified => write!(out, ", notices to {}", notified.join(", ")),
        }
    }
}

/// The counters of a run under way. It can be kept and read from any thread.
#[derive(Debug, Clone)]
pub struct RunProgress(Arc<Mutex<Progress>>);

impl RunProgress {
    /// Wraps the counters that the run updates.
    pub(crate) fn new(progress: Arc<Mutex<Progress>>) -> Self {
        Self(progress)
    }

    /// Returns the current counters. All are zero until the run has read its journal.
    #[must_use]
    pub fn now(&self) -> Progress {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
