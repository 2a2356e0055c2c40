//! A run made from an earlier one: filled, then the earlier run's rows are handed over, then it begins.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::io::journal::{RunLock, Store};
use crate::io::marks::ListWriter;
use crate::io::{Ledger, private_file};
use crate::journal::{ContinuedIn, Fact, JournalEntry};
use crate::model::{RowOutcome, StepScope, Value};
use crate::operate::interface::{Context, Doing, Refusal};
use crate::operate::preflight::{faults, ledger, vendors};
use crate::operate::stored_run::OpenRun;
use crate::plan::Plan;
use crate::runner::{FrozenRun, RunFolder, Vendor, write_mark};
use crate::sandbox::LOG_FILE;

/// What a linked run begins with.
#[derive(Default)]
pub(crate) struct Filled {
    /// The facts its rows begin with.
    pub(crate) facts: Vec<(StepScope, Vec<Fact>)>,
    /// What of the earlier run goes on here, and how it stood there.
    pub(crate) handed: Vec<(StepScope, RowOutcome)>,
    /// What was said of its files.
    pub(crate) warnings: Vec<Value>,
    /// How many rows it has.
    pub(crate) rows: u64,
    /// Those rows with what they make, for its mark.
    pub(crate) list: Option<ListWriter>,
}

/// A linked run that has begun.
pub(crate) struct Linked {
    /// Its folder.
    pub(crate) folder: RunFolder,
    /// The plan's connections.
    pub(crate) vendors: Vec<Arc<Vendor>>,
    /// The budgets that all processes share.
    pub(crate) ledger: Option<Ledger>,
    /// Its lock.
    pub(crate) lock: RunLock,
}

/// Begins a linked run: `fill` puts its rows into the journal and asks what has to be asked. Nothing is left of it
/// where anything fails.
///
/// # Errors
/// What `fill` gave, credentials that cannot be had, or the disk's trouble.
pub(crate) fn begin(
    earlier: &OpenRun,
    state: &Path,
    frozen: &mut FrozenRun,
    (plan, context): (&Plan, &Context),
    fill: impl FnOnce(&mut Store, &RunFolder) -> Result<Filled, Refusal>,
) -> Result<Linked, Refusal> {
    let folder = RunFolder::of(state, &frozen.run_id);
    let mut store = folder.create().doing("the run's journal")?;
    let begun = fill(&mut store, &folder).and_then(|filled| {
        frozen.warnings = filled.warnings;
        // A rehearsal goes on in the world that the earlier one left.
        copy_world(earlier.folder.path(), folder.path()).doing("the sandbox's log")?;
        let faults = faults(frozen.faults.as_deref())?;
        let vendors = vendors(plan, &earlier.registry, folder.path(), faults, context)?;
        let ledger = ledger(plan, &folder, &vendors)?;
        let lock = RunLock::take(folder.path()).doing("the run's folder")?;
        write_mark(&mut store, &folder, frozen, plan, filled.rows, filled.list).doing("the run's mark")?;
        let at = earlier.clock.now();
        let entries = (1..).zip(filled.facts).map(|(seq, (scope, facts))| JournalEntry { seq, at, scope, facts });
        store.append(entries).doing("the run's journal")?;
        hand_over(earlier, frozen, filled.handed)?;
        Ok((vendors, ledger, lock))
    });
    match begun {
        Ok((vendors, ledger, lock)) => {
            frozen
                .for_journal(plan.is_unmasked())
                .write(&mut store)
                .and_then(|()| store.close())
                .doing("the run's journal")?;
            Ok(Linked { folder, vendors, ledger, lock })
        }
        Err(failure) => {
            drop(store);
            folder.discard();
            Err(failure)
        }
    }
}

/// From here on the earlier run does nothing more for these rows. Should this run not begin after all, they are free
/// again: a run that never began holds nothing.
fn hand_over(earlier: &OpenRun, frozen: &FrozenRun, handed: Vec<(StepScope, RowOutcome)>) -> Result<(), Refusal> {
    let to = &frozen.run_id;
    let facts = handed
        .into_iter()
        .map(|(scope, outcome)| (scope, vec![Fact::ContinuedIn(ContinuedIn { to: to.clone(), outcome })]))
        .collect();
    earlier.write(facts)?;
    let mut store = Store::open(&earlier.folder.journal()).doing("the earlier run's journal")?;
    let noted = FrozenRun::add_successor(&mut store, &earlier.reader, to);
    noted.and_then(|()| store.close()).doing("the earlier run's journal")?;
    Ok(())
}

fn copy_world(from: &Path, to: &Path) -> io::Result<()> {
    match fs::File::open(from.join(LOG_FILE)) {
        Ok(mut log) => {
            let mut copy = private_file(&to.join(LOG_FILE))?;
            io::copy(&mut log, &mut copy).map(|_| ())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}
