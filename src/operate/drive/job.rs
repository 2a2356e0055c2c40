//! Drives a frozen run to its end or its stop, closes it, and reports.

use std::sync::{Arc, Mutex};

use super::control::open_control;
use super::event_loop::{DriveFailure, drive_on_this_thread};
use super::notify::notify;
use crate::diagnostic::Diagnostics;
use crate::engine::Progress;
use crate::io::journal::{EffectHistory, JournalError};
use crate::io::{Clock, Ledger};
use crate::model::{Limits, Value};
use crate::operate::interface::{Context, Destination, Notice, Refusal, with_causes};
use crate::operate::load::highest_limits;
use crate::operate::preflight::{ceiling_within_open_files, within_open_files};
use crate::operate::state_folder::{remove_summary, write_summary};
use crate::plan::Plan;
use crate::policy::StopReason;
use crate::report::{EventKind, RunEndNotice, RunRecord, Summary, Verb};
use crate::runner::{CloseError, Drive, DriveError, FrozenRun, RunEnd, RunEvents, RunFolder, Vendor, close_run};
use crate::settings::NotifyRule;

/// The most messages that the summary of a run repeats.
const IN_A_SUMMARY: usize = 100;

/// A run that is ready to be driven.
pub(crate) struct RunJob {
    /// The frozen run, with the current pace and stop rules.
    pub(crate) frozen: FrozenRun,
    /// Its plan.
    pub(crate) plan: Arc<Plan>,
    /// Its folder.
    pub(crate) folder: RunFolder,
    /// The vendors of the plan's connections.
    pub(crate) vendors: Vec<Arc<Vendor>>,
    /// The rate limits that all processes share; `None` for the sandbox.
    pub(crate) ledger: Option<Ledger>,
    /// The clock.
    pub(crate) clock: Clock,
    /// What other runs made; `None` where the run may make it again.
    pub(crate) history: Option<EffectHistory>,
    /// Whether the waves start again with the rows that have not ended.
    pub(crate) recut_waves: bool,
    /// The limits that a person set while it was under way, and that it keeps.
    pub(crate) steered: Limits,
    /// The verb that drives it.
    pub(crate) verb: Verb,
    /// Whether its end is news, so that those whom the settings name are notified: not where nothing was left to send.
    pub(crate) notifies: bool,
}

/// The result of a run.
#[derive(Debug, Clone)]
pub struct RunReport {
    /// The summary, with counts and result files.
    pub summary: Summary,
    /// The record of the run, as reports show it.
    pub record: RunRecord,
    /// Where it sent.
    pub destination: Destination,
    /// Why it stopped before its end, with sensitive values masked; `None` where it ended.
    pub stopped: Option<String>,
    /// The signal that interrupted it, such as 2 for SIGINT; `None` where none did.
    pub signal: Option<i32>,
    /// Errors that the audit of the journal found: empty, unless this program has a fault.
    pub problems: Vec<String>,
}

impl RunReport {
    /// The report of a run that ended or stopped.
    pub(crate) fn of(end: RunEnd, plan: &Plan) -> Self {
        let signal = match end.stop {
            Some(StopReason::Interrupted { signal }) => Some(signal),
            _ => None,
        };
        let RunEnd { summary, record, stop_message, problems, .. } = end;
        Self { summary, record, destination: Destination::of(plan), stopped: stop_message, signal, problems }
    }
}

/// Drives a run to its end or its stop, closes it, and returns its report.
///
/// # Errors
/// [`Refusal::Broken`] where the disk fails; the run can be resumed.
pub(crate) fn drive_job(job: RunJob, context: &Context) -> Result<RunReport, Refusal> {
    let RunJob { frozen, plan, folder, vendors, ledger, clock, history, recut_waves, steered, verb, notifies } = job;
    remove_summary(&folder);
    let progress = Arc::new(Mutex::new(Progress::default()));
    let highest = highest_limits(plan.declared_limits, frozen.limits);
    let ceiling = ceiling_within_open_files(highest, &plan);
    let limits = within_open_files(steered_limits(frozen.limits, steered, ceiling), &plan, context);
    let (_control, commands) = open_control(&folder, &progress, context);
    let drive = Drive {
        plan: Arc::clone(&plan),
        seed: frozen.seed,
        limits,
        ceiling,
        commands: None,
        bounds: frozen.bounds(),
        recut_waves,
        vendors,
        expected_calls: frozen.expected_calls.clone(),
        progress,
        clock,
        lookups_only: false,
        history,
        ledger,
        events: run_events(&frozen, verb, context),
    };
    let driven = drive_on_this_thread(drive, &folder.journal(), commands, context);
    context.notice(Notice::CallsEnded);
    let rules: &[NotifyRule] = if notifies { &frozen.environment.notify } else { &[] };
    let notify_of_break = || {
        let (playbook, environment) = (&frozen.playbook.name, &frozen.environment.name);
        let notice = RunEndNotice::of_break(&frozen.run_id, playbook, environment, frozen.started_at, clock.now());
        notify(rules, &notice, context);
    };
    let stop = driven.inspect_err(|_| notify_of_break()).map_err(|error| broke_off(&error, &frozen, &folder))?;
    let closed = close_run(&frozen, &plan, &folder.journal(), folder.path(), stop, clock.now());
    let end = closed.inspect_err(|_| notify_of_break()).map_err(|error| not_closed(&error, &frozen, &folder))?;
    write_summary(&folder, &end.summary, &frozen, &plan)?;
    notify(rules, &RunEndNotice::of_summary(&end.summary, &frozen.playbook.name), context);
    if let Some(log) = &context.events {
        let summary = Box::new(end.summary.clone());
        log.tell(Some(&frozen.run_id), clock.now(), EventKind::RunEnded { summary });
    }
    Ok(RunReport::of(end, &plan))
}

/// The limits that a run begins with: those that a person set earlier, up to the highest ones, else its own.
fn steered_limits(own: Limits, steered: Limits, ceiling: Limits) -> Limits {
    let rate = steered.rate.map(|rate| match ceiling.rate {
        Some(most) if most.per_second() < rate.per_second() => most,
        Some(_) | None => rate,
    });
    let in_flight = steered.in_flight.map(|calls| calls.min(ceiling.in_flight.unwrap_or(calls)));
    Limits { in_flight: in_flight.or(own.in_flight), rate: rate.or(own.rate) }
}

/// The reporter of the run's events; `None` where no events are written. A run that starts reports the warnings about its
/// files first.
fn run_events(frozen: &FrozenRun, verb: Verb, context: &Context) -> Option<RunEvents> {
    let (log, run) = (Arc::clone(context.events.as_ref()?), frozen.run_id.clone());
    let said = frozen.warnings.iter().filter(|_| verb != Verb::Resume);
    let warnings = said.filter_map(|one| Some(one.get("message")?.as_str()?.to_owned())).collect();
    Some(RunEvents { log, run, verb, retry_of: frozen.retry_of(), warnings })
}

/// The refusal of a run that broke off: why, where its journal is, and what to do.
fn broke_off(error: &DriveFailure, frozen: &FrozenRun, folder: &RunFolder) -> Refusal {
    let (journal, advice) = match error {
        DriveFailure::Broke(DriveError::Journal(error) | DriveError::Unwritable(error)) => {
            (Some(error), advice(error, frozen))
        }
        DriveFailure::Broke(DriveError::OtherRuns(error)) => (None, advice(error, frozen)),
        DriveFailure::Broke(DriveError::Ledger(error)) => (None, format!("{} Then resume.", error.advice())),
        DriveFailure::System(_) => (None, "Then resume.".to_owned()),
    };
    Refusal::broken(format!(
        "the run {id} broke off: {why}\n  journal: {journal}\n  Nothing more was sent. {advice}\n  {next_command}",
        id = frozen.run_id,
        why = with_causes(error),
        journal = folder.journal().display(),
        next_command = next_command(journal, frozen),
    ))
}

/// The refusal of a run whose calls have ended and whose results could not be written.
fn not_closed(error: &CloseError, frozen: &FrozenRun, folder: &RunFolder) -> Refusal {
    let (journal, advice) = match error {
        CloseError::Journal(error) => (Some(error), advice(error, frozen)),
        CloseError::Files { .. } => {
            (None, "Every answer is in the journal; resuming writes the files again.".to_owned())
        }
    };
    Refusal::broken(format!(
        "the run {id} could not be closed: {error}\n  journal: {journal}\n  {advice}\n  {next_command}",
        id = frozen.run_id,
        journal = folder.journal().display(),
        next_command = next_command(journal, frozen),
    ))
}

/// What a person should do about a journal, with the run's id in its commands.
fn advice(error: &JournalError, frozen: &FrozenRun) -> String {
    error.advice().replace("RUN", frozen.run_id.as_str())
}

/// The command that comes next. A run with a damaged journal cannot be resumed.
fn next_command(error: Option<&JournalError>, frozen: &FrozenRun) -> String {
    let id = &frozen.run_id;
    match error {
        Some(error) if error.is_damage() => format!("What it still proves: runsheet runs export {id} --out DIR"),
        _ => format!("Go on: runsheet resume {id}"),
    }
}

/// The warnings about the files of a run, as its summary repeats them.
pub(crate) fn kept_warnings(diagnostics: &Diagnostics) -> Vec<Value> {
    diagnostics.to_json_at_most(IN_A_SUMMARY)
}
