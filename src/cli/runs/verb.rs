//! Chooses the view of `runs`, and shows one run.

use super::diff::diff;
use super::export::export;
use super::list::list;
use super::prune::prune;
use super::render;
use crate::cli::args::{Common, ListArgs, RunsArgs, RunsView};
use crate::cli::context::context;
use crate::cli::output::{Exit, Output, Screen, VerbResult};
use crate::operate::{self, Context, ShowReport, ShowRequest};

/// Runs `runs [list|show RUN|diff RUN OTHER|export RUN|prune]`.
pub(crate) fn runs(args: &RunsArgs, common: &Common, screen: Screen) -> VerbResult {
    let context = context(common, screen);
    match &args.view {
        None => list(&ListArgs::default(), &context, screen),
        Some(RunsView::List(args)) => list(args, &context, screen),
        Some(RunsView::Diff(args)) => diff(args, &context, screen),
        Some(RunsView::Export(args)) => export(args, &context, screen),
        Some(RunsView::Prune(args)) => prune(args, &context, screen),
        Some(RunsView::Show { run }) => show(run, &context, screen),
    }
}

fn show(run: &str, context: &Context, screen: Screen) -> VerbResult {
    let shown = operate::show(&ShowRequest { run: run.to_owned() }, context)?;
    let output = match (&shown, screen.json()) {
        (ShowReport::Kept { run, family }, true) => Output::json(&render::json_with_family(run, family.as_ref())),
        (ShowReport::Kept { run, family }, false) => render::text(run, family.as_ref()).into(),
        (ShowReport::Pruned(run), true) => Output::json(&render::pruned_json(run)),
        (ShowReport::Pruned(run), false) => render::pruned_text(run).into(),
    };
    screen.data(output)?;
    Ok(Exit::Done)
}
