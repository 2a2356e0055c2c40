//! Breaks lines from files or answers that a CI system would execute, so that they stay text.
//!
//! GitHub, Gitea and Forgejo execute `::name::` at the start of a line, also after spaces. GitHub's old form and
//! Azure's (`##[…]`, `##vso[…]`) and TeamCity's (`##teamcity[…]`) work anywhere in a line. The folds of GitLab and
//! Travis and the groups of Buildkite begin a line. What breaks a command is visible, because some of these systems
//! ignore invisible characters.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// Commands that work anywhere in a line: `##[`, `##vso[`, `##teamcity[`.
static ANYWHERE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"#(#[\w.-]*\[)").ok());

/// Commands and folds that work at the start of a line, after spaces and colours.
static AT_START: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let blanks = r"(?:[^\S\n]|\x1b\[[0-9;]*m)*";
    Regex::new(&format!("(?m)^({blanks}(?::|travis_(?:fold|time)|section_(?:start|end))):")).ok()
});

/// Starts of a line that make all following lines a group.
static GROUP: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?m)^(?:---|\+\+\+|~~~|\^\^\^) ").ok());

/// Breaks the commands that work anywhere in a line.
#[must_use]
pub fn without_inline_commands(text: &str) -> Cow<'_, str> {
    if !text.contains("##") {
        return Cow::Borrowed(text);
    }
    match ANYWHERE.as_ref() {
        Some(pattern) => pattern.replace_all(text, "# $1"),
        None => Cow::Owned(text.replace("##", "# #")),
    }
}

/// Breaks all commands in a text that begins at the start of a line.
#[must_use]
pub fn without_commands(text: &str) -> Cow<'_, str> {
    then(without_inline_commands(text), &AT_START, "$1 :")
}

/// Breaks the starts of groups in a text that begins at the start of a line.
#[must_use]
pub fn without_groups(text: &str) -> Cow<'_, str> {
    then(Cow::Borrowed(text), &GROUP, " $0")
}

fn then<'t>(text: Cow<'t, str>, pattern: &LazyLock<Option<Regex>>, by: &str) -> Cow<'t, str> {
    match pattern.as_ref() {
        Some(pattern) if pattern.is_match(&text) => Cow::Owned(pattern.replace_all(&text, by).into_owned()),
        Some(_) | None => text,
    }
}

/// The byte offsets at which `##` must be split, between the two signs, to break the commands that work anywhere.
pub(super) fn inline_breaks(text: &str) -> Vec<usize> {
    let found = ANYWHERE.iter().flat_map(|pattern| pattern.find_iter(text));
    found.map(|found| found.start() + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_of_a_ci_system_becomes_text() {
        for (text, broken) in [
            ("a ##[error]b", "a # #[error]b"),
            ("##vso[task.setvariable variable=x]y", "# #vso[task.setvariable variable=x]y"),
            ("##VSO[a]##[b]", "# #VSO[a]# #[b]"),
            ("###[a]", "## #[a]"),
            ("##teamcity[buildStatus text='x']", "# #teamcity[buildStatus text='x']"),
            ("::error::x", ": :error::x"),
            (" \t\u{3000}::set-output name=a::b", " \t\u{3000}: :set-output name=a::b"),
            ("\x1b[31m  ::stop-commands::x", "\x1b[31m  : :stop-commands::x"),
            ("ok\n::add-mask::a\n\n  ::x::", "ok\n: :add-mask::a\n\n  : :x::"),
            (":::a::", ": ::a::"),
            ("travis_fold:start:x", "travis_fold :start:x"),
            ("section_start:1:x", "section_start :1:x"),
        ] {
            assert_eq!(without_commands(text), broken);
            assert_eq!(without_commands(broken), broken, "once is enough");
        }
    }

    #[test]
    fn no_line_makes_a_group_of_what_follows() {
        assert_eq!(without_groups("--- well\n+++ a\n~~~ b\n^^^ +++"), " --- well\n +++ a\n ~~~ b\n ^^^ +++");
        for text in [" --- a", "----\n-", "---", "a --- b"] {
            assert!(matches!(without_groups(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn text_without_commands_is_unchanged() {
        for text in ["## Head [link]", "a::b", "# [x]", "x ::error::y", "a\n:b:\n", "--fix", "10 ## 3"] {
            assert!(matches!(without_commands(text), Cow::Borrowed(_)), "{text}");
        }
    }
}
