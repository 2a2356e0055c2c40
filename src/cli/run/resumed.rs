//! The verb `resume`: a run goes on from its journal, with its own playbook, rows and settings.

use std::sync::Arc;

use anyhow::Context;

use super::conduct::{Conduct, conduct, place};
use super::confirm::ask_environment;
use super::fresh::{absolute, check_out};
use super::past;
use super::revived::{Revived, lock, revive};
use super::vendors::vendors;
use crate::cli::args::{Common, PaceArgs, ResumeArgs};
use crate::cli::failure::{Ended, Failure};
use crate::cli::prepare::lay_over;
use crate::cli::screen::Screen;
use crate::cli::state::{self, Known};
use crate::cli::summary_file;
use crate::diagnostic::one_line;
use crate::io::Clock;
use crate::plan::Plan;
use crate::report::Verb;
use crate::runner::{FrozenRun, stops};
use crate::sandbox::Faults;

/// Runs `resume RUN`.
pub(crate) fn resume(args: &ResumeArgs, common: &Common, screen: Screen) -> Ended {
    let known = state::find(&state::folder(common)?, &args.run)?;
    let later = state::later_runs(&known);
    let Known { folder, mut frozen, reader } = known;
    let _lock = lock(&folder, &frozen)?;
    let total = reader.row_count().context("the journal")?;
    let ended = reader.ended_count().context("the journal")?;
    if let Some(later) = later.last().filter(|_| ended == total) {
        return Err(Failure::Conflict(format!(
            "nothing is left to do in the run {}: it went on in the run {later}",
            frozen.run_id
        )));
    }
    let tripped = stops(&reader).context("the journal")?.pop();
    // Its last words there show nobody's data.
    let told = summary_file::read(&folder).and_then(|summary| summary.why_stopped().map(str::to_owned));
    drop(reader);
    check_out(args.pace.out.as_deref())?;
    set_pace(&mut frozen, &args.pace);
    let Revived { registry, plan, .. } = revive(&mut frozen, common.unmask)?;
    ask_environment(&plan, &format!("{} rows", total.saturating_sub(ended)), &args.pace, screen)?;
    let faults = frozen.faults.as_deref().map(Faults::parse).transpose().map_err(Failure::Usage)?;
    let vendors = vendors(&plan, &registry, folder.path(), faults)?;
    screen.talk(&opening_line(&frozen, &plan, total, ended));
    if let Some((at, reason)) = tripped {
        let own_words = || reason.kind().is_in_our_words().then(|| reason.to_string());
        let why = told.or_else(own_words).map(|why| format!(": {why}")).unwrap_or_default();
        screen.talk(&one_line(&format!("It had stopped at {at}{why}; {}", reason.kind().when_resumed())));
    }
    let waves_anew = !args.pace.waves.is_empty();
    let past = if frozen.again { None } else { past::open(&folder, &plan, frozen.lineage(), screen) };
    conduct(
        Conduct {
            frozen,
            plan: Arc::new(plan),
            folder,
            vendors,
            clock: Clock::start(),
            past,
            waves_anew,
            verb: Verb::Resume,
        },
        screen,
    )
}

/// The run keeps its options; some may be given anew.
fn set_pace(frozen: &mut FrozenRun, pace: &PaceArgs) {
    let mut bounds = frozen.bounds();
    lay_over(&mut frozen.limits, &mut bounds, pace);
    frozen.set_bounds(bounds);
    if let Some(out) = &pace.out {
        frozen.out = Some(absolute(out.clone()));
    }
}

/// The first line: which run, how far it is, where to.
fn opening_line(frozen: &FrozenRun, plan: &Plan, total: u64, ended: u64) -> String {
    format!("Run {} goes on: {}, {ended} of {total} rows have ended, {}", frozen.run_id, plan.name, place(plan, "is"))
}
