//! Codes with letters or dashes of another script that look like plain ones: a Cyrillic `А`, a long dash.

use crate::diagnostic::{Diagnostic, code_points, visual_form};
use crate::rows::checks::{CellShape, Finding, LocateFn};

/// The codes of a column that holds identifiers.
#[derive(Default)]
pub(in crate::rows::checks) struct LookAlikeLetters {
    plain: u64,
    /// Those with plain letters beside, or with a dash of another kind.
    mixed: Finding,
    /// Those in letters of one other script.
    other: Finding,
    example: Option<String>,
}

impl LookAlikeLetters {
    pub(in crate::rows::checks) fn inspect(&mut self, text: &str, shape: CellShape, locate: &LocateFn<'_>) {
        if shape.is_code() {
            self.plain += u64::from(text.bytes().any(|byte| byte.is_ascii_alphabetic()));
            return;
        }
        if !shape.is_short_and_wide() || !text.chars().any(|c| foreign(c).is_some()) {
            return;
        }
        let sound = text.chars().all(|c| foreign(c).is_some() || c.is_ascii_graphic());
        if !sound || !text.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
            return;
        }
        let strange: String = text.chars().filter(|c| foreign(*c).is_some()).take(1).collect();
        self.example.get_or_insert(code_points(&strange));
        let dash = text.chars().all(|c| c.is_ascii() || foreign(c) == Some('-'));
        match dash || text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
            true => self.mixed.add(locate),
            false => self.other.add(locate),
        }
    }

    /// Warns of such codes. Codes in Cyrillic letters only are taken as meant, unless most others have plain letters.
    pub(in crate::rows::checks) fn report(&self, column: &str) -> Option<Diagnostic> {
        let mut all = Finding::default();
        all.merge(&self.mixed);
        if self.plain > self.other.count {
            all.merge(&self.other);
        }
        let example = self.example.as_deref().unwrap_or_default();
        let words = [
            &format!("holds a character that looks like a plain one and is another ({example})"),
            &format!("hold characters that look like plain ones and are others (the first is {example})"),
        ];
        let help =
            "It is sent with the code, and the vendor may not find what it names: type it again on a plain keyboard";
        all.warning("foreign-letter", column, [words[0], words[1]], help)
    }
}

/// The ASCII character that a character of another script looks like. Full-width characters have a check of their own.
fn foreign(c: char) -> Option<char> {
    if c.is_ascii() || matches!(c, '\u{ff01}'..='\u{ff5e}') {
        return None;
    }
    let mut buffer = [0; 4];
    let plain = visual_form(c.encode_utf8(&mut buffer));
    plain.chars().next().filter(|one| one.is_ascii_graphic() && plain.len() == 1)
}
