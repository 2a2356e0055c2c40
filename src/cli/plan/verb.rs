//! Shows what a run would do.

use super::shown;
use crate::cli::args::{Common, LimitArgs, PlanArgs, WorkArgs};
use crate::cli::context::context;
use crate::cli::exit::Exit;
use crate::cli::failure::Ended;
use crate::cli::screen::{Data, Screen};
use crate::cli::told_messages::tell_messages;
use crate::operate::{self, PlanRequest, PlaybookFrom};

/// Runs `plan PLAYBOOK`.
pub(crate) fn plan(args: &PlanArgs, common: &Common, screen: Screen) -> Ended {
    let PlanArgs { work, limits, out } = args;
    match out {
        Some(never) => match *never {},
        None => plan_of(work, limits, common, screen),
    }
}

/// Shows what a run of that work would send.
pub(crate) fn plan_of(work: &WorkArgs, limits: &LimitArgs, common: &Common, screen: Screen) -> Ended {
    let request = PlanRequest {
        playbook: PlaybookFrom::File(work.playbook.clone()),
        input: work.input.input(),
        selection: work.selection(),
        skip_invalid: work.skip_invalid,
        pace: limits.pace(),
        again: work.again,
    };
    let report = operate::plan(&request, &context(common, screen))?;
    if !report.diagnostics.is_empty() {
        tell_messages(&report.diagnostics, screen);
    }
    screen.data(match screen.json() {
        true => Data::json(&shown::json(&report)),
        false => shown::text(&report).into(),
    })?;
    screen.talk("Nothing was sent: this is a plan");
    Ok(Exit::Done)
}
