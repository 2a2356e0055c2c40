//! Removes what a terminal or a CI system would act upon from every printed text, because it may come from a file or a vendor.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use crate::diagnostic::{printable, without_commands, without_groups};

/// The colour codes that the renderers of this crate write.
static COLOR: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\x1b\[[0-9;]*m").ok());

/// Cleans a text without colours.
pub(super) fn clean_text(text: &str) -> Cow<'_, str> {
    clean_cow(printable(text), without_commands)
}

/// Cleans a message that is followed by others, so that it opens no group in the log of a CI system.
pub(super) fn clean_message(text: &str) -> Cow<'_, str> {
    clean_cow(clean_text(text), without_groups)
}

/// Cleans a rendered text; only colour codes pass.
pub(super) fn clean_drawn(text: &str) -> Cow<'_, str> {
    let Some(pattern) = COLOR.as_ref().filter(|_| text.contains('\x1b')) else { return clean_message(text) };
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for color in pattern.find_iter(text) {
        shown.push_str(&printable(&text[from..color.start()]));
        shown.push_str(color.as_str());
        from = color.end();
    }
    shown.push_str(&printable(&text[from..]));
    clean_cow(clean_cow(Cow::Owned(shown), without_commands), without_groups)
}

fn clean_cow(text: Cow<'_, str>, clean: fn(&str) -> Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => clean(text),
        Cow::Owned(text) => Cow::Owned(clean(&text).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_colors_pass_in_a_rendered_text() {
        assert_eq!(clean_drawn("\x1b[31ma\x1b[2J\u{202e}\x1b[0m"), "\x1b[31ma␛[2J[U+202E]\x1b[0m");
        assert_eq!(clean_text("\x1b[31ma"), "␛[31ma");
        assert_eq!(clean_drawn("\x1b[31m::error::x\n##[b]"), "\x1b[31m: :error::x\n# #[b]");
        assert!(matches!(clean_text("a\n  b: c"), Cow::Borrowed(_)));
    }

    #[test]
    fn no_line_is_a_command_to_a_ci_system() {
        assert_eq!(clean_message("a\n ::x::\n--- b\n##vso[c]"), "a\n : :x::\n --- b\n# #vso[c]");
        assert_eq!(clean_text("--- a\n::b"), "--- a\n: :b");
    }
}
