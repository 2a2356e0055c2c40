//! Messages about files, on the screen and in the job that runs this.

use super::github;
use super::screen::Screen;
use crate::diagnostic::Diagnostics;

/// Says what was found.
pub(crate) fn tell_messages(diagnostics: &Diagnostics, screen: Screen) {
    screen.drawn(diagnostics.render(screen.colored(), screen.width()).trim_end());
    github::annotate(diagnostics, screen);
    github::summarise_files(diagnostics, screen);
}
