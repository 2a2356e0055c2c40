//! Shows what a run would do.

use super::shown;
use crate::cli::args::{Common, RunArgs};
use crate::cli::context::context;
use crate::cli::exit::Exit;
use crate::cli::failure::Ended;
use crate::cli::run::selection;
use crate::cli::screen::Screen;
use crate::cli::told_messages::tell_messages;
use crate::operate::{self, PlanRequest, PlaybookFrom};

/// Runs `plan PLAYBOOK`, and `run PLAYBOOK --dry-run`.
pub(crate) fn plan(args: &RunArgs, common: &Common, screen: Screen) -> Ended {
    let request = PlanRequest {
        playbook: PlaybookFrom::File(args.playbook.clone()),
        input: args.input.input(),
        selection: selection(args),
        skip_invalid: args.skip_invalid,
        pace: args.pace.pace(),
        again: args.again,
    };
    let report = operate::plan(&request, &context(common, screen))?;
    if !report.diagnostics.is_empty() {
        tell_messages(&report.diagnostics, screen);
    }
    screen.data(&if screen.json() { shown::json(&report).to_string() } else { shown::text(&report) })?;
    screen.talk("Nothing was sent: this is a plan");
    Ok(Exit::Done)
}
