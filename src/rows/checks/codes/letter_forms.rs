//! Codes in another form of letters: full-width ones (`Ａ１２`) in a key or among plain codes, and small letters in
//! identity numbers.

use crate::diagnostic::Diagnostic;
use crate::playbook::ColumnDecl;
use crate::rows::checks::{CellShape, Finding, LocateFn};

/// The codes of a column, plain and full-width.
#[derive(Default)]
pub(in crate::rows::checks) struct FullWidthCodes {
    plain: u64,
    wide: Finding,
}

impl FullWidthCodes {
    pub(in crate::rows::checks) fn inspect(&mut self, text: &str, shape: CellShape, locate: &LocateFn<'_>) {
        if shape.is_code() {
            self.plain += 1;
        } else if shape.is_short_and_wide() && is_wide_code(text) {
            self.wide.add(locate);
        }
    }

    /// `key` says that the column names its rows. Elsewhere plain codes must outnumber full-width ones, because
    /// addresses are often written full-width.
    pub(in crate::rows::checks) fn report(&self, column: &str, key: bool) -> Option<Diagnostic> {
        if !key && self.plain <= self.wide.count {
            return None;
        }
        let words = ["holds full-width digits or letters", "hold full-width digits or letters"];
        let help = "They look alike and are others to every program: type them again in half-width (`Ａ１` as `A1`)";
        self.wide.warning("full-width", column, words, help)
    }
}

/// Whether a text is a code with full-width characters and a digit.
fn is_wide_code(text: &str) -> bool {
    let (mut wide, mut digit) = (false, false);
    for char in text.trim().chars() {
        let narrow = narrowed(char);
        wide |= narrow != char && narrow.is_ascii_alphanumeric();
        digit |= narrow.is_ascii_digit();
        if !narrow.is_ascii_alphanumeric() && !matches!(narrow, '-' | '_' | '.' | '/' | ':') {
            return false;
        }
    }
    wide && digit
}

/// The half-width form of a full-width character.
pub(in crate::rows) fn narrowed(char: char) -> char {
    match u32::from(char) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(char),
        _ => char,
    }
}

/// The valid identity numbers of a column that have small letters (`…002x`), which documents write in capitals.
pub(in crate::rows::checks) struct SmallLetters {
    decl: ColumnDecl,
    found: Finding,
}

impl SmallLetters {
    /// A check for a column of identity numbers; `None` for other columns.
    pub(in crate::rows::checks) fn of(decl: &ColumnDecl) -> Option<Self> {
        decl.identity.map(|_| Self { decl: decl.clone(), found: Finding::default() })
    }

    pub(in crate::rows::checks) fn inspect(&mut self, text: &str, locate: &LocateFn<'_>) {
        if text.bytes().any(|byte| byte.is_ascii_lowercase()) && self.decl.convert(text).is_ok() {
            self.found.add(locate);
        }
    }

    pub(in crate::rows::checks) fn report(&self, column: &str) -> Option<Diagnostic> {
        let words = ["has a small letter", "have small letters"];
        let help = "Documents spell them large, and programs compare them so: write `X` for `x`";
        self.found.warning("small-letter", column, words, help)
    }
}
