//! Decimal numbers kept by their digits: compared and added without loss, also beyond thirty digits.

use std::cmp::Ordering;

use super::value::Value;

/// The most digits of a sum.
const MOST_DIGITS: usize = 36;

/// A decimal number: sign, digits without leading or trailing zeros, and where the point stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    /// The value is `0.DIGITS` times ten to this power; 0 if there are no digits.
    power: i64,
}

impl Decimal {
    /// Reads a value that is a number, or a text that spells one as JSON does; a text with an exponent is not read.
    #[must_use]
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => Self::read(number.as_str(), true),
            Value::String(text) => Self::read(text, false),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// Reads a number that is spelled as in JSON, with or without exponent.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        Self::read(text, true)
    }

    fn read(text: &str, exponents: bool) -> Option<Self> {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) if exponents => (mantissa, read_exponent(exponent)?),
            Some(_) => return None,
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
        let spelled = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !spelled(whole) || !spelled(fraction) || (whole.len() > 1 && whole.starts_with('0')) {
            return None;
        }
        let all: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
        let zeros = all.iter().take_while(|digit| **digit == b'0').count();
        let end = all.iter().rposition(|digit| *digit != b'0').map_or(zeros, |last| last + 1);
        let digits = all[zeros..end].to_vec();
        if digits.is_empty() {
            return Some(Self { negative: false, digits, power: 0 });
        }
        let place = i64::try_from(whole.len()).ok()? - i64::try_from(zeros).ok()?;
        Some(Self { negative, digits, power: exponent.saturating_add(place) })
    }

    /// The sum in plain digits; `None` if it has too many.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Option<String> {
        let scale = self.scale()?.max(other.scale()?);
        let sum = self.scaled(scale)?.checked_add(other.scaled(scale)?)?;
        Some(spell(sum, scale))
    }

    /// The number of digits after the decimal point; `None` if it is out of range.
    fn scale(&self) -> Option<usize> {
        let behind = i64::try_from(self.digits.len()).ok()?.checked_sub(self.power)?;
        usize::try_from(behind.max(0)).ok().filter(|scale| *scale <= MOST_DIGITS)
    }

    /// The number times ten to `scale`, which is whole.
    fn scaled(&self, scale: usize) -> Option<i128> {
        let width = usize::try_from(self.power.checked_add(i64::try_from(scale).ok()?)?).ok()?;
        if width > MOST_DIGITS {
            return None;
        }
        let mut text = String::from_utf8(self.digits.clone()).ok()?;
        text.extend(std::iter::repeat_n('0', width.saturating_sub(text.len())));
        let number = if text.is_empty() { 0 } else { text.parse::<i128>().ok()? };
        Some(if self.negative { -number } else { number })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.digits.is_empty(), number.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let size = || self.power.cmp(&other.power).then_with(|| self.digits.cmp(&other.digits));
        match sign(self).cmp(&sign(other)) {
            Ordering::Equal if self.negative => size().reverse(),
            Ordering::Equal => size(),
            unequal @ (Ordering::Less | Ordering::Greater) => unequal,
        }
    }
}

/// Reads an exponent; a larger one than `LARGEST` counts as `LARGEST`.
fn read_exponent(text: &str) -> Option<i64> {
    const LARGEST: i64 = i64::MAX / 4;
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse::<i64>().map_or(LARGEST, |size| size.min(LARGEST));
    Some(if negative { -size } else { size })
}

/// A whole number divided by ten to `scale`, without needless zeros.
fn spell(number: i128, scale: usize) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", number.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(text: &str) -> Option<Decimal> {
        Decimal::of(&json!(text))
    }

    #[test]
    fn texts_that_are_not_numbers_are_not_read() {
        for text in ["", "-", "0911", "00", "1e3", "1.", ".5", "1.2.3", "+1", " 1", "1 ", "0x1", "NaN", "１", "1_0"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(Decimal::of(&json!(true)), None);
        assert_eq!(Decimal::of(&json!(null)), None);
    }

    #[test]
    fn digits_decide_the_order() {
        let order = [
            "-10",
            "-9.5",
            "-0.01",
            "0",
            "0.01",
            "0.1",
            "9",
            "9.50",
            "10",
            "123456789012345678901234567890",
            "123456789012345678901234567891",
            "123456789012345678901234567891.5",
        ];
        for pair in order.windows(2) {
            assert!(read(pair[0]) < read(pair[1]), "{pair:?}");
        }
        assert_eq!(read("1.50"), read("1.5"));
        assert_eq!(read("-0"), read("0.00"));
        let number = |text: &str| Decimal::of(&serde_json::from_str(text).unwrap());
        assert_eq!(number("1e3"), read("1000"));
        assert_eq!(number("1.5E-2"), read("0.015"));
        assert!(number("1e999999999999") > read("9"));
        assert!(Decimal::of_text("1e99999999999999999999999") > read("9"));
        assert!(Decimal::of_text("1e-99999999999999999999999") < read("0.1"));
        assert!(Decimal::of_text("1e+2") == read("100"));
        for text in ["1e", "1e+", "1e1.5", "e5", "1ee5"] {
            assert_eq!(Decimal::of_text(text), None, "{text}");
        }
    }

    #[test]
    fn sums_keep_every_digit() {
        let plus = |a: &str, b: &str| read(a)?.plus(&read(b)?);
        for (a, b, sum) in [
            ("1", "2", "3"),
            ("0.1", "0.2", "0.3"),
            ("1.50", "0.50", "2"),
            ("-1", "1", "0"),
            ("-0.5", "0.25", "-0.25"),
            ("0", "0", "0"),
            ("100", "0.001", "100.001"),
            ("99999999999999999999999999999", "1", "100000000000000000000000000000"),
        ] {
            assert_eq!(plus(a, b).as_deref(), Some(sum), "{a} {b}");
        }
        assert_eq!(plus(&"9".repeat(40), "1"), None);
        let huge = Decimal::of_text("1e99999999999999999999").unwrap();
        assert_eq!((huge.plus(&huge), huge.plus(&read("1").unwrap())), (None, None));
        assert_eq!(plus(&format!("0.{}1", "0".repeat(40)), "1"), None);
    }
}
