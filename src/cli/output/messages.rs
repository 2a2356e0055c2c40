//! Messages about files, on the screen and in the job that runs this.

use super::github;
use super::screen::Screen;
use crate::diagnostic::{Diagnostics, Severity, plural};

/// Says what was found.
pub(crate) fn tell_messages(diagnostics: &Diagnostics, screen: Screen) {
    screen.drawn(diagnostics.render(screen.colored(), screen.width()).trim_end());
    github::annotate(diagnostics, screen);
    github::summarise_files(&counts(diagnostics), diagnostics, screen);
}

/// `2 errors, 1 warning`: each cause once; where a cause shows in several places, `1 error in 300 places`.
pub(crate) fn counts(diagnostics: &Diagnostics) -> String {
    let blocks = diagnostics.blocks();
    let of = |severity: Severity, all: usize, word: &str| {
        let causes = blocks.iter().filter(|block| block.severity() == severity).count();
        let counted = plural(causes, word);
        if all > causes { format!("{counted} in {all} places") } else { counted }
    };
    let (errors, warnings) = (diagnostics.error_count(), diagnostics.warning_count());
    let mut parts = Vec::new();
    if errors > 0 || warnings == 0 {
        parts.push(of(Severity::Error, errors, "error"));
    }
    if warnings > 0 {
        parts.push(of(Severity::Warning, warnings, "warning"));
    }
    parts.join(", ")
}
