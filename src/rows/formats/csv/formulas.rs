//! Escapes texts that a spreadsheet would run as formulas in a CSV file: an apostrophe goes in front. runsheet removes
//! it when it reads a run's row file.
//!
//! A text that already has apostrophes and would run without them gets one more. So exactly one is added and one
//! removed, and every text comes back unchanged. Numbers and telephone numbers (`-5`, `+886 911 211 211`) are not
//! escaped: they do no harm in a spreadsheet, and other programs read them.

use std::borrow::Cow;

use super::cells::reread;
use crate::rows::record::{Dialect, Record, RowFormat};

/// The first characters of formulas. Spreadsheets accept the full-width forms too.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// The text as it may be written to a CSV file.
pub(crate) fn escape_formula(text: Cow<'_, str>) -> Cow<'_, str> {
    if is_held(&text) { Cow::Owned(format!("'{text}")) } else { text }
}

/// Whether a text needs an apostrophe, or has one that was added.
fn is_held(text: &str) -> bool {
    would_run(text.trim_start_matches('\''))
}

/// Whether a spreadsheet may run a cell with this text.
fn would_run(text: &str) -> bool {
    let unseen =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    let bare = text.trim_start_matches(unseen);
    text.starts_with(['\t', '\r', '\n']) || (bare.starts_with(SIGNS) && !is_figure(bare))
}

/// Whether a signed text is a number, or a telephone number with its country code.
fn is_figure(text: &str) -> bool {
    if let Some(number) = text.strip_prefix('-') {
        return number.starts_with(|c: char| c.is_ascii_digit()) && number.parse::<f64>().is_ok();
    }
    let Some(phone) = text.strip_prefix('+') else { return false };
    let digits = phone.bytes().filter(u8::is_ascii_digit).count();
    let parts = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')');
    digits > 0 && !phone.starts_with(['-', '.', ' ']) && phone.chars().all(parts)
}

impl Dialect {
    /// A row's bytes for a row file, with formulas escaped.
    ///
    /// Rows that came from CSV keep their bytes, except that a text with an apostrophe ahead of a formula gets another
    /// one. Rows that were converted to CSV get every formula escaped.
    #[must_use]
    pub fn escaped_row<'r>(&self, raw: &'r [u8]) -> Cow<'r, [u8]> {
        if self.format != RowFormat::Csv || !(self.converted || raw.contains(&b'\'')) {
            return Cow::Borrowed(raw);
        }
        let text = self.encoding.decode(raw);
        let record = reread(&text, self.delimiter, 1, 1);
        let held = |at: &usize| {
            let cell = record.cell(*at).unwrap_or_default();
            is_held(&cell) && (self.converted || cell.starts_with('\''))
        };
        let places: Vec<usize> = (0..record.cells.len())
            .filter(held)
            .map(|at| self.encoding.length_of(raw, record.cells[at].start))
            .collect();
        if places.is_empty() {
            return Cow::Borrowed(raw);
        }
        let mark = self.encoding.encode("'");
        let (mut out, mut taken) = (Vec::with_capacity(raw.len() + places.len() * mark.len()), 0);
        for place in places {
            out.extend_from_slice(&raw[taken..place]);
            out.extend_from_slice(&mark);
            taken = place;
        }
        out.extend_from_slice(&raw[taken..]);
        Cow::Owned(out)
    }
}

impl Record {
    /// Removes the added apostrophes from the first `columns` cells. Returns whether one of them is a formula then.
    pub(in crate::rows) fn unescape_formulas(&mut self, columns: usize) -> bool {
        if !self.kinds.is_empty() || self.problem.is_some() {
            return false;
        }
        let held = |at: &usize| self.cell(*at).is_some_and(|cell| cell.starts_with('\'') && is_held(&cell));
        let held: Vec<usize> = (0..self.cells.len().min(columns)).filter(held).collect();
        let places: Vec<usize> = held.iter().map(|at| self.cells[*at].start).collect();
        if places.is_empty() {
            return false;
        }
        if let Some(bytes) = &self.bytes {
            let mark = self.encoding.encode("'").len();
            let places = places.iter().map(|place| self.encoding.length_of(bytes, *place));
            self.bytes = Some(without(bytes, places, mark).into());
        }
        let text = without(self.text.as_bytes(), places.iter().copied(), 1);
        self.text = String::from_utf8(text).unwrap_or_default();
        for cell in &mut self.cells {
            let before = |at: usize| places.iter().filter(|place| **place < at).count();
            (cell.start, cell.end) = (cell.start - before(cell.start), cell.end - before(cell.end));
        }
        held.iter().any(|at| self.cell(*at).is_some_and(|cell| would_run(&cell)))
    }
}

/// The bytes without `length` bytes at each of the sorted `places`.
fn without(bytes: &[u8], places: impl Iterator<Item = usize>, length: usize) -> Vec<u8> {
    let (mut out, mut taken) = (Vec::with_capacity(bytes.len()), 0);
    for place in places {
        out.extend_from_slice(&bytes[taken..place]);
        taken = place + length;
    }
    out.extend_from_slice(&bytes[taken..]);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::TextEncoding;

    #[test]
    fn formulas_are_escaped_and_numbers_are_not() {
        for text in [
            "=1+1",
            "+cmd|' /C calc'!A0",
            "-1+1",
            "@SUM(A1)",
            "-",
            "--1",
            "-1.2.3",
            "＝1",
            "\t=1",
            " =1",
            "\u{0}=1",
            "\u{feff}=1",
            "\tplain",
            "'=1",
            "''@x",
            "+1+1",
            "-inf",
            "+",
        ] {
            assert_eq!(escape_formula(text.into()), format!("'{text}"), "{text:?}");
        }
        for text in [
            "-5",
            "-5.25",
            "-1.5e3",
            "+886911211211",
            "+86 138-0000-0000",
            "+1 (800) 555.0100",
            "5",
            "a=b",
            "",
            "'x",
            "'00123",
            "'-5",
            "2035-01-31",
            "it's",
        ] {
            assert_eq!(escape_formula(text.into()), text);
        }
    }

    proptest! {
        #[test]
        fn escaped_rows_are_read_back_unchanged(
            cells in prop::collection::vec("('|=|-|@|＝|\t|x|5|\"|,|\n| ){0,6}", 1..5),
            wide in any::<bool>(),
            converted in any::<bool>(),
        ) {
            let encoding = if wide { TextEncoding::Utf16le } else { TextEncoding::Utf8 };
            let dialect = Dialect { encoding, converted, ..Dialect::default() };
            let quoted: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            let raw = encoding.encode(&quoted.join(",")).into_owned();
            let written = dialect.escaped_row(&raw).into_owned();
            let text = encoding.decode(&written).into_owned();
            let mut record = reread(&text, dialect.delimiter, 1, 1);
            for at in (0..cells.len()).filter(|_| converted) {
                prop_assert!(!would_run(&record.cell(at).unwrap()), "{:?}", record.cell(at));
            }
            (record.bytes, record.encoding) = (wide.then(|| written.clone().into()), encoding);
            record.unescape_formulas(cells.len());
            let back: Vec<String> = (0..cells.len()).map(|at| record.cell(at).unwrap().into_owned()).collect();
            prop_assert_eq!(&back, &cells);
            prop_assert_eq!(&record.raw(usize::MAX)[..], &raw[..]);
        }
    }
}
