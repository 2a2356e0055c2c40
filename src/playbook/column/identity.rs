//! Identity numbers of mainland China and of Taiwan, with their check digits.

use crate::model::words;

words! {
    /// The kind of identity number in a column.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum IdentityNumber {
        /// Mainland China: 18 characters (GB 11643), including the new numbers of foreign residents.
        Cn = "cn_id",
        /// Taiwan: a letter and 9 digits, for citizens and residents; old numbers of residents have two letters.
        Tw = "tw_id",
    }
}

/// The weights of the first 17 digits of a mainland number.
const CN_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The check characters of a mainland number, by the remainder of 11.
const CN_CHECKS: &[u8; 11] = b"10X98765432";
/// The letters of a Taiwanese number, in the order of their values, which begin at 10.
const TW_LETTERS: &str = "ABCDEFGHJKLMNPQRSTUVXYWZIO";

impl IdentityNumber {
    /// What is wrong with a text as such a number, and what to do; `None` if it is valid.
    pub(super) fn problem_with(self, text: &str) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Cn => cn_flaw(text.as_bytes()),
            Self::Tw => tw_flaw(text.as_bytes()),
        }
    }
}

const CN_FORM: (&str, &str) = (
    "is not an identity number of the mainland",
    "Write its 18 characters: 17 digits, and a digit or `X`. A spreadsheet rounds such numbers unless the column is \
     formatted as text",
);
const CN_BIRTH: (&str, &str) = (
    "is not an identity number: its digits 7 to 14 are not a date of birth",
    "Compare it with the document: a digit was mistyped, left out or moved",
);
const CHECK: (&str, &str) = (
    "is not an identity number: its last character does not fit the others",
    "Compare it with the document: a digit was mistyped, or two changed places",
);
const CN_ROUNDED: (&str, &str) = (
    "is not an identity number: its last character does not fit the others",
    "A spreadsheet has probably rounded it, as it keeps 15 digits: format the column as text there and take the numbers \
     from their source again",
);
const TW_FORM: (&str, &str) = (
    "is not an identity number of Taiwan",
    "Write a letter and 9 digits, the first of them 1 or 2 (citizens), 8 or 9 (residents); old residents' numbers have \
     two letters and 8 digits",
);

fn cn_flaw(text: &[u8]) -> Option<(&'static str, &'static str)> {
    let Some((last, digits)) = text.split_last().filter(|(_, digits)| digits.len() == CN_WEIGHTS.len()) else {
        return Some(CN_FORM);
    };
    let last = last.to_ascii_uppercase();
    if !digits.iter().all(u8::is_ascii_digit) || !(last.is_ascii_digit() || last == b'X') || digits[0] == b'0' {
        return Some(CN_FORM);
    }
    if !is_birth(&digits[6..14]) {
        return Some(CN_BIRTH);
    }
    let sum: u32 = digits.iter().zip(CN_WEIGHTS).map(|(byte, weight)| number(*byte) * weight).sum();
    let problem_with = if text.ends_with(b"000") { CN_ROUNDED } else { CHECK };
    (CN_CHECKS[(sum % 11) as usize] != last).then_some(problem_with)
}

/// Whether eight digits are an existing day, from 1850 on.
fn is_birth(digits: &[u8]) -> bool {
    let part = |range: std::ops::Range<usize>| digits[range].iter().fold(0, |all, byte| all * 10 + number(*byte));
    let (Ok(year), Ok(month), Ok(day)) =
        (i16::try_from(part(0..4)), i8::try_from(part(4..6)), i8::try_from(part(6..8)))
    else {
        return false;
    };
    year >= 1850 && jiff::civil::Date::new(year, month, day).is_ok()
}

fn tw_flaw(text: &[u8]) -> Option<(&'static str, &'static str)> {
    if text.len() != 10 || !text[2..].iter().all(u8::is_ascii_digit) {
        return Some(TW_FORM);
    }
    let second = match text[1].to_ascii_uppercase() {
        digit @ (b'1' | b'2' | b'8' | b'9') => number(digit),
        // In an old number the second letter encodes kind and sex; the last digit of its value counts.
        letter @ b'A'..=b'D' => letter_number(letter).unwrap_or_default() % 10,
        _ => return Some(TW_FORM),
    };
    let Some(first) = letter_number(text[0]) else { return Some(TW_FORM) };
    let middle: u32 = text[2..9].iter().zip((1..=7).rev()).map(|(byte, weight)| number(*byte) * weight).sum();
    let sum = first / 10 + first % 10 * 9 + second * 8 + middle + number(text[9]);
    (!sum.is_multiple_of(10)).then_some(CHECK)
}

/// The two-digit value of a letter.
fn letter_number(letter: u8) -> Option<u32> {
    let letter = char::from(letter.to_ascii_uppercase());
    TW_LETTERS.find(letter).and_then(|at| u32::try_from(at + 10).ok())
}

fn number(digit: u8) -> u32 {
    u32::from(digit.wrapping_sub(b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_numbers_are_found_by_form_birth_and_check() {
        for (kind, text, problem_with) in [
            (IdentityNumber::Cn, "", CN_FORM),
            (IdentityNumber::Cn, "130503670401001", CN_FORM),
            (IdentityNumber::Cn, "11010519491231002x0", CN_FORM),
            (IdentityNumber::Cn, "1101051949123１002", CN_FORM),
            (IdentityNumber::Cn, "01010519491231002X", CN_FORM),
            (IdentityNumber::Cn, "11010519491331002X", CN_BIRTH),
            (IdentityNumber::Cn, "11010519490229002X", CN_BIRTH),
            (IdentityNumber::Cn, "110105194912310021", CHECK),
            (IdentityNumber::Cn, "110105194912310000", CN_ROUNDED),
            (IdentityNumber::Cn, "11010519491213002X", CHECK),
            (IdentityNumber::Tw, "", TW_FORM),
            (IdentityNumber::Tw, "A12345678", TW_FORM),
            (IdentityNumber::Tw, "A323456789", TW_FORM),
            (IdentityNumber::Tw, "1123456789", TW_FORM),
            (IdentityNumber::Tw, "Ａ12345678", TW_FORM),
            (IdentityNumber::Tw, "A123456788", CHECK),
            (IdentityNumber::Tw, "A213456789", CHECK),
            (IdentityNumber::Tw, "A800000015", CHECK),
        ] {
            assert_eq!(kind.problem_with(text), Some(problem_with), "{text}");
        }
    }

    #[test]
    fn valid_numbers_pass_old_and_new() {
        for text in ["11010519491231002X", "11010519491231002x", "440524188001010014"] {
            assert_eq!(IdentityNumber::Cn.problem_with(text), None, "{text}");
        }
        for text in ["A123456789", "a123456789", "A800000014", "AC01234567"] {
            assert_eq!(IdentityNumber::Tw.problem_with(text), None, "{text}");
        }
    }
}
