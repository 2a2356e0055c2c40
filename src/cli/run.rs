//! The verb `run`.

use super::args::{Common, RunArgs};
use super::context::context;
use super::failure::Ended;
use super::screen::Screen;
use super::told_run::tell_run;
use crate::operate::{self, PlaybookFrom, RunRequest};
use crate::runner::Selection;

/// Runs `run PLAYBOOK`.
pub(crate) fn run(args: &RunArgs, common: &Common, screen: Screen) -> Ended {
    let request = RunRequest {
        playbook: PlaybookFrom::File(args.playbook.clone()),
        input: args.input.input(),
        selection: selection(args),
        skip_invalid: args.skip_invalid,
        pace: args.pace.pace(),
        confirmed: args.pace.confirmed(),
        again: args.again,
        faults: args.faults.clone(),
    };
    tell_run(&operate::run(&request, &context(common, screen))?, screen)
}

/// Which rows are taken.
pub(super) fn selection(args: &RunArgs) -> Selection {
    Selection { limit: args.limit, only: args.only.clone(), from_row: args.from_row }
}
