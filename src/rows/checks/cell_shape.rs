//! The kinds of characters in a cell, found in one pass over its first bytes.

/// The bytes of a cell that are classified. No number, date or code is longer.
const LOOKED_AT: usize = 64;

/// ASCII digits.
const DIGIT: u8 = 1;
/// ASCII letters, `_` and `:`.
const CODE: u8 = 2;
/// Blanks and control characters.
const BLANK: u8 = 4;
/// Separators of dates: `-`, `/` and `.`.
const DATE: u8 = 8;
/// A plus sign, as in scientific notation.
const PLUS: u8 = 16;
/// Other ASCII.
const OTHER: u8 = 32;
/// Bytes of characters beyond ASCII.
const WIDE: u8 = 64;

/// The kind of each byte.
const KINDS: [u8; 256] = {
    let mut kinds = [OTHER; 256];
    let mut at = 0;
    while at < 256 {
        kinds[at] = match at as u8 {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b':' => CODE,
            b'-' | b'/' | b'.' => DATE,
            b'+' => PLUS,
            0..=b' ' | 127 => BLANK,
            128.. => WIDE,
            _ => OTHER,
        };
        at += 1;
    }
    kinds
};

/// The kinds of characters in a cell.
#[derive(Clone, Copy)]
pub(in crate::rows) struct CellShape {
    kinds: u8,
    whole: bool,
    ascii: bool,
}

impl CellShape {
    pub(in crate::rows) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let looked = &bytes[..bytes.len().min(LOOKED_AT)];
        let kinds = looked.iter().fold(0, |kinds, byte| kinds | KINDS[usize::from(*byte)]);
        let whole = bytes.len() <= LOOKED_AT;
        let ascii = kinds & WIDE == 0 && (whole || bytes[LOOKED_AT..].is_ascii());
        Self { kinds, whole, ascii }
    }

    fn only(self, kinds: u8) -> bool {
        self.whole && self.kinds & !kinds == 0
    }

    /// Digits alone.
    pub(in crate::rows::checks) fn is_digits(self) -> bool {
        self.only(DIGIT)
    }

    /// Digits with separators of dates.
    pub(in crate::rows::checks) fn is_dated(self) -> bool {
        self.only(DIGIT | DATE) && self.kinds & DATE != 0
    }

    /// Possibly a number such as `1.2E+17` or `1,2E+17`.
    pub(in crate::rows::checks) fn is_scientific(self) -> bool {
        self.only(DIGIT | CODE | DATE | PLUS | OTHER) && self.kinds & PLUS != 0 && self.kinds & DIGIT != 0
    }

    /// An ASCII code: letters, digits and separators, with a digit among them.
    pub(in crate::rows::checks) fn is_code(self) -> bool {
        self.only(DIGIT | CODE | DATE) && self.kinds & DIGIT != 0
    }

    /// Letters, `_`, `:` and blanks only.
    pub(in crate::rows::checks) fn is_letters(self) -> bool {
        self.only(CODE | BLANK)
    }

    /// Whether it may hold characters beyond ASCII.
    pub(in crate::rows::checks) fn may_be_wide(self) -> bool {
        !self.whole || self.is_wide()
    }

    /// Whether its classified part holds characters beyond ASCII.
    pub(in crate::rows::checks) fn is_wide(self) -> bool {
        self.kinds & WIDE != 0
    }

    /// A short text with characters beyond ASCII.
    pub(in crate::rows::checks) fn is_short_and_wide(self) -> bool {
        self.whole && self.is_wide()
    }

    /// Whether the whole cell is ASCII, however long it is.
    pub(in crate::rows::checks) fn is_ascii(self) -> bool {
        self.ascii
    }

    /// Only letters, digits, blanks and the signs of codes, dates and scientific notation.
    pub(in crate::rows::checks) fn is_plain(self) -> bool {
        self.only(DIGIT | CODE | BLANK | DATE | PLUS)
    }

    /// Visible ASCII only.
    pub(in crate::rows::checks) fn is_clean(self) -> bool {
        self.only(DIGIT | CODE | DATE | PLUS | OTHER)
    }
}
