//! `resume`: a run goes on from its journal, with its own playbook, rows and settings.

use std::sync::Arc;

use super::state_folder;
use crate::io::Clock;
use crate::io::journal::Reader;
use crate::journal::RowState;
use crate::model::StepScope;
use crate::operate::drive::{RunJob, RunReport, conduct};
use crate::operate::files::{absolute, check_out};
use crate::operate::interface::{Confirmed, Context, Destination, Doing, Notice, Pace, Refusal, RunStart};
use crate::operate::load::lay_over;
use crate::operate::preflight::{ask_environment, closed_vendors, faults, ledger, open_past, vendors};
use crate::operate::state_folder::{Known, later_runs, read_summary, refuse_lost_or_copy};
use crate::operate::stored_run::{Revived, as_frozen, go_on_from_copy, lock, revive};
use crate::plan::BoundList;
use crate::report::Verb;
use crate::runner::{FrozenRun, recorded_stops};

/// A run that goes on after an interruption, a crash or a stop.
#[derive(Debug, Clone)]
pub struct ResumeRequest {
    /// The run: its id, a unique prefix of it, or `latest`.
    pub run: String,
    /// How it goes from here; what is not given stays as it was.
    pub pace: Pace,
    /// What is confirmed ahead.
    pub confirmed: Confirmed,
    /// Whether it goes on from a copy of its folder, so that what may have been sent after the copy is in doubt.
    pub from_copy: bool,
}

impl ResumeRequest {
    /// A run that goes on as it was.
    #[must_use]
    pub fn new(run: impl Into<String>) -> Self {
        Self { run: run.into(), pace: Pace::default(), confirmed: Confirmed::default(), from_copy: false }
    }
}

/// Goes on with a run to its end or its stop. Where nothing of it is left to be sent, its summary and its row files are
/// drawn up anew, without credentials and without a question.
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
/// [`Refusal::Conflict`] where another process drives it, where a later run does the rest, or where a confirmation is
/// missing; [`Refusal::Usage`] and [`Refusal::Invalid`] where what it needs is gone; [`Refusal::Broken`] for a damaged
/// journal or a failing disk.
pub fn resume(request: &ResumeRequest, context: &Context) -> Result<RunReport, Refusal> {
    let known = state_folder::find(context.state()?, &request.run)?;
    let later = later_runs(&known);
    let _lock = lock(&known.folder, &known.frozen)?;
    let is_short = refuse_lost_or_copy(&known, request.from_copy)?;
    let Known { folder, mut frozen, reader } = known;
    let total = reader.row_count().doing("the journal")?;
    let ended = reader.ended_count().doing("the journal")?;
    if let Some(later) = later.last().filter(|_| ended == total) {
        return Err(Refusal::Conflict(format!(
            "nothing is left to do in the run {}: it went on in the run {later}",
            frozen.run_id
        )));
    }
    let tripped = recorded_stops(&reader).doing("the journal")?.pop();
    // What came to its end in a copy may have gone on after it.
    let over = if ended == total && !is_short { over(&frozen, &reader, context)? } else { None };
    // The words in its summary are masked.
    let told = read_summary(&folder).and_then(|summary| summary.why_stopped().map(str::to_owned));
    drop(reader);
    set_pace(&mut frozen, &request.pace);
    check_out(request.pace.out.as_deref().or(frozen.out.as_deref()), frozen.dialect.as_ref())?;
    let mut past = None;
    let (plan, vendors, ledger) = match over {
        Some(Revived { registry, plan, .. }) => {
            let vendors = closed_vendors(&plan, &registry)?;
            (plan, vendors, None)
        }
        None => {
            let Revived { registry, plan, .. } = revive(&mut frozen, context.unmask)?;
            let what = format!("{} rows", total.saturating_sub(ended));
            ask_environment(&plan, &what, request.confirmed, context)?;
            past = open_past(&folder, &plan, frozen.lineage())?.filter(|_| !frozen.again);
            let vendors = vendors(&plan, &registry, folder.path(), faults(frozen.faults.as_deref())?, context)?;
            let ledger = ledger(&plan, &folder, &vendors)?;
            (plan, vendors, ledger)
        }
    };
    let clock = Clock::start();
    if is_short {
        context.notice(Notice::FromCopy(go_on_from_copy(&folder, &frozen, &plan, &clock)?));
    }
    context.notice(Notice::Started(RunStart {
        verb: Verb::Resume,
        run: frozen.run_id.clone(),
        playbook: plan.name.clone(),
        destination: Destination::of(&plan),
        rows: total,
        ended,
        rows_name: frozen.rows_name.clone(),
        of: None,
    }));
    if let Some((at, reason)) = tripped {
        let why = told.or_else(|| reason.kind().is_in_our_words().then(|| reason.to_string()));
        context.notice(Notice::HadStopped { at, why, now: reason.kind().when_resumed() });
    }
    let recut_waves = !request.pace.waves.is_empty();
    let plan = Arc::new(plan);
    conduct(RunJob { frozen, plan, folder, vendors, ledger, clock, past, recut_waves, verb: Verb::Resume }, context)
}

/// The run as it was frozen, where nothing of it is left to be sent; `None` where something is. Every row has ended, so
/// that only the steps that run once may be left.
fn over(frozen: &FrozenRun, reader: &Reader, context: &Context) -> Result<Option<Revived>, Refusal> {
    let Some(revived) = as_frozen(frozen, context.unmask) else { return Ok(None) };
    for (scope, list) in [(StepScope::Before, BoundList::Before), (StepScope::After, BoundList::After)] {
        let facts = reader.facts(scope).doing("the journal")?;
        let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
        let is_left = state.ended.is_none() && state.continued_in.is_none();
        if is_left && !revived.plan.list(list).is_empty() {
            return Ok(None);
        }
    }
    Ok(Some(revived))
}

/// The run keeps its options; some may be given anew.
fn set_pace(frozen: &mut FrozenRun, pace: &Pace) {
    let mut bounds = frozen.bounds();
    lay_over(&mut frozen.limits, &mut bounds, pace);
    frozen.set_bounds(bounds);
    if let Some(out) = &pace.out {
        frozen.out = Some(absolute(out.clone()));
    }
}
