//! A run from its frozen journal to its summary: driven, shown, closed, its exit code.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, anyhow};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::cli::exit::Exit;
use crate::cli::failure::{Ended, Failure};
use crate::cli::github;
use crate::cli::progress::{Display, line};
use crate::cli::screen::Screen;
use crate::cli::summary_file;
use crate::engine::Progress;
use crate::io::journal::{JournalError, Past};
use crate::io::{Clock, Ledger};
use crate::plan::Plan;
use crate::policy::StopReason;
use crate::report::{EventKind, RunOutcome, Verb};
use crate::runner::{
    CloseError, Control, Drive, DriveError, FrozenRun, RunEnd, RunFolder, Telling, Vendor, close_run, drive, listen,
};

/// What is conducted.
pub(crate) struct Conduct {
    /// The run as it is frozen, with the pace and stop rules that hold now.
    pub(crate) frozen: FrozenRun,
    /// Its plan.
    pub(crate) plan: Arc<Plan>,
    /// Its folder.
    pub(crate) folder: RunFolder,
    /// The plan's connections, ready.
    pub(crate) vendors: Vec<Arc<Vendor>>,
    /// The clock.
    pub(crate) clock: Clock,
    /// What other runs have made; none where that does not matter.
    pub(crate) past: Option<Past>,
    /// Whether its waves are cut anew, from the rows that have not ended.
    pub(crate) waves_anew: bool,
    /// The verb that drives it.
    pub(crate) verb: Verb,
}

/// Drives the run to its end or its stop, closes it, says how it went.
///
/// # Errors
/// The disk's trouble; the run can be resumed.
pub(crate) fn conduct(conduct: Conduct, screen: Screen) -> Ended {
    let Conduct { frozen, plan, folder, vendors, clock, past, waves_anew, verb } = conduct;
    summary_file::remove(&folder);
    let progress = Arc::new(Mutex::new(Progress::default()));
    let display = Display::start(screen, Arc::clone(&progress));
    let ledger = ledger(&plan, &folder)?;
    let driven = drive_it(
        Drive {
            plan: Arc::clone(&plan),
            seed: frozen.seed,
            limits: frozen.limits,
            bounds: frozen.bounds(),
            waves_anew,
            vendors,
            progress,
            clock,
            settling: false,
            past,
            ledger,
            telling: telling(&frozen, verb, screen),
        },
        &folder.journal(),
        screen,
    );
    drop(display);
    let stop = driven.map_err(|error| broke_off(&error, &frozen, &folder))?;
    let closed = close_run(&frozen, &plan, &folder.journal(), folder.path(), stop, clock.now());
    let end = closed.map_err(|error| not_closed(&error, &frozen, &folder))?;
    summary_file::write(&folder, &end.summary, &plan)?;
    if let Some(log) = screen.events() {
        let summary = Box::new(end.summary.clone());
        log.tell(Some(&frozen.run_id), clock.now(), EventKind::RunEnded { summary });
    }
    tell(&end, &plan, screen)?;
    github::annotate_failures(&end.summary, screen);
    github::summarise_run(&end.summary, screen);
    Ok(exit(&end))
}

/// Where the run is told as events, if anywhere; what was said of its files is told when it begins.
fn telling(frozen: &FrozenRun, verb: Verb, screen: Screen) -> Option<Telling> {
    let (log, run) = (Arc::clone(screen.events()?), frozen.run_id.clone());
    let said = frozen.warnings.iter().filter(|_| verb != Verb::Resume);
    let warnings = said.filter_map(|one| Some(one.get("message")?.as_str()?.to_owned())).collect();
    Some(Telling { log, run, verb, retry_of: frozen.retry_of(), warnings })
}

/// The budgets that all processes share; what is sent to simulators inside the process is nobody else's.
///
/// # Errors
/// The ledger could not be made.
pub(crate) fn ledger(plan: &Plan, folder: &RunFolder) -> anyhow::Result<Option<Ledger>> {
    let state = folder.path().ancestors().nth(2).filter(|_| !plan.environment.is_sandbox());
    Ok(state.map(Ledger::open).transpose()?)
}

/// Drives a run on this thread until it ends or stops.
///
/// # Errors
/// The journal's trouble.
pub(crate) fn drive_it(run: Drive, journal: &Path, screen: Screen) -> anyhow::Result<Option<StopReason>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let control = announced(listen()?, screen);
        let asked = tokio::spawn(tell_on_request(Arc::clone(&run.progress), screen)?);
        if let Some(notice) = outside_the_window(&run) {
            screen.insist(&notice);
        }
        let stop = drive(run, journal, control).await;
        asked.abort();
        Ok(stop?)
    })
}

/// Why nothing is sent yet, where that is so.
fn outside_the_window(run: &Drive) -> Option<String> {
    let (window, now) = (run.bounds.window.as_ref()?, run.clock.now());
    let opens = window.opens_at(now).filter(|opens| *opens > now)?;
    let wall = window.on_the_wall(opens);
    Some(format!("Outside its send window ({window}): nothing that changes something is sent until {wall} ({opens})"))
}

/// Says at once that a signal was taken in, and what it does.
fn announced(mut orders: UnboundedReceiver<Control>, screen: Screen) -> UnboundedReceiver<Control> {
    let (pass, passed) = unbounded_channel();
    tokio::spawn(async move {
        while let Some(order) = orders.recv().await {
            screen.insist(match order {
                Control::Drain { .. } => {
                    "Stopping: nothing new is started, calls under way are waited for. Once more stops at once"
                }
                Control::Abort { .. } => "Stopping at once: writes under way become unknown",
            });
            if pass.send(order).is_err() {
                return;
            }
        }
    });
    passed
}

/// Says where the run is on every SIGUSR1.
fn tell_on_request(
    progress: Arc<Mutex<Progress>>,
    screen: Screen,
) -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut requests = signal(SignalKind::user_defined1())?;
    Ok(async move {
        while requests.recv().await.is_some() {
            let now = progress.lock().unwrap_or_else(PoisonError::into_inner).clone();
            screen.insist(&line(&now));
        }
    })
}

/// What is told where the run could not go on: why, where, what now.
fn broke_off(error: &anyhow::Error, frozen: &FrozenRun, folder: &RunFolder) -> anyhow::Error {
    let journal = match error.downcast_ref::<DriveError>() {
        Some(DriveError::Journal(error) | DriveError::Unwritable(error)) => Some(error),
        Some(DriveError::Ledger(_)) | None => None,
    };
    let advice = journal.map_or("Then resume.", JournalError::advice);
    anyhow!(
        "the run {id} broke off: {error:#}\n  journal: {journal}\n  Nothing more was sent. {advice}\n  {way_on}",
        id = frozen.run_id,
        journal = folder.journal().display(),
        way_on = way_on(journal, frozen),
    )
}

/// What is told where the calls are over and their results could not be written.
fn not_closed(error: &CloseError, frozen: &FrozenRun, folder: &RunFolder) -> anyhow::Error {
    let (journal, advice) = match error {
        CloseError::Journal(error) => (Some(error), error.advice()),
        CloseError::Files { .. } => (None, "Every answer is in the journal; resuming writes the files again."),
    };
    anyhow!(
        "the run {id} could not be closed: {error}\n  journal: {journal}\n  {advice}\n  {way_on}",
        id = frozen.run_id,
        journal = folder.journal().display(),
        way_on = way_on(journal, frozen),
    )
}

/// The command that comes next. From a damaged journal nothing goes on.
fn way_on(error: Option<&JournalError>, frozen: &FrozenRun) -> String {
    let id = &frozen.run_id;
    match error {
        Some(error) if error.is_damage() => format!("What it still proves: runsheet runs export {id} --out DIR"),
        _ => format!("Go on: runsheet resume {id}"),
    }
}

/// The summary to standard output; what a person should do now, and the environment, last.
fn tell(end: &RunEnd, plan: &Plan, screen: Screen) -> Result<(), Failure> {
    if screen.json() {
        let json = serde_json::to_string(&end.summary).context("the summary")?;
        screen.data(&json)?;
    } else {
        screen.data(end.summary.render_text().trim_end())?;
    }
    if let Some(stop) = &end.stop_told {
        screen.insist(&crate::diagnostic::one_line(&format!("Stopped: {stop}")));
        if screen.json() {
            screen.talk(&format!("Go on: runsheet resume {}", end.summary.run_id));
        }
    }
    for problem in &end.problems {
        screen.insist(&format!("error: the books do not balance: {problem}"));
    }
    screen.talk(&format!("Run {} ended, {}", end.summary.run_id, place(plan, "was")));
    Ok(())
}

/// Where it goes, for the first and the last line; `verb` is `is` or `was`.
pub(crate) fn place(plan: &Plan, verb: &str) -> String {
    let name = &plan.environment.name;
    match plan.environment.is_sandbox() {
        true => format!("environment `{name}`: nothing {verb} sent to a vendor"),
        false => format!("environment `{name}`"),
    }
}

/// The first code that applies, in the order 1, 7, 5, 130/143, 6, 4, 0.
fn exit(end: &RunEnd) -> Exit {
    match end.summary.outcome {
        RunOutcome::Broken => Exit::Broken,
        RunOutcome::Refused => Exit::Refused,
        RunOutcome::Unknown => Exit::Unknown,
        RunOutcome::Interrupted => match end.stop {
            Some(StopReason::Interrupted { signal: 15 }) => Exit::Terminated,
            _ => Exit::Interrupted,
        },
        RunOutcome::Stopped => Exit::Stopped,
        RunOutcome::Failed => Exit::Failed,
        RunOutcome::Succeeded => Exit::Done,
    }
}
