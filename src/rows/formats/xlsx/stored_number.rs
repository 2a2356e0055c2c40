//! Numbers as a workbook stores them: as plain digits, as days and times, or rounded by the spreadsheet.

use jiff::ToSpan;
use jiff::civil::{DateTime, date};

/// Digits that a spreadsheet keeps.
pub(super) const KEPT: usize = 15;

/// Rounds half up in decimal digits, as spreadsheets do for display.
pub(super) fn rounded(value: f64, places: usize) -> Option<String> {
    let exact = plain(&value.to_string())?;
    let number: f64 = exact.parse().ok()?;
    let power = 10_f64.powi(i32::try_from(places).ok()?);
    let shifted = plain(&(number * power).to_string())?.parse::<f64>().ok()?;
    let text = format!("{:.places$}", shifted.round() / power);
    Some(if text.parse() == Ok(0.0) { text.trim_start_matches('-').to_owned() } else { text })
}

/// A number in plain digits, limited to the 15 that a spreadsheet keeps: `1.5`, `0.1`, `123456789012`.
pub(super) fn plain(text: &str) -> Option<String> {
    let value: f64 = text.trim().parse().ok().filter(|value: &f64| value.is_finite())?;
    if value == 0.0 {
        return Some("0".to_owned());
    }
    let shown = format!("{:.*e}", KEPT - 1, value);
    let (digits, power) = shown.split_once('e')?;
    let power: i32 = power.parse().ok()?;
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let digits = digits.replace('.', "");
    let digits = digits.trim_end_matches('0');
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    let text = match usize::try_from(power + 1) {
        Ok(whole) if whole >= digits.len() => {
            format!("{digits}{}", zeros(power + 1 - i32::try_from(digits.len()).ok()?))
        }
        Ok(whole) if whole > 0 => format!("{}.{}", &digits[..whole], &digits[whole..]),
        _ => format!("0.{}{digits}", zeros(-power - 1)),
    };
    Some(format!("{sign}{text}"))
}

/// Whether a whole number has more digits than a spreadsheet keeps, so that it differs from what was typed.
pub(super) fn is_rounded(text: &str) -> bool {
    text.trim().parse::<f64>().is_ok_and(|value| value.abs() >= 1e15 && value.fract() == 0.0)
}

/// The day and time of a stored number; `None` if it is none.
pub(super) fn moment(text: &str, since_1904: bool) -> Option<DateTime> {
    let serial: f64 = text.trim().parse().ok().filter(|serial: &f64| (0.0..2_958_466.0).contains(serial))?;
    #[allow(clippy::cast_possible_truncation)]
    let millis = (serial * 86_400_000.0).round() as i64;
    let days = millis.div_euclid(86_400_000);
    let start = match (since_1904, days) {
        (true, _) => date(1904, 1, 1),
        // Spreadsheets count a 29 February 1900, which did not exist.
        (false, ..60) => date(1899, 12, 31),
        (false, 60) => return None,
        (false, _) => date(1899, 12, 30),
    };
    start.at(0, 0, 0, 0).checked_add(days.days().milliseconds(millis.rem_euclid(86_400_000))).ok()
}

/// The day and time of an ISO date, as local time. A trailing `Z`, which some programs add, is ignored.
pub(super) fn iso_moment(text: &str) -> Option<DateTime> {
    let text = text.trim();
    text.strip_suffix('Z').unwrap_or(text).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_or_date_is_not_guessed() {
        assert_eq!(
            (plain("x"), plain("1e999"), moment("60", false), moment("-1", false), moment("1e9", false)),
            (None, None, None, None, None)
        );
        assert!(is_rounded("1.23E+17") && is_rounded("1000000000000000") && !is_rounded("999999999999999"));
        for text in ["", "soon", "2035-02-30", "2035-03-31T25:00:00", "09:30:00"] {
            assert_eq!(iso_moment(text), None, "{text}");
        }
    }

    #[test]
    fn dates_and_times_are_read_from_serial_numbers_and_iso_text() {
        for (serial, wanted) in [
            ("1", "1900-01-01T00:00:00"),
            ("59", "1900-02-28T00:00:00"),
            ("61", "1900-03-01T00:00:00"),
            ("46348.395833333336", "2026-11-22T09:30:00"),
        ] {
            assert_eq!(moment(serial, false).map(|at| at.to_string()).as_deref(), Some(wanted));
        }
        assert_eq!(moment("0", true).map(|at| at.to_string()).as_deref(), Some("1904-01-01T00:00:00"));
        for (text, wanted) in [
            ("2035-03-31", "2035-03-31T00:00:00"),
            ("2035-03-31T09:30:15.250Z", "2035-03-31T09:30:15.25"),
            ("2035-03-31T00:00:00.000Z", "2035-03-31T00:00:00"),
        ] {
            assert_eq!(iso_moment(text).map(|at| at.to_string()).as_deref(), Some(wanted));
        }
    }
}
