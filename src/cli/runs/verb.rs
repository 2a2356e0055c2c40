//! Lists the runs, newest first, shows one, or exports its rows.

use super::export::export;
use super::render;
use crate::cli::args::{Common, RunsArgs, RunsView};
use crate::cli::context::context;
use crate::cli::output::{Exit, Output, Screen, VerbResult};
use crate::diagnostic::printable;
use crate::model::Value;
use crate::operate::{self, Context, RunsRequest, ShowRequest};

/// Runs `runs [list|show RUN|export RUN]`.
pub(crate) fn runs(args: &RunsArgs, common: &Common, screen: Screen) -> VerbResult {
    let context = context(common, screen);
    match &args.view {
        None | Some(RunsView::List) => list(&context, screen),
        Some(RunsView::Export(args)) => export(args, &context, screen),
        Some(RunsView::Show { run }) => show(run, &context, screen),
    }
}

fn list(context: &Context, screen: Screen) -> VerbResult {
    let report = operate::runs(&RunsRequest, context)?;
    for (run, why) in &report.unreadable {
        screen.say_always(&printable(&format!("warning: the run {run} cannot be read: {why}")));
    }
    for run in &report.runs {
        if let Some(lost) = &run.lost {
            screen.say_always(&printable(&format!("warning: the run {} has lost something: {lost}", run.run)));
        }
    }
    if screen.json() {
        screen.data(Output::json(&Value::Array(report.runs.iter().map(render::json).collect())))?;
    } else if report.runs.is_empty() {
        screen.say(&format!("No runs yet in {}", report.folder.display()));
    } else {
        screen.data(render::list(&report.runs))?;
    }
    Ok(Exit::Done)
}

fn show(run: &str, context: &Context, screen: Screen) -> VerbResult {
    let run = operate::show(&ShowRequest { run: run.to_owned() }, context)?;
    screen.data(if screen.json() { Output::json(&render::json(&run)) } else { render::text(&run).into() })?;
    Ok(Exit::Done)
}
