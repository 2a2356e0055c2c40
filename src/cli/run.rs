//! The verb `run`.

use super::args::{Common, RunArgs, WorkArgs};
use super::context::context;
use super::failure::Ended;
use super::plan::plan_of;
use super::screen::Screen;
use super::told_run::tell_run;
use crate::operate::{self, PlaybookFrom, RunRequest};
use crate::runner::Selection;

/// Runs `run PLAYBOOK`; with `--dry-run`, plans it.
pub(crate) fn run(args: &RunArgs, common: &Common, screen: Screen) -> Ended {
    let RunArgs { work, pace, dry_run, faults } = args;
    if *dry_run {
        return plan_of(work, &pace.limits, common, screen);
    }
    let WorkArgs { playbook, input, limit, only, from_row, skip_invalid, again } = work.clone();
    let request = RunRequest {
        playbook: PlaybookFrom::File(playbook),
        input: input.input(),
        selection: Selection { limit, only, from_row },
        skip_invalid,
        pace: pace.pace(),
        confirmed: pace.confirmed(),
        again,
        faults: faults.clone(),
    };
    tell_run(&operate::run(&request, &context(common, screen))?, screen)
}
