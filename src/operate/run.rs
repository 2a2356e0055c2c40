//! The verb `run`: everything is checked and frozen first, then it is driven.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

use super::conduct::{Conduct, conduct, place};
use super::confirm::confirm;
use super::past;
use super::vendors::vendors;
use crate::cli::args::{Common, RunArgs};
use crate::cli::failure::{Ended, Failure, plural};
use crate::cli::prepare::{Prepared, prepare, set_pace};
use crate::cli::screen::Screen;
use crate::cli::state;
use crate::cli::told::{tell_messages, warnings};
use crate::diagnostic::Diagnostics;
use crate::io::journal::{Past, RunLock, Store};
use crate::io::{Clock, make_private_dir, private_file, random_u128};
use crate::plan::Plan;
use crate::report::Verb;
use crate::runner::{FrozenRun, Intake, RowSource, RunFolder, Selection, Tally, freeze_rows};
use crate::sandbox::Faults;

/// What to do about calls that other runs have made.
const AGAIN: &str = "Take the rows out, or add `--again` to send them again all the same.";

/// Runs `run PLAYBOOK`.
pub(crate) fn run(args: &RunArgs, common: &Common, screen: Screen) -> Ended {
    let clock = Clock::start();
    let mut diagnostics = Diagnostics::new();
    let Some(mut prepared) = prepare(&args.playbook, &args.input, common, &clock, &mut diagnostics)? else {
        return Err(Failure::Invalid(diagnostics));
    };
    let faults = faults(args, &prepared.plan)?;
    set_pace(&mut prepared.plan, &args.pace);
    let folder = RunFolder::of(&state::folder(common)?, &prepared.run_id);
    let mut store = folder.create().context("the run's journal")?;
    // A run that never begins leaves nothing behind.
    let begun =
        begin(args, &mut prepared, &mut store, &folder, &clock, &mut diagnostics, screen).and_then(|(tally, past)| {
            let vendors = vendors(&prepared.plan, &prepared.loaded.registry, folder.path(), faults)?;
            Ok((tally, past, vendors, RunLock::take(folder.path()).context("the run's folder")?))
        });
    let (tally, past, vendors, lock) = match begun {
        Ok(begun) => begun,
        Err(failure) => {
            drop(store);
            folder.discard();
            return Err(failure);
        }
    };
    let mut frozen = frozen(args, &prepared);
    frozen.warnings = warnings(&diagnostics);
    frozen.written(common.unmask).write(&mut store).and_then(|()| store.close()).context("the run's journal")?;
    screen.talk(&opening_line(&prepared, &tally));
    let ended = conduct(
        Conduct {
            frozen,
            plan: Arc::new(prepared.plan),
            folder,
            vendors,
            clock,
            past,
            waves_anew: false,
            verb: Verb::Run,
        },
        screen,
    );
    drop(lock);
    ended
}

fn faults(args: &RunArgs, plan: &Plan) -> Result<Option<Faults>, Failure> {
    let Some(spec) = &args.faults else { return Ok(None) };
    if !plan.environment.is_sandbox() {
        let name = &plan.environment.name;
        return Err(Failure::Usage(format!("`--faults` is for the sandbox, and `{name}` is another environment")));
    }
    Faults::parse(spec).map(Some).map_err(Failure::Usage)
}

/// Takes every row into the journal and asks what has to be asked.
fn begin(
    args: &RunArgs,
    prepared: &mut Prepared,
    store: &mut Store,
    folder: &RunFolder,
    clock: &Clock,
    diagnostics: &mut Diagnostics,
    screen: Screen,
) -> Result<(Tally, Option<Past>), Failure> {
    let selection = Selection { limit: args.limit, only: args.only.clone(), from_row: args.from_row };
    let mut past = past::open(folder, &prepared.plan, &[], screen);
    let intake = Intake {
        plan: &prepared.plan,
        source: &mut prepared.source,
        selection: &selection,
        skip_invalid: args.skip_invalid,
        now: clock.now(),
        samples: 0,
        past: past.as_mut(),
    };
    let taken = freeze_rows(intake, diagnostics, store);
    let tally = taken.map_err(|error| {
        anyhow::Error::new(error).context(format!("the run's journal in {}", folder.path().display()))
    })?;
    if diagnostics.has_errors() {
        return Err(Failure::Invalid(std::mem::take(diagnostics)));
    }
    if !diagnostics.is_empty() {
        tell_messages(diagnostics, screen);
    }
    if let RowSource::File(file) = &prepared.source
        && let Some(refusal) = file.fed_back_outcomes().refusal()
    {
        return Err(Failure::Conflict(refusal));
    }
    if let Some(key) = tally.missing_keys.first() {
        return Err(Failure::Usage(format!("`--only`: no row has the key `{key}`")));
    }
    check_out(args.pace.out.as_deref())?;
    if let Some(refusal) = past::refusal(&tally.repeats, &prepared.plan, AGAIN).filter(|_| !args.again) {
        return Err(Failure::Conflict(refusal));
    }
    confirm(&prepared.plan, &tally, &args.pace, screen)?;
    Ok((tally, past.filter(|_| !args.again)))
}

/// Makes sure that row files can be written to `--out`, before anything is sent.
///
/// # Errors
/// [`Failure::Usage`] where they cannot.
pub(crate) fn check_out(out: Option<&Path>) -> Result<(), Failure> {
    let Some(out) = out else { return Ok(()) };
    let trial = out.join(format!(".runsheet-{}", std::process::id()));
    let tried = make_private_dir(out).and_then(|()| private_file(&trial)).and_then(|_| fs::remove_file(&trial));
    tried.map_err(|error| {
        Failure::Usage(format!("`--out {}`: no file can be written there: {error}; nothing was sent", out.display()))
    })
}

/// The run as its journal keeps it.
fn frozen(args: &RunArgs, prepared: &Prepared) -> FrozenRun {
    let Prepared { loaded, plan, about, run_id, started_at, .. } = prepared;
    #[allow(clippy::cast_possible_truncation)]
    let seed = random_u128() as u64;
    FrozenRun {
        providers: loaded.registry.files().to_vec(),
        settings_file: loaded.settings_file.clone().map(absolute),
        dialect: prepared.dialect(),
        rows_name: about.name.clone(),
        columns: about.names(),
        veiled: loaded.playbook.rows.as_ref().map(|rows| rows.veiled.clone()).unwrap_or_default(),
        out: args.pace.out.clone().map(absolute),
        faults: args.faults.clone(),
        again: args.again,
        ..FrozenRun::of_plan(plan, run_id.clone(), *started_at, seed)
    }
}

/// A path that stays right when the run is resumed from another folder.
pub(crate) fn absolute(path: std::path::PathBuf) -> std::path::PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

/// The first line: which run, what, where to.
fn opening_line(prepared: &Prepared, tally: &Tally) -> String {
    let Prepared { plan, about, run_id, .. } = prepared;
    let rows = match &about.name {
        Some(name) => format!("{} of {name}", plural(usize::try_from(tally.rows).unwrap_or(usize::MAX), "row")),
        None => "no rows".to_owned(),
    };
    format!("Run {run_id}: {}, {rows}, {}", plan.name, place(plan, "is"))
}
