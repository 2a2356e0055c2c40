//! Shares of a whole (`10%`, `0.1`), kept exactly, so that rounding of floats adds no row.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A whole, in millionths.
const WHOLE: u32 = 1_000_000;

/// A share from nothing to all, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Share(u32);

impl Share {
    /// The whole.
    pub(crate) const ALL: Self = Self(WHOLE);

    /// Reads `10%`, `99.5%` or `0.1`.
    ///
    /// # Errors
    /// A sentence that says what is accepted, if the text is not a share from 0 to 1.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a share: write a percentage such as `10%`, or a number from 0 to 1");
        let (number, decimals) = match text.trim().strip_suffix('%') {
            Some(number) => (number.trim(), 4),
            None => (text.trim(), 6),
        };
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 9 || part.len() > decimals || !plain(whole) || !plain(part) {
            return Err(wrong());
        }
        let millionths: u64 = format!("{whole}{part:0<decimals$}").parse().map_err(|_| wrong())?;
        u32::try_from(millionths).ok().filter(|millionths| *millionths <= WHOLE).map(Self).ok_or_else(wrong)
    }

    /// Whether it is zero.
    #[must_use]
    pub(crate) const fn is_nothing(self) -> bool {
        self.0 == 0
    }

    /// This share of a number, rounded up.
    #[must_use]
    pub(crate) fn of(self, number: u64) -> u64 {
        let part = (u128::from(number) * u128::from(self.0)).div_ceil(u128::from(WHOLE));
        u64::try_from(part).unwrap_or(u64::MAX)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 10_000, self.0 % 10_000);
        match part {
            0 => write!(f, "{whole}%"),
            _ => write!(f, "{whole}.{}%", format!("{part:04}").trim_end_matches('0')),
        }
    }
}

impl TryFrom<String> for Share {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl From<Share> for String {
    fn from(share: Share) -> Self {
        share.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_are_not_shares_are_refused() {
        for bad in ["", "%", "101%", "1.1", "-1%", "x", "1e-1", "NaN", "0.0000001", "1.00001%", ".5", "99999999999999%"]
        {
            assert!(Share::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn shares_are_exact_and_round_up() {
        let of = |text: &str, number| Share::parse(text).unwrap().of(number);
        assert_eq!([of("10%", 30), of("10%", 31), of("10%", 1), of("10%", 0)], [3, 4, 1, 0]);
        assert_eq!([of("99%", 100), of("99%", 3), of("99.9%", 1_000), of("0.99", 100)], [99, 3, 999, 99]);
        assert_eq!([of("100%", u64::MAX), of("0%", 5), of("1", 7)], [u64::MAX, 0, 7]);
    }

    #[test]
    fn shares_read_back_as_they_are_shown() {
        for (text, shown) in
            [("10%", "10%"), ("0.1", "10%"), ("99.50%", "99.5%"), ("0.000001", "0.0001%"), ("1", "100%")]
        {
            let share = Share::parse(text).unwrap();
            assert_eq!(share.to_string(), shown);
            assert_eq!(Share::parse(shown), Ok(share));
        }
    }
}
