//! What programs leave in single cells, whatever the rest of the column holds.

use super::damaged::is_garbled;
use super::escaped::is_escaped;
use super::words::{is_error, is_missing, is_object};
use crate::diagnostic::Diagnostic;
use crate::rows::checks::{CellShape, ColumnPurpose, Finding, LocateFn};

/// The bytes of a cell that are searched, unless that would cut a character.
const LOOKED_AT: usize = 4096;

/// A kind of leftover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rows) enum Leftover {
    /// `#N/A`.
    Error,
    /// `="00123"`.
    Formula,
    /// `'00123`.
    Apostrophe,
    /// `NaN`.
    Missing,
    /// `[object Object]`.
    Object,
    /// `&amp;`.
    Escaped,
    /// `Ã¼`.
    Garbled,
    /// `“00123”`.
    Quoted,
    /// `0000-00-00`.
    ZeroDate,
}

/// The warning about a kind: its code, the words for one cell and for several, and the cure.
type Words = (&'static str, [&'static str; 2], &'static str);

impl Leftover {
    /// The kind of leftover that a cell holds.
    pub(in crate::rows) fn of(text: &str, shape: CellShape, purpose: ColumnPurpose) -> Option<Self> {
        let text = text.get(..LOOKED_AT).unwrap_or(text);
        // Most cells are codes and numbers, which can hold few of the kinds.
        if shape.is_code() {
            return match () {
                () if is_zero_date(text) => Some(Self::ZeroDate),
                () if text.starts_with("Err:") && is_error(text) => Some(Self::Error),
                () if text.contains("_x") && is_escaped(text, purpose.address) => Some(Self::Escaped),
                () if text.ends_with(".0") && is_missing(text, purpose.names) => Some(Self::Missing),
                () => None,
            };
        }
        if shape.is_plain() && is_ordinary(text) {
            return None;
        }
        Self::search(text, shape, purpose)
    }

    /// The kind that a cell holds which is no code.
    fn search(text: &str, shape: CellShape, purpose: ColumnPurpose) -> Option<Self> {
        match () {
            () if is_error(text) => Some(Self::Error),
            () if !purpose.person && is_missing(text, purpose.names) => Some(Self::Missing),
            () if shape.is_letters() => None,
            () if formula(text).is_some() => Some(Self::Formula),
            () if text_marked(text, purpose).is_some() => Some(Self::Apostrophe),
            () if is_zero_date(text) => Some(Self::ZeroDate),
            () if purpose.names && unquoted(text).is_some() => Some(Self::Quoted),
            () if is_object(text, purpose.names) => Some(Self::Object),
            () if is_escaped(text, purpose.address) => Some(Self::Escaped),
            () if shape.may_be_wide() && is_garbled(text) => Some(Self::Garbled),
            () => None,
        }
    }

    fn words(self) -> Words {
        match self {
            Self::Error => (
                "error-word",
                [
                    "is an error that a spreadsheet shows instead of a value",
                    "are errors that a spreadsheet shows instead of values",
                ],
                "Correct the formula in the spreadsheet, or widen the column for `####`, and export it again",
            ),
            Self::Formula => (
                "formula-text",
                ["is written as a formula", "are written as formulas"],
                "Some programs write `=\"00123\"` so that a spreadsheet keeps the zeros; the text itself would go out with \
                 it: write the value alone",
            ),
            Self::Apostrophe => (
                "text-mark",
                [
                    "begins with the apostrophe that marks a text in a spreadsheet",
                    "begin with the apostrophe that marks a text in a spreadsheet",
                ],
                "It goes out with the value: take it away, and format the column as text where the file comes from",
            ),
            Self::Missing => (
                "missing-word",
                ["is a program's word for a missing value", "are a program's words for a missing value"],
                "It would go out as a text: leave such cells blank, and declare the column `optional: true`",
            ),
            Self::Object => (
                "object-text",
                ["is a value as a programming language writes it", "are values as a programming language writes them"],
                "The program that wrote the file put a whole object there: have it write the value that is meant",
            ),
            Self::Escaped => (
                "escaped-text",
                [
                    "holds characters that another program has escaped",
                    "hold characters that another program has escaped",
                ],
                "They go out as they stand, such as `&amp;` for `&`: export the column as plain text",
            ),
            Self::Garbled => (
                "garbled-text",
                ["was read in a wrong encoding before", "were read in a wrong encoding before"],
                "The file holds the wrong characters itself: export it again as UTF-8 (in a spreadsheet: \"CSV UTF-8\"), or \
                 correct `encoding:` where that is named",
            ),
            Self::Quoted => (
                "quoted-code",
                ["has quotation marks around it", "have quotation marks around them"],
                "They are sent with the value: delete them; a quote of CSV is written once",
            ),
            Self::ZeroDate => (
                "zero-date",
                ["is a date that programs write for a missing one", "are dates that programs write for a missing one"],
                "Leave such cells blank, and declare the column `optional: true`",
            ),
        }
    }
}

/// The leftovers of a column, by kind.
#[derive(Default)]
pub(in crate::rows::checks) struct Leftovers {
    found: Vec<(Leftover, Finding, String)>,
}

impl Leftovers {
    pub(in crate::rows::checks) fn inspect(
        &mut self,
        text: &str,
        shape: CellShape,
        purpose: ColumnPurpose,
        locate: &LocateFn<'_>,
    ) {
        let Some(mark) = Leftover::of(text, shape, purpose) else { return };
        match self.found.iter_mut().find(|(known, ..)| *known == mark) {
            Some((_, finding, _)) => finding.add(locate),
            None => {
                let mut finding = Finding::default();
                finding.add(locate);
                self.found.push((mark, finding, text.to_owned()));
            }
        }
    }

    /// The warnings; `shown` allows cells to be quoted.
    pub(in crate::rows::checks) fn report(&self, column: &str, shown: bool) -> impl Iterator<Item = Diagnostic> {
        self.found.iter().filter_map(move |(mark, finding, first)| {
            let (code, words, help) = mark.words();
            let quote = if shown { format!(" (`{}`)", cut(first)) } else { String::new() };
            let [one, several] = words.map(|words| format!("{words}{quote}"));
            finding.warning(code, column, [&one, &several], help)
        })
    }
}

/// The first characters of a cell.
fn cut(text: &str) -> String {
    const SHOWN: usize = 24;
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Whether a plain text can hold none of the kinds: it begins like none of their words, and has no `_`.
fn is_ordinary(text: &str) -> bool {
    let first = text.trim_start().bytes().next();
    let opens = matches!(first, Some(b'E' | b'L' | b'N' | b'n' | b'-' | b'u' | b'0' | b'1'));
    !opens && !text.as_bytes().contains(&b'_')
}

/// The text inside `="00123"`.
pub(in crate::rows) fn formula(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("=\"")?.strip_suffix('"')?;
    (!inner.contains('"')).then_some(inner)
}

/// The code behind the apostrophe of `'00123`. In columns without identifiers, only a long number or one with leading
/// zeros counts, because `'04` is a year.
pub(in crate::rows) fn text_marked(text: &str, purpose: ColumnPurpose) -> Option<&str> {
    let rest = text.strip_prefix('\'')?;
    let shape = CellShape::of(rest);
    let code = purpose.names && shape.is_code() && rest.len() >= 3;
    let number =
        rest.len() >= 6 && rest.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.'));
    let zeros = rest.len() >= 4 && rest.starts_with('0') && rest.bytes().all(|byte| byte.is_ascii_digit());
    (code || number || zeros).then_some(rest)
}

/// The code between quotation marks.
pub(in crate::rows) fn unquoted(text: &str) -> Option<&str> {
    const PAIRS: [(char, char); 10] = [
        ('"', '"'),
        ('“', '”'),
        ('‘', '’'),
        ('„', '“'),
        ('«', '»'),
        ('\'', '\''),
        ('`', '`'),
        ('”', '”'),
        ('「', '」'),
        ('＂', '＂'),
    ];
    let text = text.trim();
    PAIRS.into_iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(open)?.strip_suffix(close)?;
        (!inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_graphic()) && !inner.contains(open))
            .then_some(inner)
    })
}

fn is_zero_date(text: &str) -> bool {
    const DATES: [&str; 7] =
        ["0000-00-00", "0000/00/00", "1900-01-00", "1899-12-30", "0001-01-01", "1900/1/0", "1/0/1900"];
    let date = text.trim();
    if !date.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    // Behind it may stand midnight.
    DATES.iter().any(|zero| {
        date.strip_prefix(zero).is_some_and(|rest| {
            rest.is_empty()
                || rest.trim_start_matches(['T', ' ']).bytes().all(|byte| matches!(byte, b'0' | b':' | b'.' | b'Z'))
        })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cell_that_is_passed_over_as_ordinary_shows_nothing(
            text in "(NaN|nan|-nan|None|nil|N/A|-|undefined|NULL|Err:502|Loading\\.\\.\\.|0000-00-00|1/0/1900|_x000D_|0|1|a|E| |\t|:|\\+|\\.|_){0,4}",
            names in any::<bool>(),
        ) {
            let shape = CellShape::of(&text);
            let purpose = ColumnPurpose { names, ..ColumnPurpose::default() };
            if shape.is_plain() && !shape.is_code() && is_ordinary(&text) {
                prop_assert_eq!(Leftover::search(&text, shape, purpose), None);
            }
        }
    }
}
