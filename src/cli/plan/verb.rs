//! Shows what a run would send.

use super::render;
use crate::cli::args::{Common, LimitArgs, PlanArgs, WorkArgs};
use crate::cli::context::context;
use crate::cli::output::{Exit, Output, Screen, VerbResult, show_messages};
use crate::operate::{self, PlanRequest, PlaybookFrom};

/// Runs `plan PLAYBOOK`.
pub(crate) fn plan(args: &PlanArgs, common: &Common, screen: Screen) -> VerbResult {
    let PlanArgs { work, limits, out } = args;
    match out {
        Some(never) => match *never {},
        None => plan_of(work, limits, common, screen),
    }
}

/// Shows what a run with these arguments would send.
pub(crate) fn plan_of(work: &WorkArgs, limits: &LimitArgs, common: &Common, screen: Screen) -> VerbResult {
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
        show_messages(&report.diagnostics, screen);
    }
    screen.data(match screen.json() {
        true => Output::json(&render::json(&report)),
        false => render::text(&report).into(),
    })?;
    screen.say("Nothing was sent: this is a plan");
    Ok(Exit::Done)
}
