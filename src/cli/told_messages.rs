//! Messages about files, told wherever somebody listens: the terminal, and the job that runs this.

use super::github;
use super::screen::Screen;
use crate::diagnostic::Diagnostics;
use crate::model::Value;

/// Messages that a run's summary repeats, at most.
const IN_A_SUMMARY: usize = 100;

/// What was found, for the summary of a run that goes ahead all the same.
pub(crate) fn warnings(diagnostics: &Diagnostics) -> Vec<Value> {
    diagnostics.to_json_at_most(IN_A_SUMMARY)
}

/// Tells what was found.
pub(crate) fn tell_messages(diagnostics: &Diagnostics, screen: Screen) {
    screen.insist(diagnostics.render(screen.colored(), screen.width()).trim_end());
    github::annotate(diagnostics, screen);
    github::summarise_files(diagnostics, screen);
}
