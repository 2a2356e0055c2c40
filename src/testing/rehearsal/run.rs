//! The run of one test, from its rows to its results: engine, journal and driver as in every run, with a virtual
//! clock.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::mpsc::unbounded_channel;

use super::fake_vendors::{HaltReason, RehearsalState, ScriptedVendors};
use super::logins::vendors;
use super::script::Script;
use super::sent::SentRequest;
use crate::diagnostic::{Diagnostics, one_line};
use crate::engine::{PlanView, PriorRow, Progress, row_masks};
use crate::io::journal::{JournalError, Reader, Store};
use crate::io::{Clock, Transport};
use crate::journal::{AttemptEnd, Attempted, CallRef, Fact, FrozenRow};
use crate::model::{Map, Masks, RunId, StepOutcome, StepScope, Time};
use crate::plan::{BoundList, Plan};
use crate::policy::StopReason;
use crate::provider::Registry;
use crate::report::RowRecord;
use crate::runner::{
    CloseError, Drive, DriveError, FrozenRun, Intake, RowSource, RunEnd, RunStanding, Selection, summarize_run,
    take_rows,
};
use crate::sandbox::{Embedded, SimulatorSettings};
use crate::testing::file::Test;

/// The longest run, by its virtual clock.
const LONGEST_RUN: Duration = Duration::from_secs(2 * 365 * 86_400);

/// The seed of all randomness, so that every rehearsal runs the same.
const SEED: u64 = 1;

/// The input of a rehearsal.
pub struct Rehearsal<'a> {
    /// The test.
    pub test: &'a Test,
    /// The plan.
    pub plan: Arc<Plan>,
    /// The providers.
    pub registry: &'a Registry,
    /// The rows.
    pub source: RowSource,
    /// The run's id.
    pub run_id: RunId,
}

/// The result of a rehearsal.
#[derive(Debug)]
pub struct Rehearsed {
    /// The requests, in the order in which they were sent.
    pub sent: Vec<SentRequest>,
    /// The rows as they ended, in their order.
    pub rows: Vec<RowRecord>,
    /// How the run ended.
    pub end: RunEnd,
    /// The steps that ended, and how.
    pub steps: Vec<(String, StepOutcome)>,
    pub(in crate::testing) halt: Option<HaltReason>,
    /// Whether it was still running after the longest time.
    pub(in crate::testing) endless: bool,
    /// The answers that no request used.
    pub(in crate::testing) unused: Vec<usize>,
    /// Masks for sensitive values of its rows.
    pub(in crate::testing) masks: Masks,
    /// The result of the last attempt of each call, in words.
    pub(in crate::testing) attempts: HashMap<(StepScope, CallRef), String>,
}

/// Why a run could not be rehearsed: a failure of this machine.
#[derive(Debug, thiserror::Error)]
pub enum RehearsalError {
    /// The scratch folder.
    #[error("a scratch folder: {0}")]
    Io(#[from] std::io::Error),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The driver.
    #[error(transparent)]
    Drive(#[from] DriveError),
    /// The closing.
    #[error(transparent)]
    Close(#[from] CloseError),
}

/// Rehearses a run; `None` if its rows are invalid, with the reasons in `diagnostics`.
///
/// # Errors
/// [`RehearsalError::Io`] without a scratch folder, [`RehearsalError::Journal`], [`RehearsalError::Drive`] and
/// [`RehearsalError::Close`] if the run's journal, driver or summary fails.
pub fn rehearse(
    mut rehearsal: Rehearsal<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Rehearsed>, RehearsalError> {
    let folder = tempfile::tempdir()?;
    let journal = folder.path().join("journal.db");
    let mut store = Store::create_scratch(&journal)?;
    let rows = store_rows(&mut rehearsal, diagnostics, &mut store)?;
    store.close()?;
    if diagnostics.has_errors() {
        return Ok(None);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    let driven = runtime.block_on(drive(&rehearsal, &rows, &journal))?;
    drop(runtime);
    Ok(Some(results(&rehearsal, driven, &journal)?))
}

/// Reads, checks and stores all rows in the journal.
fn store_rows(
    rehearsal: &mut Rehearsal<'_>,
    diagnostics: &mut Diagnostics,
    store: &mut Store,
) -> Result<Vec<(u64, String)>, JournalError> {
    let test = rehearsal.test;
    let only = test.rows.only.iter().map(|key| key.value.clone()).collect();
    let selection = Selection { limit: None, only, from_row: None };
    let mut keys = Vec::new();
    let intake = Intake {
        plan: &rehearsal.plan,
        source: &mut rehearsal.source,
        selection: &selection,
        skip_invalid: false,
        now: test.now,
        samples: 0,
        history: None,
        list: None,
    };
    take_rows(intake, diagnostics, &mut |rows: Vec<FrozenRow>| {
        keys.extend(rows.iter().map(|row| (row.position, row.key.clone())));
        store.insert_rows(&rows)
    })?;
    store.set_row_count(keys.len() as u64)?;
    Ok(keys)
}

/// How the driving ended.
struct DrivenRun {
    state: RehearsalState,
    stop: Option<StopReason>,
    endless: bool,
    finished_at: Time,
}

async fn drive(rehearsal: &Rehearsal<'_>, keys: &[(u64, String)], journal: &Path) -> Result<DrivenRun, RehearsalError> {
    let Rehearsal { test, plan, registry, .. } = rehearsal;
    let clock = Clock::of_runtime(test.now);
    let sandbox: Option<Arc<dyn Transport>> = match &test.sandbox {
        Some(faults) => {
            let tuning = SimulatorSettings::default().admitting(plan.connections.iter().map(AsRef::as_ref));
            Some(Arc::new(Embedded::in_memory(faults.clone(), tuning, clock)?))
        }
        None => None,
    };
    let (control, steered) = unbounded_channel();
    let state = RehearsalState { script: Script::new(&test.answers), sent: Vec::new(), halt: None };
    let vendors_of_test = Arc::new(ScriptedVendors {
        plan: plan.clone(),
        keys: keys.iter().cloned().collect(),
        sandbox: sandbox.clone(),
        state: Mutex::new(state),
        control,
    });
    let drive = Drive {
        plan: plan.clone(),
        seed: SEED,
        limits: plan.limits,
        ceiling: plan.limits,
        commands: None,
        bounds: plan.bounds.clone(),
        recut_waves: false,
        vendors: vendors(plan, registry, sandbox.as_ref()),
        expected_calls: BTreeMap::new(),
        progress: Arc::new(Mutex::new(Progress::default())),
        clock,
        lookups_only: false,
        history: None,
        ledger: None,
        events: None,
    };
    let run = crate::runner::rehearse(drive, journal, steered, vendors_of_test.clone());
    let (stop, endless) = match tokio::time::timeout(LONGEST_RUN, run).await {
        Ok(ended) => (ended?, false),
        Err(_) => (None, true),
    };
    let state = std::mem::replace(
        &mut *vendors_of_test.state(),
        RehearsalState { script: Script::new(&[]), sent: Vec::new(), halt: None },
    );
    Ok(DrivenRun { state, stop, endless, finished_at: clock.now() })
}

/// Summarizes the run from its journal, like any run.
fn results(rehearsal: &Rehearsal<'_>, driven: DrivenRun, journal: &Path) -> Result<Rehearsed, RehearsalError> {
    let DrivenRun { state, stop, endless, finished_at } = driven;
    let Rehearsal { test, plan, run_id, .. } = rehearsal;
    let frozen = FrozenRun::of_plan(plan, run_id.clone(), test.now, SEED);
    let mut rows = Vec::new();
    let reader = Reader::open(journal)?;
    let standing = RunStanding { stop, at: finished_at, driven: false };
    let end = summarize_run(&frozen, &rehearsal.plan, &reader, standing, &mut |row| {
        rows.push(row.record);
        Ok(())
    })?;
    let JournalFindings { steps, masks, attempts } = read_journal(rehearsal, journal)?;
    let unused = state.script.unused();
    Ok(Rehearsed { sent: state.sent, rows, end, steps, halt: state.halt, endless, unused, masks, attempts })
}

/// What else the journal contains: how steps and attempts ended, and masks for sensitive values of the rows.
#[derive(Default)]
struct JournalFindings {
    steps: Vec<(String, StepOutcome)>,
    masks: Masks,
    attempts: HashMap<(StepScope, CallRef), String>,
}

fn read_journal(rehearsal: &Rehearsal<'_>, journal: &Path) -> Result<JournalFindings, JournalError> {
    let (plan, reader) = (&rehearsal.plan, Reader::open(journal)?);
    let before = reader.facts(StepScope::Before)?;
    let known = PlanView::new(plan.clone(), None).step_values(StepScope::Before, &before);
    let side = PlanView::new(plan.clone(), Some(known));
    let mut found = JournalFindings::default();
    let mut see = |whose, list, key: &str, cells: Option<&Map>, facts: &[(Time, Fact)]| {
        for (_, fact) in facts {
            match fact {
                Fact::StepEnded(ended) => {
                    let step = plan.list(list).get(ended.step as usize);
                    found.steps.extend(step.map(|step| (step.id.clone(), ended.outcome)));
                }
                Fact::Attempted(attempted) => {
                    found.attempts.insert((whose, attempted.call), describe_attempt(attempted));
                }
                Fact::Intent(_)
                | Fact::RollbackStarted
                | Fact::RowEnded(_)
                | Fact::Settled(_)
                | Fact::Reopened(_)
                | Fact::ImportedCall(_)
                | Fact::ContinuedIn(_)
                | Fact::Began { .. }
                | Fact::Steered(_)
                | Fact::Stopped(_)
                | Fact::Finished => {}
            }
        }
        found.masks.extend(row_masks(&side, PriorRow { scope: whose, key, cells, facts, run: &rehearsal.run_id }));
    };
    see(StepScope::Before, BoundList::Before, "", None, &before);
    reader.each_row(|row, facts| {
        see(StepScope::Row(row.position), BoundList::Steps, &row.key, Some(&row.cells), facts);
        Ok::<(), JournalError>(())
    })?;
    see(StepScope::After, BoundList::After, "", None, &reader.facts(StepScope::After)?);
    Ok(found)
}

/// The result of an attempt in words: `unknown`, `lost` …, with code and message.
fn describe_attempt(attempted: &Attempted) -> String {
    let how = match attempted.end {
        AttemptEnd::Answered(disposition) => disposition.as_str(),
        AttemptEnd::Lost => "lost",
        AttemptEnd::Unsent => "unsent",
        AttemptEnd::LookedUp(_) => "a lookup that decided nothing",
        AttemptEnd::LookupFailed => "a lookup that could not be read",
        AttemptEnd::NotMade => "none",
    };
    let said: Vec<_> = [&attempted.code, &attempted.message].into_iter().flatten().map(|said| one_line(said)).collect();
    if said.is_empty() { format!("`{how}`") } else { format!("`{how}` ({})", said.join(": ")) }
}
