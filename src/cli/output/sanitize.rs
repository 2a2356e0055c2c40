//! The last look at what is printed: whatever file or answer a word came from, it stays a word.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use crate::diagnostic::{printable, without_commands, without_groups};

/// The colours that our own renderers write.
static COLOR: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\x1b\[[0-9;]*m").ok());

/// A text for people, which has no colours.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    through(printable(text), without_commands)
}

/// The same beside other texts: it makes no group of what follows it.
pub(super) fn talk(text: &str) -> Cow<'_, str> {
    through(plain(text), without_groups)
}

/// A text that was drawn; what was drawn of a file holds no colours of its own.
pub(super) fn drawn(text: &str) -> Cow<'_, str> {
    let Some(pattern) = COLOR.as_ref().filter(|_| text.contains('\x1b')) else { return talk(text) };
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for color in pattern.find_iter(text) {
        shown.push_str(&printable(&text[from..color.start()]));
        shown.push_str(color.as_str());
        from = color.end();
    }
    shown.push_str(&printable(&text[from..]));
    through(through(Cow::Owned(shown), without_commands), without_groups)
}

fn through(text: Cow<'_, str>, clean: fn(&str) -> Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => clean(text),
        Cow::Owned(text) => Cow::Owned(clean(&text).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_pass_where_something_was_drawn_and_nothing_else_does() {
        assert_eq!(drawn("\x1b[31ma\x1b[2J\u{202e}\x1b[0m"), "\x1b[31ma␛[2J[U+202E]\x1b[0m");
        assert_eq!(plain("\x1b[31ma"), "␛[31ma");
        assert_eq!(drawn("\x1b[31m::error::x\n##[b]"), "\x1b[31m: :error::x\n# #[b]");
        assert!(matches!(plain("a\n  b: c"), Cow::Borrowed(_)));
    }

    #[test]
    fn no_line_speaks_to_a_ci_system() {
        assert_eq!(talk("a\n ::x::\n--- b\n##vso[c]"), "a\n : :x::\n --- b\n# #vso[c]");
        assert_eq!(plain("--- a\n::b"), "--- a\n: :b");
    }
}
