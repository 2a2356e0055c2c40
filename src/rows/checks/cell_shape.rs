//! What kinds of characters a cell holds, told in one pass over its first bytes.

/// How many bytes of a cell are looked at: no number, date or code of anyone is longer.
const LOOKED_AT: usize = 64;

/// ASCII digits.
const DIGIT: u8 = 1;
/// ASCII letters and what codes are written with.
const CODE: u8 = 2;
/// Blanks and control characters.
const BLANK: u8 = 4;
/// What parts the numbers of a date.
const DATE: u8 = 8;
/// A plus sign, as numbers in the scientific form have it.
const PLUS: u8 = 16;
/// Other ASCII.
const OTHER: u8 = 32;
/// Parts of characters beyond ASCII.
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

/// The kinds of a cell's characters.
#[derive(Clone, Copy)]
pub(in crate::rows) struct CellShape {
    kinds: u8,
    whole: bool,
}

impl CellShape {
    pub(in crate::rows) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let looked = &bytes[..bytes.len().min(LOOKED_AT)];
        let kinds = looked.iter().fold(0, |kinds, byte| kinds | KINDS[usize::from(*byte)]);
        Self { kinds, whole: bytes.len() <= LOOKED_AT }
    }

    fn only(self, kinds: u8) -> bool {
        self.whole && self.kinds & !kinds == 0
    }

    /// Digits alone.
    pub(in crate::rows::checks) fn is_digits(self) -> bool {
        self.only(DIGIT)
    }

    /// Digits with what parts a date's.
    pub(in crate::rows::checks) fn is_dated(self) -> bool {
        self.only(DIGIT | DATE) && self.kinds & DATE != 0
    }

    /// A number as `1.2E+17` or `1,2E+17` may be.
    pub(in crate::rows::checks) fn is_scientific(self) -> bool {
        self.only(DIGIT | CODE | DATE | PLUS | OTHER) && self.kinds & PLUS != 0 && self.kinds & DIGIT != 0
    }

    /// A code of ASCII alone, with a digit in it.
    pub(in crate::rows::checks) fn is_code(self) -> bool {
        self.only(DIGIT | CODE | DATE) && self.kinds & DIGIT != 0
    }

    /// Letters alone, and what stands between those of a code.
    pub(in crate::rows::checks) fn is_letters(self) -> bool {
        self.only(CODE | BLANK)
    }

    /// Whether something beyond ASCII may be in it.
    pub(in crate::rows::checks) fn may_be_wide(self) -> bool {
        !self.whole || self.is_wide()
    }

    /// Whether something beyond ASCII is in it, as far as that was looked at.
    pub(in crate::rows::checks) fn is_wide(self) -> bool {
        self.kinds & WIDE != 0
    }

    /// A short text beyond ASCII.
    pub(in crate::rows::checks) fn is_short_and_wide(self) -> bool {
        self.whole && self.is_wide()
    }

    /// Whether nothing but visible ASCII is in it.
    pub(in crate::rows::checks) fn is_clean(self) -> bool {
        self.only(DIGIT | CODE | DATE | PLUS | OTHER)
    }
}
