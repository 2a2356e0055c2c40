//! Writes one result cell: without control characters, with formulas escaped, quoted as the file's dialect requires.

use std::borrow::Cow;

use crate::diagnostic::{printable, without_commands};
use crate::model::{Value, as_text};
use crate::rows::{Dialect, escape_formula};

/// Appends `text` as one cell to `line`.
pub(super) fn push_cell(line: &mut String, text: &str, dialect: &Dialect) {
    let clean = escape_formula(cleaned(text));
    let special = |c: char| c == dialect.delimiter || c == '"';
    if dialect.quoted || clean.contains(special) || clean.starts_with(' ') || clean.ends_with(' ') {
        line.push('"');
        line.push_str(&clean.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(&clean);
    }
}

/// Makes a message safe to show: no invisible characters, and no commands of CI systems.
pub(super) fn talk(text: &str) -> Cow<'_, str> {
    match cleaned(text) {
        Cow::Borrowed(text) => through(printable(text)),
        Cow::Owned(text) => through(Cow::Owned(printable(&text).into_owned())),
    }
}

fn through(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => without_commands(text),
        Cow::Owned(text) => Cow::Owned(without_commands(&text).into_owned()),
    }
}

/// A result's value as text.
pub(super) fn result_text(value: &Value) -> String {
    as_text(value)
}

/// Replaces line breaks and tabs by spaces and removes other control characters.
fn cleaned(text: &str) -> Cow<'_, str> {
    let is_printing = |byte: u8| byte.is_ascii() && !byte.is_ascii_control();
    if text.bytes().all(is_printing) || !text.chars().any(char::is_control) {
        return Cow::Borrowed(text);
    }
    let clean = text
        .replace("\r\n", " ")
        .chars()
        .map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c })
        .filter(|c| !c.is_control())
        .collect();
    Cow::Owned(clean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(text: &str, dialect: &Dialect) -> String {
        let mut line = String::new();
        push_cell(&mut line, text, dialect);
        line
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_defused() {
        let dialect = Dialect::default();
        for text in ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "-", "--1", "-1.2.3", "＝1", "\t=1", " =1", "\u{0}=1"] {
            assert!(written(text, &dialect).trim_start_matches('"').starts_with('\''), "{text:?}");
        }
        for text in ["-5", "-5.25", "+886911", "5", "a=b", "", "'x"] {
            assert_eq!(written(text, &dialect), text);
        }
    }

    #[test]
    fn control_characters_do_not_reach_the_file() {
        let dialect = Dialect::default();
        assert_eq!(written("a\r\nb\tc\u{1b}[31m\u{7}\u{85}d\u{0}", &dialect), "a b c[31md");
    }

    #[test]
    fn messages_are_visible_and_run_no_command() {
        assert_eq!(talk("a\u{202e}b\r\n##vso[x]\u{1b}"), "a[U+202E]b # #vso[x]");
        assert_eq!(talk("::error::x"), ": :error::x");
        assert!(matches!(talk("預約 is done"), Cow::Borrowed(_)));
    }

    #[test]
    fn quoting_follows_the_dialect() {
        let semicolon = Dialect { delimiter: ';', ..Dialect::default() };
        assert_eq!(written("a,b", &semicolon), "a,b");
        assert_eq!(written("a;b", &semicolon), "\"a;b\"");
        let quoted = Dialect { quoted: true, ..Dialect::default() };
        assert_eq!(written("", &quoted), "\"\"");
        assert_eq!(written("say \"hi\"", &quoted), "\"say \"\"hi\"\"\"");
    }

    proptest! {
        #[test]
        fn a_cell_never_breaks_its_line(text in "\\PC*|[\u{0}-\u{ff}]*") {
            let out = written(&text, &Dialect::default());
            prop_assert!(!out.contains(['\n', '\r']));
            prop_assert!(out.starts_with('"') == out.ends_with('"') || !out.starts_with('"'));
        }
    }
}
