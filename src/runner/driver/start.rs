//! Opens a run's journal, restores what the run has counted so far, and drives it to its end.

use std::path::Path;
use std::sync::Arc;

use futures_util::stream::FuturesUnordered;
use tokio::sync::mpsc;

use super::acknowledgements::Acknowledgements;
use super::drive::{Control, Drive, DriveError};
use super::driver_loop::Driver;
use super::fake_vendors::FakeVendors;
use super::journal_progress::JournalProgress;
use super::other_runs::AwaitedEffects;
use super::restore_counters::{restore_calls, restore_counts, restore_effect_budget, restore_waves};
use super::shortages::Shortages;
use crate::engine::{DEFAULT_IN_FLIGHT, Engine, EngineSetup};
use crate::io::journal::{JournalError, Reader, Reserve, Store, WriteResult, Writer};
use crate::io::user_name;
use crate::journal::RunSteering;
use crate::model::{StepScope, Time};
use crate::policy::StopReason;
use crate::runner::events::EventReporter;

/// Drives a run from the state in its journal. Returns why it stopped early; `None` if it did not.
///
/// # Errors
/// [`DriveError::Journal`] if the journal cannot be read or is damaged; [`DriveError::Unwritable`] if it cannot be
/// written; [`DriveError::Ledger`] if the rate limits of this machine cannot be counted. Calls without an answer are
/// then unknown; the run can be resumed.
pub async fn drive(
    drive: Drive,
    journal: &Path,
    control: mpsc::UnboundedReceiver<Control>,
) -> Result<Option<StopReason>, DriveError> {
    Reserve::take_in(journal).map_err(DriveError::Unwritable)?;
    let store = Store::open(journal)?;
    if !store.is_untouched()? {
        // Nothing may be built on a journal that has lost or changed entries.
        Reader::open(journal)?.verify_to_go_on(journal)?;
    }
    start(drive, journal, store, control, None).await
}

/// Drives a run with `fake_vendors` in place of the vendors, in the time of a paused runtime. The journal must be one
/// that [`Store::create_scratch`] made. Everything else is as in [`drive`].
///
/// # Errors
/// [`DriveError::Journal`] or [`DriveError::Unwritable`] if the journal failed.
pub async fn rehearse(
    drive: Drive,
    journal: &Path,
    control: mpsc::UnboundedReceiver<Control>,
    fake_vendors: Arc<dyn FakeVendors>,
) -> Result<Option<StopReason>, DriveError> {
    start(drive, journal, Store::open_scratch(journal)?, control, Some(fake_vendors)).await
}

/// Drives a run whose journal is open for writing.
async fn start(
    mut drive: Drive,
    journal: &Path,
    store: Store,
    mut control: mpsc::UnboundedReceiver<Control>,
    fake_vendors: Option<Arc<dyn FakeVendors>>,
) -> Result<Option<StopReason>, DriveError> {
    let reader = Reader::open(journal)?;
    // A rehearsal was started by no user.
    let user = fake_vendors.is_none().then(user_name);
    let setup = engine_setup(&drive, &reader, store.next_seq()?, user)?;
    let (report, mut written) = mpsc::unbounded_channel::<WriteResult>();
    let report = move |result| {
        // The receiver is gone only if the run has broken off already.
        let _ = report.send(result);
    };
    let writer = match fake_vendors {
        Some(_) => Writer::inline(store, report),
        None => {
            // Room for as many calls as people may ever let it have under way.
            let most = drive.ceiling.in_flight.max(drive.limits.in_flight);
            let in_flight = most.unwrap_or(DEFAULT_IN_FLIGHT);
            let reserve = Reserve::set_aside(journal, in_flight).map_err(DriveError::Unwritable)?;
            Writer::start(store, reserve, report)
        }
    };
    let commands = drive.commands.take();
    let mut driver = driver(drive, reader, writer, setup, fake_vendors)?;
    match driver.run(&mut written, &mut control, commands).await {
        Ok(stop) => {
            driver.writer.finish()?;
            Ok(stop)
        }
        Err(error) => {
            driver.writer.break_off()?;
            Err(match error {
                // The whole state folder is gone; the journal is what matters of it.
                DriveError::Ledger(_) if !journal.exists() => {
                    DriveError::Unwritable(JournalError::Gone(journal.display().to_string()))
                }
                DriveError::Journal(_)
                | DriveError::Unwritable(_)
                | DriveError::OtherRuns(_)
                | DriveError::Ledger(_) => error,
            })
        }
    }
}

/// The input of the engine: the job, and the run's state from the journal.
fn engine_setup(
    drive: &Drive,
    reader: &Reader,
    next_seq: u64,
    user: Option<String>,
) -> Result<EngineSetup, JournalError> {
    let counts = restore_counts(reader)?;
    let (calls, failures) = restore_calls(reader, drive)?;
    Ok(EngineSetup {
        plan: drive.plan.clone(),
        seed: drive.seed,
        limits: drive.limits,
        ceiling: drive.ceiling,
        steering: RunSteering::fold(&reader.facts(StepScope::Run)?),
        stop_when: drive.bounds.stop_when,
        waves: restore_waves(reader, drive, counts)?,
        effect_budget: restore_effect_budget(reader, &drive.bounds)?,
        window: drive.bounds.window.clone(),
        shared: drive.ledger.is_some(),
        needs_token: drive.vendors.iter().map(|vendor| vendor.needs_token()).collect(),
        next_seq,
        counts,
        calls,
        failures,
        before: reader.facts(StepScope::Before)?,
        after: reader.facts(StepScope::After)?,
        process: std::process::id(),
        user,
        lookups_only: drive.lookups_only,
    })
}

/// A driver at the beginning of its loop.
fn driver(
    drive: Drive,
    reader: Reader,
    writer: Writer,
    setup: EngineSetup,
    fake_vendors: Option<Arc<dyn FakeVendors>>,
) -> Result<Driver, JournalError> {
    let now = drive.clock.now();
    let own_facts = (setup.before.as_slice(), setup.after.as_slice());
    let begin = |events| EventReporter::begin(events, &drive.plan, drive.limits, setup.counts, own_facts, now);
    let reporter = drive.events.clone().map(begin);
    let mut engine = Engine::new(setup, now);
    if reporter.is_some() {
        engine.collect_events();
    }
    Ok(Driver {
        engine,
        reporter,
        last_started: reader.last_started_row()?,
        cursor: reader.first_unfinished()?,
        reader,
        writer,
        calls: FuturesUnordered::new(),
        wake_at: None,
        journal: JournalProgress::default(),
        done: false,
        progress_at: Time::default(),
        awaited: AwaitedEffects::default(),
        shortages: Shortages::default(),
        acknowledgements: Acknowledgements::default(),
        broken: None,
        drive,
        fake_vendors,
    })
}
