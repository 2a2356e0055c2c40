//! Messages about files, told wherever somebody listens: the terminal, and the job that runs this.

use super::github;
use super::screen::Screen;
use crate::diagnostic::Diagnostics;

/// Tells what was found.
pub(crate) fn tell_messages(diagnostics: &Diagnostics, screen: Screen) {
    screen.insist(diagnostics.render(screen.colored(), screen.width()).trim_end());
    github::annotate(diagnostics, screen);
    github::summarise_files(diagnostics, screen);
}
