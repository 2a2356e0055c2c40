//! Rates (`20/s`, `100/20s`, `10/m`) and limits.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::time::parse_duration;

/// The nanoseconds of a millisecond.
const NANOS_OF_MILLI: u32 = 1_000_000;

/// A limit: at most this many calls in any span of this length. It is shown and read as `20/s`, `100/20s` or `10/m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rate {
    /// The number of calls; at least 1.
    pub(crate) calls: u32,
    /// The length of the sliding window in whole milliseconds; longer than zero.
    pub(crate) per: Duration,
}

impl Rate {
    /// The limit of `calls` in any span of the length `per`.
    ///
    /// # Errors
    /// A sentence that says what is accepted: at least one call, in a time of whole milliseconds longer than zero.
    pub fn new(calls: u32, per: Duration) -> Result<Self, String> {
        if calls == 0 || per.is_zero() {
            return Err("a rate is at least one call in a time longer than zero".to_owned());
        }
        if !per.subsec_nanos().is_multiple_of(NANOS_OF_MILLI) {
            return Err("the time of a rate is a number of whole milliseconds".to_owned());
        }
        Ok(Self { calls, per })
    }

    /// Reads `20/s`, `100/20s` or `10/m`.
    ///
    /// # Errors
    /// A sentence that says what is accepted, if the text is not a rate.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a rate: write calls per time, such as `20/s`, `100/20s` or `10/m`");
        let (calls, per) = text.trim().split_once('/').ok_or_else(wrong)?;
        let calls: u32 = calls.trim().parse().map_err(|_| wrong())?;
        let per = per.trim();
        let per = if per.starts_with(|c: char| c.is_ascii_digit()) { per.to_owned() } else { format!("1{per}") };
        let per = parse_duration(&per).map_err(|_| wrong())?;
        Self::new(calls, per).map_err(|why| format!("`{text}` is not a rate: {why}"))
    }

    /// The number of calls.
    #[must_use]
    pub const fn calls(self) -> u32 {
        self.calls
    }

    /// The length of the span in which they may be made.
    #[must_use]
    pub const fn per(self) -> Duration {
        self.per
    }

    /// The average number of calls per second.
    #[must_use]
    pub(crate) fn per_second(self) -> f64 {
        f64::from(self.calls) / self.per.as_secs_f64()
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (calls, per) = (self.calls, self.per);
        match (per.as_millis(), per.subsec_millis()) {
            (1_000, _) => write!(f, "{calls}/s"),
            (60_000, _) => write!(f, "{calls}/m"),
            (3_600_000, _) => write!(f, "{calls}/h"),
            (86_400_000, _) => write!(f, "{calls}/d"),
            (_, 0) => write!(f, "{calls}/{}s", per.as_secs()),
            (millis, _) => write!(f, "{calls}/{millis}ms"),
        }
    }
}

impl TryFrom<String> for Rate {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl From<Rate> for String {
    fn from(rate: Rate) -> Self {
        rate.to_string()
    }
}

/// Limits on calls: how many at once, and how many per time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The most calls under way at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_flight: Option<u32>,
    /// The most calls in a sliding window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_read_and_show_the_same() {
        for text in ["20/s", "100/20s", "10/m", "3/500ms", "1000000/d"] {
            assert_eq!(Rate::parse(text).map(|rate| rate.to_string()), Ok(text.to_owned()));
        }
        for bad in ["20", "0/s", "20/0s", "-1/s", "x/s", "20/", "20/y", "20/0.4ms", "20/1.5ms", "20/0.3333s"] {
            assert!(Rate::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_rate_is_read_as_it_is_shown() {
        for (calls, millis) in [(1, 1), (3, 999), (7, 1_001), (1, 60_500), (u32::MAX, 604_800_000)] {
            let rate = Rate::new(calls, Duration::from_millis(millis)).unwrap();
            assert_eq!(Rate::parse(&rate.to_string()), Ok(rate));
        }
        for (calls, per) in [(0, Duration::from_secs(1)), (1, Duration::ZERO), (1, Duration::from_micros(1_500))] {
            assert!(Rate::new(calls, per).is_err(), "{calls} in {per:?}");
        }
    }
}
