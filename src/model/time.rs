//! Instants and spans: microseconds since the Unix epoch, and durations as people write them.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// An instant in UTC, in microseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(i64);

impl Time {
    /// From microseconds since the Unix epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// From whole seconds since the Unix epoch.
    #[must_use]
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1_000_000))
    }

    /// Microseconds since the Unix epoch.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, rounded down.
    #[must_use]
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// The instant `span` later; saturates at the largest instant.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_micros()).unwrap_or(i64::MAX)))
    }

    /// The instant `span` earlier; saturates at the smallest instant.
    #[must_use]
    pub(crate) fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_micros()).unwrap_or(i64::MAX)))
    }

    /// The time from `earlier` to this instant; zero if this one is not later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// As a timestamp of jiff; the Unix epoch if out of range.
    #[must_use]
    pub(crate) fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// From a timestamp of jiff.
    #[must_use]
    pub(crate) fn from_timestamp(at: jiff::Timestamp) -> Self {
        Self(at.as_microsecond())
    }
}

impl fmt::Display for Time {
    /// RFC 3339 in UTC, to the second.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = jiff::Timestamp::from_second(self.as_secs()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        write!(f, "{at}")
    }
}

/// Reads a span such as `500ms`, `2s`, `1.5s`, `10m`, `3h` or `30d`.
///
/// # Errors
/// A sentence that says what is accepted, if the text is not a duration or is too long a one.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (digits, unit) = text.split_at(split);
    let factor = match unit.trim() {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3_600.0,
        "d" => 86_400.0,
        "w" => 604_800.0,
        _ => {
            return Err(format!(
                "`{text}` is not a duration: write a number and `ms`, `s`, `m`, `h`, `d` or `w`, such as `30s`"
            ));
        }
    };
    let number: f64 = digits.parse().map_err(|_| format!("`{text}` is not a duration: `{digits}` is not a number"))?;
    Duration::try_from_secs_f64(number * factor).map_err(|_| format!("`{text}` is too long a duration"))
}

/// Shows a span to people: `340 ms`, `12 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`.
#[must_use]
pub fn show_duration(span: Duration) -> String {
    let secs = span.as_secs();
    match secs {
        0 => format!("{} ms", span.as_millis()),
        1..=9 => format!("{:.1} s", span.as_secs_f64()),
        10..=59 => format!("{secs} s"),
        60..=3_599 => format!("{} min {} s", secs / 60, secs % 60),
        3_600..=86_399 => format!("{} h {} min", secs / 3_600, secs % 3_600 / 60),
        _ => format!("{} d {} h", secs / 86_400, secs % 86_400 / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_written() {
        assert_eq!(parse_duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse_duration("1.5s"), Ok(Duration::from_millis(1500)));
        assert_eq!(parse_duration("30d"), Ok(Duration::from_secs(30 * 86_400)));
        for bad in ["", "5", "s", "5 years", "-1s", "1e9d", "99999999999999999999999w"] {
            assert!(parse_duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn seconds_round_down_before_the_epoch_too() {
        assert_eq!(Time::from_micros(-1).as_secs(), -1);
        assert_eq!(Time::from_secs(5).since(Time::from_secs(9)), Duration::ZERO);
    }
}
