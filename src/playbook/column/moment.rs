//! Dates and date-times: ISO 8601 or a declared format, a declared time zone, out as RFC 3339.

use std::sync::LazyLock;

use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{Timestamp, civil};

use super::format::{DateFormat, Reading};

/// The ISO spellings of a date-time, each with `T` or a space between day and time.
static ISO: LazyLock<Vec<DateFormat>> = LazyLock::new(|| {
    let days = ["YYYY-MM-DD[T]", "YYYY-MM-DD[t]", "YYYY-MM-DD "];
    let times = ["HH:mm:ss", "HH:mm", "HH:mm:ss.S", "HH:mm:ssZ", "HH:mmZ", "HH:mm:ss.SZ"];
    let all = days.iter().flat_map(|day| times.iter().map(move |time| format!("{day}{time}")));
    all.filter_map(|format| DateFormat::parse(&format).ok()).collect()
});

/// The ISO spelling of a day.
static ISO_DAY: LazyLock<Option<DateFormat>> = LazyLock::new(|| DateFormat::parse("YYYY-MM-DD").ok());

/// Why a text is no moment.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoMoment {
    /// It is not written as wanted, or names a day that is not.
    Form,
    /// It names no offset, and no time zone is declared.
    Zoneless,
    /// The clocks jump over it in that zone.
    Skipped,
    /// It comes twice in that zone.
    Twice,
    /// It lies outside the calendar, or so far back that its zone had no whole minutes.
    Range,
}

/// Reads a day.
pub(super) fn day(text: &str, format: Option<&DateFormat>) -> Result<civil::Date, NoMoment> {
    let format = format.or(ISO_DAY.as_ref()).ok_or(NoMoment::Form)?;
    format.read(text).map(|reading| reading.at.date()).ok_or(NoMoment::Form)
}

/// Reads an instant; gives its RFC 3339 text and itself.
pub(super) fn instant(
    text: &str,
    format: Option<&DateFormat>,
    zone: Option<&TimeZone>,
) -> Result<(String, Timestamp), NoMoment> {
    let reading = match format {
        Some(format) => format.read(text),
        None => ISO.iter().find_map(|format| format.read(text)),
    };
    let Reading { at, offset } = reading.ok_or(NoMoment::Form)?;
    let offset = match (offset, zone) {
        (Some(offset), _) => offset,
        (None, Some(zone)) => offset_in(zone, at)?,
        (None, None) => return Err(NoMoment::Zoneless),
    };
    let whole_minutes = offset.seconds() % 60 == 0;
    let timestamp = offset.to_timestamp(at).ok().filter(|_| whole_minutes).ok_or(NoMoment::Range)?;
    Ok((format!("{}{}", shown(at), shown_offset(offset)), timestamp))
}

fn offset_in(zone: &TimeZone, at: civil::DateTime) -> Result<Offset, NoMoment> {
    match zone.to_ambiguous_timestamp(at).offset() {
        AmbiguousOffset::Unambiguous { offset } => Ok(offset),
        AmbiguousOffset::Gap { .. } => Err(NoMoment::Skipped),
        AmbiguousOffset::Fold { .. } => Err(NoMoment::Twice),
    }
}

fn shown(at: civil::DateTime) -> String {
    at.to_string()
}

fn shown_offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// A time zone by its IANA name, or a fixed offset such as `+08:00`.
///
/// # Errors
/// A sentence that says what is accepted.
pub(super) fn zone(name: &str) -> Result<TimeZone, String> {
    if name.starts_with(['+', '-']) {
        let reading = instant(&format!("2000-01-01T00:00{name}"), None, None);
        if let Ok((_, at)) = reading {
            let midnight = civil::date(2000, 1, 1).at(0, 0, 0, 0);
            let offset = Offset::UTC.to_timestamp(midnight).ok().and_then(|utc| {
                i32::try_from(utc.as_second() - at.as_second())
                    .ok()
                    .and_then(|seconds| Offset::from_seconds(seconds).ok())
            });
            if let Some(offset) = offset {
                return Ok(TimeZone::fixed(offset));
            }
        }
    }
    TimeZone::get(name).map_err(|_| {
        format!("`{name}` is no time zone: write an IANA name such as `Asia/Taipei`, or an offset such as `+08:00`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, zone_name: Option<&str>) -> Result<String, NoMoment> {
        let zone = zone_name.map(|name| zone(name).unwrap());
        instant(text, None, zone.as_ref()).map(|(text, _)| text)
    }

    #[test]
    fn what_is_no_instant() {
        for bad in [
            "",
            "2026-01-05",
            "2026-1-5 09:00",
            "2026-01-05T25:00",
            "05/01/2026 09:00",
            "1767574800",
            "now",
            "2026-01-05T09:00:00.1234567890Z",
            "2026-01-05  09:00",
            "20260105T090000Z",
            "2026-01-05T09:00 Z",
        ] {
            assert_eq!(at(bad, Some("Asia/Taipei")), Err(NoMoment::Form), "{bad}");
        }
        assert_eq!(at("2026-01-05 09:00", None), Err(NoMoment::Zoneless));
        assert_eq!(at("2026-03-29 02:30", Some("Europe/Berlin")), Err(NoMoment::Skipped));
        assert_eq!(at("2026-10-25 02:30", Some("Europe/Berlin")), Err(NoMoment::Twice));
    }

    #[test]
    fn instants_carry_their_offset() {
        assert_eq!(at("2026-01-05 09:00", Some("Asia/Taipei")).unwrap(), "2026-01-05T09:00:00+08:00");
        assert_eq!(at("2026-01-05T09:00:30.5", Some("-03:30")).unwrap(), "2026-01-05T09:00:30.5-03:30");
        assert_eq!(at("2026-07-05T09:00:00", Some("Europe/Berlin")).unwrap(), "2026-07-05T09:00:00+02:00");
        // An offset in the text wins over the declared zone.
        assert_eq!(at("2026-01-05T09:00:00Z", Some("Asia/Taipei")).unwrap(), "2026-01-05T09:00:00+00:00");
        assert_eq!(at("2026-10-25 02:30+01:00", Some("Europe/Berlin")).unwrap(), "2026-10-25T02:30:00+01:00");
    }

    #[test]
    fn zones_that_are_none() {
        for bad in ["", "Taipei", "Asia/Atlantis", "+8", "+25:99", "CST8"] {
            assert!(zone(bad).is_err(), "{bad}");
        }
    }
}
