//! The verb `undo`.

use super::context::context;
use crate::cli::args::{Common, UndoArgs};
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
    match operate::undo(&request, &context(common, screen))? {
        UndoReport::Nothing(run) => {
            screen.say(&format!("Nothing of the run {run} is left to take back"));
            Ok(Exit::Done)
        }
        UndoReport::Planned { plan, dry_run } => {
            match screen.json() {
                true => screen.data(Output::json(&undo_plan_json(&plan)))?,
                false => screen.data(undo_plan_text(&plan))?,
            }
            screen.say("Nothing was sent");
            Ok(match (dry_run, plan.unknown.is_empty()) {
                (true, _) => Exit::Done,
                (false, true) => Exit::Failed,
                (false, _) => Exit::Unknown,
            })
        }
        UndoReport::Ran { plan, run } => {
            let exit = show_run(&run, screen)?;
            let left = undo_plan_left(&plan);
            if !left.is_empty() {
                screen.say_always(left.trim_end());
            }
            Ok(exit)
        }
    }
}
