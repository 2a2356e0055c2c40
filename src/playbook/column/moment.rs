//! Reads dates and date-times: ISO 8601 or a declared format, in a declared time zone, to RFC 3339.

use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{Timestamp, civil};

use crate::model::{Moment, TimePattern};

/// Why a text is not a date or date-time.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum MomentError {
    /// It has another format, or its day does not exist.
    Form,
    /// It has no offset, and the column declares no time zone.
    Zoneless,
    /// Clocks in that zone skip this time.
    Skipped,
    /// Clocks in that zone show this time twice.
    Twice,
    /// It is out of range, or so early that the offset of the zone is not in whole minutes.
    Range,
}

/// Reads a day.
///
/// # Errors
/// `Form`: the text is not a day in this format.
pub(super) fn day(text: &str, format: Option<&TimePattern>) -> Result<civil::Date, MomentError> {
    let read = match format {
        Some(format) => format.read(text).ok(),
        None => iso(text).filter(|moment| moment.time.is_none()),
    };
    read.map(|moment| moment.date).ok_or(MomentError::Form)
}

/// Reads an instant; returns its RFC 3339 text and the instant.
///
/// # Errors
/// Any [`MomentError`].
pub(super) fn instant(
    text: &str,
    format: Option<&TimePattern>,
    zone: Option<&TimeZone>,
) -> Result<(String, Timestamp), MomentError> {
    let moment = match format {
        Some(format) => format.read(text).ok(),
        None => iso(text),
    };
    let Some(Moment { date, time: Some(time), offset }) = moment else { return Err(MomentError::Form) };
    let at = date.to_datetime(time);
    let offset = match (offset, zone) {
        (Some(offset), _) => offset,
        (None, Some(zone)) => offset_in(zone, at)?,
        (None, None) => return Err(MomentError::Zoneless),
    };
    let whole_minutes = offset.seconds() % 60 == 0;
    let at = at.to_zoned(TimeZone::fixed(offset)).ok().filter(|_| whole_minutes).ok_or(MomentError::Range)?;
    Ok((at.strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string(), at.timestamp()))
}

/// Reads ISO 8601 in its extended form: `YYYY-MM-DD`, optionally with `T` or a space, a time `HH:mm` or `HH:mm:ss` with
/// fractions, and an offset. `None` for anything else.
fn iso(text: &str) -> Option<Moment> {
    let bytes = text.as_bytes();
    let long = bytes.first().is_some_and(u8::is_ascii_digit) && bytes.get(4) == Some(&b'-');
    let pieces = Pieces::parse(text).ok().filter(|pieces| long && pieces.time_zone_annotation().is_none())?;
    let offset = match pieces.offset() {
        None => None,
        Some(PiecesOffset::Zulu) => Some(Offset::UTC),
        Some(PiecesOffset::Numeric(numeric)) => Some(numeric.offset()),
        Some(_) => return None,
    };
    if pieces.time().is_some() && bytes.get(13) != Some(&b':') {
        return None;
    }
    Some(Moment { date: pieces.date(), time: pieces.time(), offset })
}

fn offset_in(zone: &TimeZone, at: civil::DateTime) -> Result<Offset, MomentError> {
    match zone.to_ambiguous_timestamp(at).offset() {
        AmbiguousOffset::Unambiguous { offset } => Ok(offset),
        AmbiguousOffset::Gap { .. } => Err(MomentError::Skipped),
        AmbiguousOffset::Fold { .. } => Err(MomentError::Twice),
    }
}

/// Finds a time zone by its IANA name, or by an offset such as `+08:00`.
///
/// # Errors
/// The text is not accepted; the message says what is.
pub(super) fn zone(name: &str) -> Result<TimeZone, String> {
    let fixed = name.starts_with(['+', '-']).then(|| iso(&format!("2000-01-01T00:00{name}"))).flatten();
    if let Some(offset) = fixed.and_then(|moment| moment.offset) {
        return Ok(TimeZone::fixed(offset));
    }
    TimeZone::get(name).map_err(|_| {
        format!("`{name}` is no time zone: write an IANA name such as `Asia/Taipei`, or an offset such as `+08:00`")
    })
}

/// Reads the format of a column, which must have year, month and day.
///
/// # Errors
/// The text is not accepted; the message says what is.
pub(super) fn format(text: &str) -> Result<TimePattern, String> {
    let format = TimePattern::parse(text)?;
    let probe = civil::date(2026, 10, 30).at(23, 45, 56, 0);
    let probe = TimeZone::UTC.to_zoned(probe).map_err(|error| error.to_string())?;
    let back = format.read(&format.write(&probe));
    if back.is_ok_and(|moment| moment.date == probe.date()) {
        return Ok(format);
    }
    Err(format!(
        "The format `{text}` must name the year (`YYYY`), the month (`MM` or `M`) and the day (`DD` or `D`), and `A` with `h`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, zone_name: Option<&str>) -> Result<String, MomentError> {
        let zone = zone_name.map(|name| zone(name).unwrap());
        instant(text, None, zone.as_ref()).map(|(text, _)| text)
    }

    #[test]
    fn texts_that_are_not_instants_are_refused() {
        for bad in [
            "",
            "2026-01-05",
            "2026-1-5 09:00",
            "2026-01-05T25:00",
            "05/01/2026 09:00",
            "1767574800",
            "now",
            "2026-01-05T09",
            "2026-01-05T09:00:00.1234567890Z",
            "2026-01-05  09:00",
            "20260105T090000Z",
            "2026-01-05T0900Z",
            "2026-01-05T09:00 Z",
            "+002026-01-05T09:00Z",
            "2026-01-05T09:00+08:00[Asia/Taipei]",
        ] {
            assert_eq!(at(bad, Some("Asia/Taipei")), Err(MomentError::Form), "{bad}");
        }
        assert_eq!(at("2026-01-05 09:00", None), Err(MomentError::Zoneless));
        assert_eq!(at("2026-03-29 02:30", Some("Europe/Berlin")), Err(MomentError::Skipped));
        assert_eq!(at("2026-10-25 02:30", Some("Europe/Berlin")), Err(MomentError::Twice));
    }

    #[test]
    fn texts_that_are_not_days_are_refused() {
        for bad in ["", "2026-1-5", "2026-02-30", "20260105", "2026-01-05T09:00Z", "2026/01/05", "46027"] {
            assert_eq!(day(bad, None), Err(MomentError::Form), "{bad}");
        }
        assert_eq!(day("2026/1/5", format("YYYY/M/D").ok().as_ref()), Ok(civil::date(2026, 1, 5)));
    }

    #[test]
    fn instants_carry_their_offset() {
        assert_eq!(at("2026-01-05 09:00", Some("Asia/Taipei")).unwrap(), "2026-01-05T09:00:00+08:00");
        assert_eq!(at("2026-01-05T09:00:30.5", Some("-03:30")).unwrap(), "2026-01-05T09:00:30.5-03:30");
        assert_eq!(at("2026-07-05T09:00:00", Some("Europe/Berlin")).unwrap(), "2026-07-05T09:00:00+02:00");
        // An offset in the text takes precedence over the declared zone.
        assert_eq!(at("2026-01-05T09:00:00Z", Some("Asia/Taipei")).unwrap(), "2026-01-05T09:00:00+00:00");
        assert_eq!(at("2026-10-25 02:30+01:00", Some("Europe/Berlin")).unwrap(), "2026-10-25T02:30:00+01:00");
        let pattern = format("YYYY年M月D日 H:mm").unwrap();
        let (text, _) = instant("2026年1月5日 9:05", Some(&pattern), Some(&TimeZone::UTC)).unwrap();
        assert_eq!(text, "2026-01-05T09:05:00+00:00");
    }

    #[test]
    fn unknown_zones_are_refused() {
        for bad in ["", "Taipei", "Asia/Atlantis", "+8", "+25:99", "CST8"] {
            assert!(zone(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn formats_without_a_day_are_refused() {
        for bad in ["", "YYYY", "YYYY-MM", "DD-MM", "yyyy-mm-dd", "%Y-%m-%d", "YYYY-MM-DD hh:mm", "HH:mm"] {
            assert!(format(bad).is_err(), "{bad}");
        }
    }
}
