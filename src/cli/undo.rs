//! The verb `undo`.

use super::context::context;
use super::end_reports::EndReports;
use crate::cli::args::{Common, EndReportArgs, UndoArgs};
use crate::cli::output::{Exit, Output, Screen, VerbResult, show_run, undo_plan_json, undo_plan_left, undo_plan_text};
use crate::operate::{self, UndoReport, UndoRequest};

/// Runs `undo RUN`.
pub(crate) fn undo(args: &UndoArgs, common: &Common, screen: Screen) -> VerbResult {
    let request = UndoRequest {
        run: args.run.clone(),
        dry_run: args.dry_run,
        pace: args.pace.pace(),
        confirmed: args.pace.confirmed(),
    };
    // A dry run has no end to report.
    let wanted = if args.dry_run { &EndReportArgs::default() } else { &args.pace.reports };
    let (reports, context) = (EndReports::begin(wanted)?, context(common, screen));
    match operate::undo(&request, &context).map_err(|refusal| reports.refused(refusal))? {
        UndoReport::Nothing(run) => {
            let said = format!("Nothing of the run {run} is left to take back");
            screen.say(&said);
            reports.nothing_ran(Exit::Done, &said)?;
            Ok(Exit::Done)
        }
        UndoReport::Planned { plan, dry_run } => {
            match screen.json() {
                true => screen.data(Output::json(&undo_plan_json(&plan)))?,
                false => screen.data(undo_plan_text(&plan))?,
            }
            screen.say("Nothing was sent");
            let exit = match (dry_run, plan.unknown.is_empty()) {
                (true, _) => Exit::Done,
                (false, true) => Exit::Failed,
                (false, _) => Exit::Unknown,
            };
            reports.nothing_ran(exit, &format!("Nothing of the run {} can be taken back", plan.run))?;
            Ok(exit)
        }
        UndoReport::Ran { plan, run } => {
            let exit = show_run(&run, screen)?;
            reports.finish(run.summary.run_id.as_str(), &context, screen);
            let left = undo_plan_left(&plan);
            if !left.is_empty() {
                screen.say_always(left.trim_end());
            }
            Ok(exit)
        }
    }
}
