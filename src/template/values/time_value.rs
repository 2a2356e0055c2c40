//! Times in templates: RFC 3339 texts, plain days and Unix seconds; time zones by name.

use jiff::civil::Date;
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

use crate::model::Value;

/// How many characters of a value a message shows.
const SHOWN: usize = 80;

/// The smallest number that a text means as Unix seconds (in 1973). Eight digits are a day such as `20260301`.
const FIRST_SECONDS_IN_TEXT: i64 = 100_000_000;

/// A time with the form in which it was written, so that a computed time keeps that form.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::template) enum TimeValue {
    /// RFC 3339 with an offset. `zulu` is true if the offset was written `Z`.
    Stamped { at: Zoned, zulu: bool },
    /// Seconds since the Unix epoch. `number` is true for a JSON number, false for a text.
    Seconds { at: Timestamp, number: bool },
    /// A day without time of day and zone.
    Day(Date),
}

impl TimeValue {
    /// Reads a value as a time.
    ///
    /// # Errors
    /// The value is not a time; the message says what is accepted.
    pub(in crate::template) fn read(value: &Value) -> Result<Self, String> {
        let found = match value {
            Value::String(text) => Self::from_text(text),
            Value::Number(number) => seconds(number.as_str()).map(|at| Self::Seconds { at, number: true }),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        found.ok_or_else(|| {
            let text = crate::model::as_text(value);
            let shown = crate::diagnostic::shortened(&text, SHOWN);
            format!(
                "`{shown}` is not a time: write RFC 3339 such as `2026-03-01T18:00:00+08:00`, a day such as \
                 `2026-03-01`, or Unix seconds"
            )
        })
    }

    /// Reads RFC 3339 with an offset, a day, or Unix seconds; `None` for anything else.
    pub(in crate::template) fn from_text(text: &str) -> Option<Self> {
        if let Some(at) = seconds(text) {
            // Fewer digits are more likely a day or a time of day without separators, such as `20260301`.
            let plausible = FIRST_SECONDS_IN_TEXT <= at.as_second();
            return plausible.then_some(Self::Seconds { at, number: false });
        }
        let first_digit = text.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
        let pieces =
            Pieces::parse(text).ok().filter(|_| first_digit && text.len() >= 10 && text.as_bytes()[4] == b'-')?;
        if pieces.time_zone_annotation().is_some() {
            return None;
        }
        match (pieces.time(), pieces.offset()) {
            (Some(time), Some(offset)) => {
                let (offset, zulu) = match offset {
                    PiecesOffset::Zulu => (Offset::UTC, true),
                    PiecesOffset::Numeric(numeric) => (numeric.offset(), false),
                    _ => return None,
                };
                let at = pieces.date().to_datetime(time).to_zoned(TimeZone::fixed(offset)).ok()?;
                Some(Self::Stamped { at, zulu })
            }
            (None, None) => Some(Self::Day(pieces.date())),
            _ => None,
        }
    }

    /// The instant; `None` for a day, which is an instant only in a zone.
    pub(in crate::template) fn timestamp(&self) -> Option<Timestamp> {
        match self {
            Self::Stamped { at, .. } => Some(at.timestamp()),
            Self::Seconds { at, .. } => Some(*at),
            Self::Day(_) => None,
        }
    }

    /// The value in the form in which it was written.
    pub(in crate::template) fn to_value(&self) -> Value {
        match self {
            Self::Stamped { at, zulu } => Value::String(rfc3339(at, *zulu)),
            Self::Seconds { at, number: true } => Value::from(at.as_second()),
            Self::Seconds { at, number: false } => Value::String(at.as_second().to_string()),
            Self::Day(date) => Value::String(date.to_string()),
        }
    }
}

/// Writes RFC 3339 with a numeric offset, or with `Z` if `zulu` (`at` must then be in UTC).
pub(in crate::template) fn rfc3339(at: &Zoned, zulu: bool) -> String {
    let (form, tail) = if zulu { ("%Y-%m-%dT%H:%M:%S%.f", "Z") } else { ("%Y-%m-%dT%H:%M:%S%.f%:z", "") };
    format!("{}{tail}", at.strftime(form))
}

/// Finds a time zone by its IANA name, or by an offset such as `+08:00`.
///
/// # Errors
/// There is no such zone.
pub(in crate::template) fn zone(name: &str) -> Result<TimeZone, String> {
    let wrong = || {
        let shown = crate::diagnostic::shortened(name, SHOWN);
        format!("`{shown}` is not a time zone: write one such as `Asia/Taipei` or `+08:00`")
    };
    if name.starts_with(['+', '-']) {
        let probe = format!("2000-01-01T00:00:00{name}");
        return match TimeValue::from_text(&probe) {
            Some(TimeValue::Stamped { at, .. }) => Ok(at.time_zone().clone()),
            _ => Err(wrong()),
        };
    }
    TimeZone::get(name).map_err(|_| wrong())
}

fn seconds(text: &str) -> Option<Timestamp> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let spelled = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let plain = digits == "0" || !digits.starts_with('0');
    text.parse().ok().filter(|_| spelled && plain).and_then(|secs| Timestamp::from_second(secs).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_that_are_not_times_are_refused() {
        for value in [
            json!("tomorrow"),
            json!(""),
            json!("2026-03-01T18:00:00"),
            json!("2026-03-01 18:00"),
            json!("2026-02-30"),
            json!("2026-03-01T25:00:00Z"),
            json!("2026-03-01T18:00:00+08:00[Asia/Taipei]"),
            json!("0911211211"),
            json!("20260301"),
            json!("-1"),
            json!("0"),
            json!("99999999999999999999"),
            json!(1.5),
            json!(true),
            json!(null),
        ] {
            assert!(TimeValue::read(&value).is_err(), "{value}");
        }
    }

    #[test]
    fn times_keep_their_form() {
        for value in [
            json!("2026-03-01T18:00:00+08:00"),
            json!("2026-03-01T18:00:00.25-03:30"),
            json!("2026-03-01T10:00:00Z"),
            json!("2026-03-01T10:00:00+00:00"),
            json!("2026-03-01"),
            json!("1772359200"),
            json!(1_772_359_200),
            json!(-1),
        ] {
            assert_eq!(TimeValue::read(&value).map(|at| at.to_value()), Ok(value));
        }
    }

    #[test]
    fn zones_by_name_or_offset() {
        for name in ["Asia/Taipei", "UTC", "+08:00", "-03:30"] {
            assert!(zone(name).is_ok(), "{name}");
        }
        for name in ["", "Asia/Nowhere", "Taipei time", "+25:99", "+"] {
            assert!(zone(name).is_err(), "{name}");
        }
    }
}
