//! A run from its frozen journal to its report: driven, told of, closed.

use std::sync::{Arc, Mutex};

use super::event_loop::{NotDriven, drive_here};
use crate::diagnostic::Diagnostics;
use crate::engine::Progress;
use crate::io::journal::{EffectHistory, JournalError};
use crate::io::{Clock, Ledger};
use crate::model::Value;
use crate::operate::interface::{Context, Destination, Notice, Refusal, RunProgress, chain};
use crate::operate::preflight::within_descriptors;
use crate::operate::state_folder::{remove_summary, write_summary};
use crate::plan::Plan;
use crate::policy::StopReason;
use crate::report::{EventKind, Summary, Verb};
use crate::runner::{CloseError, Drive, DriveError, FrozenRun, RunEnd, RunEvents, RunFolder, Vendor, close_run};

/// Messages that a run's summary repeats, at most.
const IN_A_SUMMARY: usize = 100;

/// A run that is ready to be driven.
pub(crate) struct RunJob {
    /// The run as it is frozen, with the pace and stop rules that hold now.
    pub(crate) frozen: FrozenRun,
    /// Its plan.
    pub(crate) plan: Arc<Plan>,
    /// Its folder.
    pub(crate) folder: RunFolder,
    /// The plan's connections, ready.
    pub(crate) vendors: Vec<Arc<Vendor>>,
    /// The budgets that all processes share; `None` where nothing is sent that others count.
    pub(crate) ledger: Option<Ledger>,
    /// The clock.
    pub(crate) clock: Clock,
    /// What other runs have made; `None` where that does not matter.
    pub(crate) past: Option<EffectHistory>,
    /// Whether its waves are cut anew, from the rows that have not ended.
    pub(crate) recut_waves: bool,
    /// The verb that drives it.
    pub(crate) verb: Verb,
}

/// How a run came out.
#[derive(Debug, Clone)]
pub struct RunReport {
    /// The summary, with the counts and the files.
    pub summary: Summary,
    /// Where it sent.
    pub destination: Destination,
    /// Why it stopped before its end, in words with sensitive values masked; `None` where it ended by itself.
    pub stopped: Option<String>,
    /// The signal that interrupted it, such as 2 for SIGINT; `None` where none did.
    pub signal: Option<i32>,
    /// What is wrong with the books: empty, unless this program has a fault.
    pub problems: Vec<String>,
}

impl RunReport {
    fn of(end: RunEnd, plan: &Plan) -> Self {
        let signal = match end.stop {
            Some(StopReason::Interrupted { signal }) => Some(signal),
            _ => None,
        };
        let RunEnd { summary, stop_message, problems, .. } = end;
        Self { summary, destination: Destination::of(plan), stopped: stop_message, signal, problems }
    }
}

/// Drives the run to its end or its stop, and closes it.
///
/// # Errors
/// [`Refusal::Broken`] where the disk fails; the run can be resumed.
pub(crate) fn conduct(job: RunJob, context: &Context) -> Result<RunReport, Refusal> {
    let RunJob { frozen, plan, folder, vendors, ledger, clock, past, recut_waves, verb } = job;
    remove_summary(&folder);
    let progress = Arc::new(Mutex::new(Progress::default()));
    let limits = within_descriptors(frozen.limits, &plan, context);
    context.notice(Notice::Running(RunProgress::new(Arc::clone(&progress))));
    let drive = Drive {
        plan: Arc::clone(&plan),
        seed: frozen.seed,
        limits,
        bounds: frozen.bounds(),
        recut_waves,
        vendors,
        progress,
        clock,
        lookups_only: false,
        history: past,
        ledger,
        events: telling(&frozen, verb, context),
    };
    let driven = drive_here(drive, &folder.journal(), context);
    context.notice(Notice::CallsOver);
    let stop = driven.map_err(|error| broke_off(&error, &frozen, &folder))?;
    let closed = close_run(&frozen, &plan, &folder.journal(), folder.path(), stop, clock.now());
    let end = closed.map_err(|error| not_closed(&error, &frozen, &folder))?;
    write_summary(&folder, &end.summary, &plan)?;
    if let Some(log) = &context.events {
        let summary = Box::new(end.summary.clone());
        log.tell(Some(&frozen.run_id), clock.now(), EventKind::RunEnded { summary });
    }
    Ok(RunReport::of(end, &plan))
}

/// Where the run's events go; `None` where nobody wants them. Warnings about its files go out as it begins.
fn telling(frozen: &FrozenRun, verb: Verb, context: &Context) -> Option<RunEvents> {
    let (log, run) = (Arc::clone(context.events.as_ref()?), frozen.run_id.clone());
    let said = frozen.warnings.iter().filter(|_| verb != Verb::Resume);
    let warnings = said.filter_map(|one| Some(one.get("message")?.as_str()?.to_owned())).collect();
    Some(RunEvents { log, run, verb, retry_of: frozen.retry_of(), warnings })
}

/// The refusal of a run that broke off: why, where its journal is, what to do next.
fn broke_off(error: &NotDriven, frozen: &FrozenRun, folder: &RunFolder) -> Refusal {
    let (journal, advice) = match error {
        NotDriven::Broke(DriveError::Journal(error) | DriveError::Unwritable(error)) => {
            (Some(error), error.advice().replace("RUN", frozen.run_id.as_str()))
        }
        NotDriven::Broke(DriveError::Ledger(error)) => (None, format!("{} Then resume.", error.advice())),
        NotDriven::System(_) => (None, "Then resume.".to_owned()),
    };
    Refusal::broken(format!(
        "the run {id} broke off: {why}\n  journal: {journal}\n  Nothing more was sent. {advice}\n  {way_on}",
        id = frozen.run_id,
        why = chain(error),
        journal = folder.journal().display(),
        way_on = way_on(journal, frozen),
    ))
}

/// The refusal of a run whose calls are over and whose results could not be written.
fn not_closed(error: &CloseError, frozen: &FrozenRun, folder: &RunFolder) -> Refusal {
    let (journal, advice) = match error {
        CloseError::Journal(error) => (Some(error), error.advice().replace("RUN", frozen.run_id.as_str())),
        CloseError::Files { .. } => {
            (None, "Every answer is in the journal; resuming writes the files again.".to_owned())
        }
    };
    Refusal::broken(format!(
        "the run {id} could not be closed: {error}\n  journal: {journal}\n  {advice}\n  {way_on}",
        id = frozen.run_id,
        journal = folder.journal().display(),
        way_on = way_on(journal, frozen),
    ))
}

/// The command that comes next. From a damaged journal nothing goes on.
fn way_on(error: Option<&JournalError>, frozen: &FrozenRun) -> String {
    let id = &frozen.run_id;
    match error {
        Some(error) if error.is_damage() => format!("What it still proves: runsheet runs export {id} --out DIR"),
        _ => format!("Go on: runsheet resume {id}"),
    }
}

/// The messages about the files of a run that goes ahead, as its summary repeats them.
pub(crate) fn kept_warnings(diagnostics: &Diagnostics) -> Vec<Value> {
    diagnostics.to_json_at_most(IN_A_SUMMARY)
}
