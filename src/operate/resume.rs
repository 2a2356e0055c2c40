//! `resume`: continues a run from its journal, with its own playbook, rows and settings.

use std::sync::Arc;

use crate::diagnostic::plural_of;
use crate::io::journal::{EffectHistory, Reader};
use crate::io::{Clock, Ledger};
use crate::journal::{RowState, RunSteering};
use crate::model::{Limits, StepScope};
use crate::operate::drive::{RunJob, RunReport, drive_job};
use crate::operate::files::{absolute, check_out};
use crate::operate::interface::{Confirmed, Context, Notice, OrRefuse, Pace, Refusal, RunStart};
use crate::operate::load::apply_pace;
use crate::operate::preflight::{
    confirm_environment, make_vendors, open_effect_history, open_ledger, parse_faults, vendors_without_access,
};
use crate::operate::state_folder::{KnownRun, find_run, later_runs, read_summary, refuse_lost_or_copy, write_summary};
use crate::operate::stored_run::{RestoredRun, go_on_from_copy, lock_run, restore, restore_for_reading};
use crate::plan::{BoundList, Plan};
use crate::policy::{SteerCommand, StopReason};
use crate::report::{EventKind, Verb};
use crate::runner::{FrozenRun, RunFolder, Vendor, close_run, recorded_stops};

/// A request to continue a run after an interruption, a crash or a stop.
#[derive(Debug, Clone)]
pub struct ResumeRequest {
    /// The run: its id, a unique prefix of it, or `latest`.
    pub run: String,
    /// The pace and the stop rules from here on; what is not set stays as it was.
    pub pace: Pace,
    /// The confirmations that are given ahead.
    pub confirmed: Confirmed,
    /// Whether its folder is a copy, so that what may have been sent after the copy is in doubt.
    pub from_copy: bool,
}

impl ResumeRequest {
    /// A request to continue a run with its own options.
    #[must_use]
    pub fn new(run: impl Into<String>) -> Self {
        Self { run: run.into(), pace: Pace::default(), confirmed: Confirmed::default(), from_copy: false }
    }
}

/// Continues a run to its end or its stop. Where nothing is left to send, only its summary and its row files are written
/// again, without credentials and without a question.
///
/// # Examples
/// ```
/// use runsheet::operate::{Context, ResumeRequest, RunOutcome, RunRequest, Steering, resume, run};
///
/// let state = tempfile::tempdir()?;
/// let context = Context::new().state_folder(state.path());
///
/// // A run that is stopped as it begins.
/// let steering = Steering::default();
/// steering.drain();
/// let stopped = run(&RunRequest::new("playbooks/close-appointments.yaml"), &context.clone().steered_by(steering))?;
/// assert_eq!(stopped.summary.outcome, RunOutcome::Interrupted);
///
/// let report = resume(&ResumeRequest::new("latest"), &context)?;
/// assert_eq!(report.summary.outcome, RunOutcome::Succeeded);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal::Conflict`] where another process drives it, a later run does the rest, or a confirmation is missing;
/// [`Refusal::Usage`] and [`Refusal::Invalid`] where files that it needs are gone or wrong; [`Refusal::Broken`] for a damaged
/// journal or a failing disk.
pub fn resume(request: &ResumeRequest, context: &Context) -> Result<RunReport, Refusal> {
    request.pace.check()?;
    let known = find_run(context.state()?, &request.run)?;
    let later = later_runs(&known);
    let _lock = lock_run(&known.folder, &known.frozen)?;
    let is_short = refuse_lost_or_copy(&known, request.from_copy)?;
    let KnownRun { folder, mut frozen, reader } = known;
    let total = reader.row_count().or_refuse("the journal")?;
    let ended = reader.ended_count().or_refuse("the journal")?;
    if let Some(later) = later.last().filter(|_| ended == total) {
        return Err(Refusal::Conflict(format!(
            "nothing is left to do in the run {}: it went on in the run {later}",
            frozen.run_id
        )));
    }
    let tripped = recorded_stops(&reader).or_refuse("the journal")?.pop();
    let steering = RunSteering::fold(&reader.facts(StepScope::Run).or_refuse("the journal")?);
    if let Some((by, at)) = &steering.cancelled {
        return Err(Refusal::Conflict(format!(
            "the run {id} was cancelled by {by} at {at}: it is closed. What is missing is done by `runsheet retry {id}`",
            id = frozen.run_id
        )));
    }
    // A run that has ended in a copy may have continued after the copy.
    let finished = if ended == total && !is_short { restore_if_finished(&frozen, &reader, context)? } else { None };
    if let Some((by, since)) = steering.paused.clone().filter(|_| finished.is_none()) {
        return report_pause(&frozen, &folder, StopReason::Paused { by, since }, context);
    }
    // The texts in its summary are masked.
    let told = read_summary(&folder).and_then(|summary| summary.why_stopped().map(str::to_owned));
    drop(reader);
    apply_pace_to_run(&mut frozen, &request.pace);
    check_out(request.pace.out.as_deref().or(frozen.out.as_deref()), frozen.dialect.as_ref())?;
    let notifies = finished.is_none();
    let ready = match finished {
        Some(restored) => Ready::to_close(restored)?,
        None => Ready::to_send(&mut frozen, &folder, total.saturating_sub(ended), request, context)?,
    };
    let Ready { plan, vendors, ledger, history } = ready;
    let clock = Clock::start();
    if is_short {
        context.notice(Notice::FromCopy(go_on_from_copy(&folder, &frozen, &plan, &clock)?));
    }
    context.notice(Notice::Started(RunStart::new(Verb::Resume, &frozen, &plan, total, ended)));
    if let Some((at, reason)) = tripped {
        let why = told.or_else(|| reason.kind().is_in_our_words().then(|| reason.to_string()));
        context.notice(Notice::StoppedBefore { at, why, now: reason.kind().when_resumed() });
    }
    let steered = keep_steered_limits(&steering, &request.pace, context);
    let recut_waves = !request.pace.waves.is_empty();
    let plan = Arc::new(plan);
    drive_job(
        RunJob {
            frozen,
            plan,
            folder,
            vendors,
            ledger,
            clock,
            history,
            recut_waves,
            steered,
            verb: Verb::Resume,
            notifies,
        },
        context,
    )
}

/// Reports that a run is paused. Nothing is sent; its summary and its row files are written again.
fn report_pause(
    frozen: &FrozenRun,
    folder: &RunFolder,
    pause: StopReason,
    context: &Context,
) -> Result<RunReport, Refusal> {
    let run = &frozen.run_id;
    let unread = || Refusal::Conflict(format!("the run {run} is {pause}: `runsheet ctl {run} resume` ends the pause"));
    let plan = Arc::new(restore_for_reading(frozen, context.unmask).ok_or_else(unread)?.plan);
    let now = Clock::start().now();
    let closed = close_run(frozen, &plan, &folder.journal(), folder.path(), Some(pause), now);
    let end = closed.or_refuse("the row files")?;
    write_summary(folder, &end.summary, frozen, &plan)?;
    if let Some(log) = &context.events {
        log.tell(Some(run), now, EventKind::RunEnded { summary: Box::new(end.summary.clone()) });
    }
    Ok(RunReport::of(end, &plan))
}

/// The limits that a person set while the run was under way, except those that the request sets anew.
fn keep_steered_limits(steering: &RunSteering, pace: &Pace, context: &Context) -> Limits {
    let rate = steering.rate.as_ref().filter(|_| pace.rate.is_none());
    let in_flight = steering.in_flight.as_ref().filter(|_| pace.in_flight.is_none());
    if let Some((rate, by, at)) = rate {
        let command = SteerCommand::Rate(*rate);
        context.notice(Notice::KeepsSteeredLimits { command, by: by.clone(), at: *at });
    }
    if let Some((calls, by, at)) = in_flight {
        let command = SteerCommand::InFlight(*calls);
        context.notice(Notice::KeepsSteeredLimits { command, by: by.clone(), at: *at });
    }
    Limits { in_flight: in_flight.map(|(calls, ..)| *calls), rate: rate.map(|(rate, ..)| *rate) }
}

/// What a resumed run is driven with.
struct Ready {
    plan: Plan,
    vendors: Vec<Arc<Vendor>>,
    ledger: Option<Ledger>,
    history: Option<EffectHistory>,
}

impl Ready {
    /// For a run of which nothing is left to send: without credentials and questions.
    fn to_close(restored: RestoredRun) -> Result<Self, Refusal> {
        let RestoredRun { registry, plan, .. } = restored;
        let vendors = vendors_without_access(&plan, &registry)?;
        Ok(Self { plan, vendors, ledger: None, history: None })
    }

    /// For a run that goes on sending: `open_rows` have not ended.
    fn to_send(
        frozen: &mut FrozenRun,
        folder: &RunFolder,
        open_rows: u64,
        request: &ResumeRequest,
        context: &Context,
    ) -> Result<Self, Refusal> {
        let RestoredRun { registry, plan, .. } = restore(frozen, context.unmask)?;
        confirm_environment(&plan, &plural_of(open_rows, "row"), request.confirmed, context)?;
        let history = open_effect_history(folder, &plan, frozen.lineage())?.filter(|_| !frozen.again);
        let vendors = make_vendors(&plan, &registry, folder.path(), parse_faults(frozen.faults.as_deref())?, context)?;
        let ledger = open_ledger(&plan, folder, &vendors)?;
        Ok(Self { plan, vendors, ledger, history })
    }
}

/// Restores a run of which nothing is left to send; `None` where something is. Every row has ended, so only steps that run
/// once can be left.
fn restore_if_finished(frozen: &FrozenRun, reader: &Reader, context: &Context) -> Result<Option<RestoredRun>, Refusal> {
    let Some(restored) = restore_for_reading(frozen, context.unmask) else { return Ok(None) };
    for (scope, list) in [(StepScope::Before, BoundList::Before), (StepScope::After, BoundList::After)] {
        let facts = reader.facts(scope).or_refuse("the journal")?;
        let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
        let is_left = state.ended.is_none() && state.continued_in.is_none();
        if is_left && !restored.plan.list(list).is_empty() {
            return Ok(None);
        }
    }
    Ok(Some(restored))
}

/// Applies the pace of the request to the frozen run.
fn apply_pace_to_run(frozen: &mut FrozenRun, pace: &Pace) {
    let mut bounds = frozen.bounds();
    apply_pace(&mut frozen.limits, &mut bounds, pace);
    frozen.set_bounds(bounds);
    if let Some(out) = &pace.out {
        frozen.out = Some(absolute(out.clone()));
    }
}
