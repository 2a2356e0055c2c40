//! Numbers by their digits, without floats: which texts are integers or numbers, and which of two is larger.

use std::cmp::Ordering;

use serde_json::Number;

use crate::model::Decimal;

/// Whether the text is an integer as JSON writes one: no plus, no leading zeros, no point.
pub(crate) fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    is_whole_part(digits)
}

/// Whether the text is a number as JSON writes one.
pub(crate) fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    is_whole_part(whole)
        && fraction.is_none_or(all_digits)
        && exponent.is_none_or(|text| all_digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}

/// The number with its digits as written; `None` if the text is not a number.
pub(crate) fn number(text: &str) -> Option<Number> {
    if is_number(text) { serde_json::from_str(text).ok() } else { None }
}

fn is_whole_part(text: &str) -> bool {
    all_digits(text) && (text == "0" || !text.starts_with('0'))
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Compares two numbers exactly, of any length; a text that is not a number is less than any number.
pub(crate) fn compare(left: &str, right: &str) -> Ordering {
    Decimal::of_text(left).cmp(&Decimal::of_text(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_are_not_integers_are_refused() {
        for bad in ["", "-", "+1", "00123", "-01", "1.0", "1e3", " 1", "1 ", "１２", "1,000", "0x1f", "--1"] {
            assert!(!is_integer(bad), "{bad}");
        }
        for good in ["0", "-0", "7", "-12", "123456789012345678901234567890"] {
            assert!(is_integer(good), "{good}");
        }
    }

    #[test]
    fn texts_that_are_not_numbers_are_refused() {
        for bad in ["", ".5", "5.", "1e", "1e+", "NaN", "inf", "1.2.3", "01.5", "1_000", "1e5e5", "1.e5", "+1.0", "1,5"]
        {
            assert!(!is_number(bad), "{bad}");
            assert!(number(bad).is_none(), "{bad}");
        }
        for good in ["0", "1.50", "-0.1", "1e5", "1E-5", "1.25e+10", "0.000", "1e999"] {
            assert!(is_number(good), "{good}");
        }
    }

    #[test]
    fn numbers_keep_their_digits() {
        for text in ["1.50", "123456789012345678901234567890", "0.10000000000000000000000000001", "-7"] {
            assert_eq!(number(text).map(|number| number.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn comparison_is_exact() {
        let rising = [
            "-1e400",
            "-10",
            "-9.5",
            "-0.001",
            "0",
            "0.0009",
            "1e-3",
            "1.49",
            "1.5",
            "9",
            "10",
            "99",
            "1e2",
            "123456789012345678901234567890",
            "123456789012345678901234567891",
            "1e9999999999999999999999",
        ];
        for (index, left) in rising.iter().enumerate() {
            for (other, right) in rising.iter().enumerate() {
                if (*left, *right) != ("1e-3", "0.001") {
                    assert_eq!(compare(left, right), index.cmp(&other), "{left} {right}");
                }
            }
        }
        for (left, right) in [("1.50", "1.5"), ("0.0", "-0"), ("100", "1e2"), ("0.001", "1e-3"), ("1200e-2", "12")] {
            assert_eq!(compare(left, right), Ordering::Equal, "{left} {right}");
        }
    }
}
