//! Starts and drives a run that continues an earlier one: its rows are written, the rows of the earlier run are handed over,
//! then it begins.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::job::{RunJob, RunReport, drive_job};
use crate::io::journal::{EffectHistory, RunLock, Store};
use crate::io::marks::ListWriter;
use crate::io::{Clock, Ledger, private_file};
use crate::journal::{ContinuedIn, Fact, JournalEntry};
use crate::model::{Limits, RowOutcome, RunId, StepScope, Value};
use crate::operate::interface::{Context, Notice, OrRefuse, Refusal, RunStart};
use crate::operate::preflight::{make_vendors, open_ledger, parse_faults};
use crate::operate::state_folder::refresh_summary;
use crate::operate::stored_run::OpenRun;
use crate::plan::Plan;
use crate::report::Verb;
use crate::runner::{FrozenRun, RunFolder, Vendor, write_mark};
use crate::sandbox::LOG_FILE;

/// What a linked run starts with.
#[derive(Default)]
pub(crate) struct LinkedRunStart {
    /// The facts with which its rows start.
    pub(crate) facts: Vec<(StepScope, Vec<Fact>)>,
    /// The scopes of the earlier run that continue here, with their outcome there.
    pub(crate) handed: Vec<(StepScope, RowOutcome)>,
    /// The warnings about its files.
    pub(crate) warnings: Vec<Value>,
    /// The number of its rows.
    pub(crate) rows: u64,
    /// The calls of each operation that its rows will make, without those of earlier runs.
    pub(crate) calls: BTreeMap<String, u64>,
    /// The list of its rows and their effects, for its mark; `None` where the mark needs none.
    pub(crate) list: Option<ListWriter>,
}

/// A linked run that has begun.
pub(crate) struct LinkedRun {
    folder: RunFolder,
    vendors: Vec<Arc<Vendor>>,
    ledger: Option<Ledger>,
    lock: RunLock,
    /// The run that it continues.
    of: RunId,
    clock: Clock,
    /// The number of its rows.
    rows: u64,
}

impl LinkedRun {
    /// Drives it to its end or its stop. `history` is what other runs made; `None` where it may be made again.
    ///
    /// # Errors
    /// Those of [`drive_job`].
    pub(crate) fn drive(
        self,
        verb: Verb,
        frozen: FrozenRun,
        plan: Arc<Plan>,
        history: Option<EffectHistory>,
        context: &Context,
    ) -> Result<RunReport, Refusal> {
        let Self { folder, vendors, ledger, lock, of, clock, rows } = self;
        let start = RunStart::new(verb, &frozen, &plan, rows, 0);
        context.notice(Notice::Started(RunStart { of: Some(of), ..start }));
        let job = RunJob {
            frozen,
            plan,
            folder,
            vendors,
            ledger,
            clock,
            history,
            recut_waves: false,
            steered: Limits::default(),
            verb,
            notifies: true,
        };
        let report = drive_job(job, context);
        drop(lock);
        report
    }
}

/// Starts a linked run: `fill` writes its rows to the journal and asks for the confirmations. Where anything fails, nothing of
/// the run is left.
///
/// # Errors
/// The refusal of `fill`; [`Refusal::Invalid`] for credentials that cannot be read; [`Refusal::Broken`] where a file cannot be
/// written.
pub(crate) fn begin_linked_run(
    earlier: &OpenRun,
    state: &Path,
    frozen: &mut FrozenRun,
    (plan, context): (&Plan, &Context),
    fill: impl FnOnce(&mut Store, &RunFolder) -> Result<LinkedRunStart, Refusal>,
) -> Result<LinkedRun, Refusal> {
    let folder = RunFolder::of(state, &frozen.run_id);
    let mut store = folder.create().or_refuse("the run's journal")?;
    let begun = fill(&mut store, &folder).and_then(|filled| {
        frozen.warnings = filled.warnings;
        frozen.expected_calls = filled.calls;
        // A rehearsal continues with the simulators as the earlier run left them.
        copy_sandbox_log(earlier.folder.path(), folder.path()).or_refuse("the sandbox's log")?;
        let faults = parse_faults(frozen.faults.as_deref())?;
        let vendors = make_vendors(plan, &earlier.registry, folder.path(), faults, context)?;
        let ledger = open_ledger(plan, &folder, &vendors)?;
        let lock = RunLock::take(folder.path()).or_refuse("the run's folder")?;
        let rows = filled.rows;
        write_mark(&mut store, &folder, frozen, plan, rows, filled.list).or_refuse("the run's mark")?;
        let at = earlier.clock.now();
        let entries = (1..).zip(filled.facts).map(|(seq, (scope, facts))| JournalEntry { seq, at, scope, facts });
        store.append(entries).or_refuse("the run's journal")?;
        hand_over(earlier, frozen, filled.handed)?;
        Ok((vendors, ledger, lock, rows))
    });
    match begun {
        Ok((vendors, ledger, lock, rows)) => {
            frozen
                .for_journal(plan.is_unmasked())
                .write(&mut store)
                .and_then(|()| store.close())
                .or_refuse("the run's journal")?;
            refresh_summary(&earlier.folder, &earlier.frozen).or_refuse("the earlier run's summary")?;
            let (of, clock) = (earlier.frozen.run_id.clone(), earlier.clock);
            Ok(LinkedRun { folder, vendors, ledger, lock, of, clock, rows })
        }
        Err(failure) => {
            drop(store);
            folder.discard();
            Err(failure)
        }
    }
}

/// Hands rows of the earlier run over, so that it does nothing more for them. Where this run never begins, they count as not
/// handed over.
fn hand_over(earlier: &OpenRun, frozen: &FrozenRun, handed: Vec<(StepScope, RowOutcome)>) -> Result<(), Refusal> {
    let to = &frozen.run_id;
    let facts = handed
        .into_iter()
        .map(|(scope, outcome)| (scope, vec![Fact::ContinuedIn(ContinuedIn { to: to.clone(), outcome })]))
        .collect();
    earlier.write(facts)?;
    let mut store = Store::open(&earlier.folder.journal()).or_refuse("the earlier run's journal")?;
    let noted = FrozenRun::add_successor(&mut store, &earlier.reader, to);
    noted.and_then(|()| store.close()).or_refuse("the earlier run's journal")?;
    Ok(())
}

/// Copies the log of the sandbox, where the earlier run has one.
fn copy_sandbox_log(from: &Path, to: &Path) -> io::Result<()> {
    match fs::File::open(from.join(LOG_FILE)) {
        Ok(mut log) => {
            let mut copy = private_file(&to.join(LOG_FILE))?;
            io::copy(&mut log, &mut copy).map(|_| ())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}
