//! Messages about files, on the screen and in a GitHub job.

use super::github;
use super::screen::Screen;
use crate::diagnostic::{Diagnostics, Severity, plural};

/// Shows messages about files.
pub(crate) fn show_messages(diagnostics: &Diagnostics, screen: Screen) {
    screen.say_drawn(diagnostics.render(screen.colored(), screen.width()).trim_end());
    github::annotate(diagnostics, screen);
    github::summarise_files(&counts(diagnostics), diagnostics, screen);
}

/// Counts messages by cause: `2 errors, 1 warning`, or `1 error in 300 places` where a cause shows in several places.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostic;

    #[test]
    fn messages_are_counted_by_severity_and_no_message_is_no_error() {
        let mut all = Diagnostics::new();
        assert_eq!(counts(&all), "0 errors");
        all.push(Diagnostic::warning("blank-row", "a"));
        assert_eq!(counts(&all), "1 warning");
        all.push(Diagnostic::error("bad-row", "b"));
        all.push(Diagnostic::error("bad-value", "c"));
        assert_eq!(counts(&all), "2 errors, 1 warning");
    }
}
