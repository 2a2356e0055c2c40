//! `undo`: takes back what a run changed, last step first, as a run of its own.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::effects::{Effects, effects};
use crate::diagnostic::Diagnostics;
use crate::io::journal::Store;
use crate::io::marks::{ListWriter, row_hash};
use crate::io::random_u128;
use crate::model::{RowOutcome, RunId, StepScope};
use crate::operate::drive::{LinkedRunStart, RunReport, begin_linked_run};
use crate::operate::files::{absolute, check_out};
use crate::operate::interface::{Confirmed, Context, Notice, OrRefuse, Pace, Refusal, UndoPlan};
use crate::operate::load::apply_pace_to_plan;
use crate::operate::preflight::{confirm_run, open_effect_history};
use crate::operate::state_folder::find_run;
use crate::operate::stored_run::{OpenRun, bind_frozen};
use crate::plan::Plan;
use crate::playbook::StopWhen;
use crate::report::Verb;
use crate::runner::{FrozenRun, LinkKind, RunFolder};

/// The number of rows that are written to the journal at a time.
const ROWS_A_TIME: usize = 1_000;

/// The undo of a run.
#[derive(Debug, Clone)]
pub struct UndoRequest {
    /// The run: its id, a unique prefix of it, or `latest`.
    pub run: String,
    /// Whether only the plan is made, and nothing is sent.
    pub dry_run: bool,
    /// The pace and the stop rules.
    pub pace: Pace,
    /// The confirmations that are given ahead.
    pub confirmed: Confirmed,
}

impl UndoRequest {
    /// The undo of everything that a run changed.
    #[must_use]
    pub fn new(run: impl Into<String>) -> Self {
        Self { run: run.into(), dry_run: false, pace: Pace::default(), confirmed: Confirmed::default() }
    }
}

/// The result of an undo.
#[derive(Debug, Clone)]
pub enum UndoReport {
    /// A run was made that takes back what the plan says.
    Ran {
        /// What the run takes back.
        plan: UndoPlan,
        /// The report of the run.
        run: Box<RunReport>,
    },
    /// Nothing was sent: only the plan was asked for, or no call takes anything back.
    Planned {
        /// What could be taken back, and what could not.
        plan: UndoPlan,
        /// Whether only the plan was asked for.
        dry_run: bool,
    },
    /// No effect of the run is left to take back.
    Nothing(RunId),
}

/// Takes back what a run changed, as a run of its own. The observer receives the plan before any question is asked.
///
/// # Examples
/// ```
/// use runsheet::operate::{Context, RunRequest, Selection, UndoReport, UndoRequest, run, undo};
///
/// let state = tempfile::tempdir()?;
/// let context = Context::new().state_folder(state.path());
/// let mut request = RunRequest::new("playbooks/onboard-appointments.yaml");
/// request.selection = Selection { limit: Some(1), ..Selection::default() };
/// run(&request, &context)?;
///
/// let request = UndoRequest { dry_run: true, ..UndoRequest::new("latest") };
/// let UndoReport::Planned { plan, .. } = undo(&request, &context)? else { panic!("nothing to take back") };
/// assert_eq!(plan.rows, 1);
/// assert!(plan.calls() > 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A [`Refusal`]. Nothing was sent, except for [`Refusal::Broken`] once calls had begun: the new run can then be
/// resumed.
pub fn undo(request: &UndoRequest, context: &Context) -> Result<UndoReport, Refusal> {
    request.pace.check()?;
    let state = context.state()?;
    let earlier = OpenRun::open(find_run(state, &request.run)?, context)?;
    let run = earlier.frozen.run_id.clone();
    if earlier.frozen.link.as_ref().is_some_and(|link| link.kind == LinkKind::Undo) {
        return Err(Refusal::Usage(format!("the run {run} took another one back; that cannot be taken back itself")));
    }
    let mut frozen = frozen(&earlier, request);
    let plan = plan(&earlier, &mut frozen, request)?;
    let effects = effects(&earlier, state, &plan, &frozen.run_id)?;
    let undo_plan = effects.plan(run.clone());
    if undo_plan.is_empty() {
        return Ok(UndoReport::Nothing(run));
    }
    if request.dry_run || undo_plan.calls() == 0 {
        return Ok(UndoReport::Planned { plan: undo_plan, dry_run: request.dry_run });
    }
    context.notice(Notice::Undo(&undo_plan));
    let report = take_back(&earlier, state, (frozen, plan), effects, request, context)?;
    Ok(UndoReport::Ran { plan: undo_plan, run: Box::new(report) })
}

/// The frozen run of the undo: the earlier run with a new id, and without its stop rules, waves, effect budget and send
/// window, which must not delay the correction of a mistake.
fn frozen(earlier: &OpenRun, request: &UndoRequest) -> FrozenRun {
    let was = &earlier.frozen;
    FrozenRun {
        stop_rules: StopWhen::default(),
        waves: None,
        budget: BTreeMap::new(),
        window: None,
        out: request.pace.out.clone().map(absolute),
        link: Some(was.linked(LinkKind::Undo, Some(earlier.plan.run.clone()))),
        ..was.with_new_id(earlier.clock.now(), random_u128())
    }
}

/// Binds the plan of the undo, and stores its limits in the frozen run.
fn plan(earlier: &OpenRun, frozen: &mut FrozenRun, request: &UndoRequest) -> Result<Arc<Plan>, Refusal> {
    let mut diagnostics = Diagnostics::new();
    let vars = frozen.vars.clone();
    let plan = bind_frozen(frozen, &earlier.playbook, &earlier.registry, vars, &frozen.columns, &mut diagnostics);
    let mut plan = plan.ok_or(Refusal::Invalid(diagnostics))?;
    if earlier.plan.is_unmasked() {
        plan.unmask();
    }
    (plan.limits, plan.bounds) = (frozen.limits, frozen.bounds());
    apply_pace_to_plan(&mut plan, &request.pace);
    frozen.limits = plan.limits;
    frozen.set_bounds(plan.bounds.clone());
    Ok(Arc::new(plan))
}

/// Starts the run of the undo and drives it to its end or its stop.
fn take_back(
    earlier: &OpenRun,
    state: &Path,
    (mut frozen, plan): (FrozenRun, Arc<Plan>),
    effects: Effects,
    request: &UndoRequest,
    context: &Context,
) -> Result<RunReport, Refusal> {
    check_out(frozen.out.as_deref(), frozen.dialect.as_ref())?;
    confirm_run(&plan, &effects.tally, request.confirmed, context)?;
    // Effects of other runs do not matter to an undo; a lost run still blocks it.
    open_effect_history(&RunFolder::of(state, &frozen.run_id), &plan, frozen.lineage())?;
    let linked = begin_linked_run(earlier, state, &mut frozen, (&plan, context), |store, folder| {
        let mut list = folder.begin_list(&plan).or_refuse("the run's mark")?;
        write_rows(earlier, &effects, store, list.as_mut())?;
        let rows = effects.rows.iter().map(|(position, outcome)| (StepScope::Row(*position), *outcome));
        // The earlier run must not run its `after` steps any more.
        let (row_count, calls) = (effects.tally.rows, effects.tally.calls.clone());
        let handed = rows.chain([(StepScope::After, RowOutcome::NotStarted)]).collect();
        Ok(LinkedRunStart { facts: effects.facts, handed, warnings: Vec::new(), rows: row_count, calls, list })
    })?;
    linked.drive(Verb::Undo, frozen, plan, None, context)
}

/// Copies the rows to the journal of the undo, and their keys to the list of its mark.
fn write_rows(
    earlier: &OpenRun,
    effects: &Effects,
    store: &mut Store,
    mut list: Option<&mut ListWriter>,
) -> Result<(), Refusal> {
    for positions in effects.rows.chunks(ROWS_A_TIME) {
        let mut rows = Vec::with_capacity(positions.len());
        for (position, _) in positions {
            rows.extend(earlier.reader.row(*position).or_refuse("the earlier run's journal")?);
        }
        if let Some(list) = list.as_deref_mut() {
            rows.iter().for_each(|row| list.add(row_hash(&row.key), &[]));
        }
        store.insert_rows(&rows).or_refuse("the run's journal")?;
    }
    Ok(())
}
