//! Plans the reversal of what a run really changed, shows the plan, asks, and runs it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

use super::effects::{Effects, effects};
use super::shown;
use crate::cli::args::{Common, UndoArgs};
use crate::cli::desk::Desk;
use crate::cli::exit::Exit;
use crate::cli::failure::{Ended, Failure};
use crate::cli::linked::{Filled, Linked, begin};
use crate::cli::prepare::set_pace;
use crate::cli::run::{Conduct, absolute, bound, check_out, conduct, confirm, place};
use crate::cli::screen::Screen;
use crate::cli::state;
use crate::diagnostic::{Diagnostics, printable};
use crate::io::journal::Store;
use crate::io::random_u128;
use crate::model::{RowOutcome, Scope};
use crate::plan::Plan;
use crate::playbook::StopWhen;
use crate::report::Verb;
use crate::runner::{FrozenRun, LinkKind};

/// Rows written at a time.
const ROWS_A_TIME: usize = 1_000;

/// Runs `undo RUN`.
pub(crate) fn undo(args: &UndoArgs, common: &Common, screen: Screen) -> Ended {
    let state = state::folder(common)?;
    let desk = Desk::open(state::find(&state, &args.run)?, common.unmask, screen)?;
    let run = &desk.frozen.run_id;
    if desk.frozen.link.as_ref().is_some_and(|link| link.kind == LinkKind::Undo) {
        return Err(Failure::Usage(format!("the run {run} took another one back; that cannot be taken back itself")));
    }
    let mut frozen = frozen(&desk, args);
    let plan = plan(&desk, &mut frozen, args)?;
    let effects = effects(&desk, &state, &plan, &frozen.run_id)?;
    if effects.rows.is_empty() && effects.unknown == 0 && effects.left.is_empty() {
        screen.talk(&format!("Nothing that the run {run} changed is left to be taken back"));
        return Ok(Exit::Done);
    }
    let nothing_sent = args.dry_run || effects.calls_in_all() == 0;
    show(&desk, &effects, nothing_sent)?;
    if nothing_sent {
        screen.talk("Nothing was sent");
        return Ok(match (args.dry_run, effects.unknown) {
            (true, _) => Exit::Done,
            (false, 0) => Exit::Failed,
            (false, _) => Exit::Unknown,
        });
    }
    run_it(&desk, &state, (frozen, plan), effects, args)
}

/// The plan, for people always on standard error when the summary follows on standard output.
fn show(desk: &Desk, effects: &Effects, alone: bool) -> Result<(), Failure> {
    let run = &desk.frozen.run_id;
    let text = printable(&shown::text(run, effects)).into_owned();
    match (alone, desk.screen.json()) {
        (true, true) => desk.screen.data(&shown::json(run, effects).to_string())?,
        (true, false) => desk.screen.data(&text)?,
        (false, _) => desk.screen.talk(&text),
    }
    Ok(())
}

/// What the undo is: the run that it takes back but for its name, and without that run's bounds: nobody waits for
/// a gate or for office hours to take a mistake back.
fn frozen(desk: &Desk, args: &UndoArgs) -> FrozenRun {
    let was = &desk.frozen;
    FrozenRun {
        stop_rules: StopWhen::default(),
        waves: None,
        budget: BTreeMap::new(),
        window: None,
        out: args.pace.out.clone().map(absolute),
        link: Some(was.linked(LinkKind::Undo, Some(desk.plan.run.clone()))),
        ..was.anew(desk.clock.now(), random_u128())
    }
}

fn plan(desk: &Desk, frozen: &mut FrozenRun, args: &UndoArgs) -> Result<Arc<Plan>, Failure> {
    let mut diagnostics = Diagnostics::new();
    let vars = frozen.vars.clone();
    let plan = bound(frozen, &desk.playbook, &desk.registry, vars, &frozen.columns, &mut diagnostics);
    let mut plan = plan.ok_or(Failure::Invalid(diagnostics))?;
    if desk.plan.is_unmasked() {
        plan.unmask();
    }
    (plan.limits, plan.bounds) = (frozen.limits, frozen.bounds());
    set_pace(&mut plan, &args.pace);
    frozen.limits = plan.limits;
    frozen.set_bounds(plan.bounds.clone());
    Ok(Arc::new(plan))
}

fn run_it(
    desk: &Desk,
    state: &Path,
    (mut frozen, plan): (FrozenRun, Arc<Plan>),
    effects: Effects,
    args: &UndoArgs,
) -> Ended {
    check_out(args.pace.out.as_deref())?;
    confirm(&plan, &effects.tally, &args.pace, desk.screen)?;
    let left = shown::left(&effects);
    let linked = begin(desk, state, &mut frozen, &plan, |store, _| {
        write_rows(desk, &effects, store)?;
        let rows = effects.rows.iter().map(|(position, outcome)| (Scope::Row(*position), *outcome));
        // Whatever else the run had to do is not to be done any more.
        let handed = rows.chain([(Scope::After, RowOutcome::NotStarted)]).collect();
        Ok(Filled { facts: effects.facts, handed, warnings: Vec::new() })
    })?;
    let (run, of) = (&frozen.run_id, &desk.frozen.run_id);
    desk.screen.talk(&format!("Run {run}: {}, undo of {of}, {}", plan.name, place(&plan, "is")));
    let Linked { folder, vendors, lock } = linked;
    let ended = conduct(
        Conduct { frozen, plan, folder, vendors, clock: desk.clock, past: None, waves_anew: false, verb: Verb::Undo },
        desk.screen,
    );
    drop(lock);
    if !left.is_empty() {
        desk.screen.insist(printable(&left).trim_end());
    }
    ended
}

fn write_rows(desk: &Desk, effects: &Effects, store: &mut Store) -> Result<(), Failure> {
    for positions in effects.rows.chunks(ROWS_A_TIME) {
        let mut rows = Vec::with_capacity(positions.len());
        for (position, _) in positions {
            rows.extend(desk.reader.row(*position).context("the earlier run's journal")?);
        }
        store.insert_rows(&rows).context("the run's journal")?;
    }
    Ok(())
}
