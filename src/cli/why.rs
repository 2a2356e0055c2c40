//! The verb `why`.

use anyhow::Context as _;

use super::args::{Common, WhyArgs};
use super::context::context;
use super::output::{Exit, Output, Screen, VerbResult};
use crate::operate::{self, WhichRow, WhyRequest};

/// Runs `why RUN [KEY]`.
pub(super) fn why(args: &WhyArgs, common: &Common, screen: Screen) -> VerbResult {
    let request = WhyRequest { run: args.run.clone(), which: which(args), step: args.step.clone() };
    let story = operate::why(&request, &context(common, screen))?;
    if screen.json() {
        screen.data(Output::Json(serde_json::to_string(&story).context("the story")?))?;
    } else {
        screen.data(story.render_text())?;
    }
    Ok(Exit::Done)
}

/// The row that the arguments name. The definition of the command line lets only one of them be given.
fn which(args: &WhyArgs) -> WhichRow {
    let key = || args.key.clone().map(WhichRow::Key);
    let number = || args.row.map(WhichRow::Number);
    let kind = || args.kind.map(WhichRow::Kind);
    let once = || match (args.before, args.after) {
        (true, _) => Some(WhichRow::Before),
        (false, true) => Some(WhichRow::After),
        (false, false) => None,
    };
    key().or_else(number).or_else(kind).or_else(once).unwrap_or(WhichRow::Only)
}
