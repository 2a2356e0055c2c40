//! Reads dates in HTTP headers, in each of the three forms of RFC 9110.

use jiff::civil::{Date, DateTime, Time as Clock};
use jiff::tz::TimeZone;

use crate::model::{Response, Time};

/// The months in order.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// From this two-digit year on, years are in the last century, as in POSIX.
const FIRST_OF_LAST_CENTURY: i16 = 70;

/// Reads a date such as `Wed, 21 Oct 2015 07:28:00 GMT`, `Wednesday, 21-Oct-15 07:28:00 GMT` or `Wed Oct 21 07:28:00
/// 2015`. The name of the day is not checked. `None` for any other text.
pub(crate) fn http_date(text: &str) -> Option<Time> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let (day, month, year, clock) = match words.as_slice() {
        [name, day, month, year, clock, zone] if name.ends_with(',') && is_gmt(zone) => (*day, *month, *year, *clock),
        [name, date, clock, zone] if name.ends_with(',') && is_gmt(zone) => {
            let mut parts = date.split('-');
            let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
            (day, month, parts.next().is_none().then_some(year)?, *clock)
        }
        [_, month, day, clock, year] => (*day, *month, *year, *clock),
        _ => return None,
    };
    let at = DateTime::from_parts(date_of(day, month, year)?, clock_of(clock)?);
    Some(Time::from_timestamp(at.to_zoned(TimeZone::UTC).ok()?.timestamp()))
}

fn is_gmt(zone: &str) -> bool {
    zone.eq_ignore_ascii_case("gmt") || zone.eq_ignore_ascii_case("utc")
}

fn date_of(day: &str, month: &str, year: &str) -> Option<Date> {
    let month = MONTHS.iter().position(|known| month.eq_ignore_ascii_case(known))?;
    let (digits, year) = (year.len(), digits(year, 2..=4)?);
    let year = match digits {
        2 if year < FIRST_OF_LAST_CENTURY => year + 2_000,
        2 => year + 1_900,
        _ => year,
    };
    Date::new(year, i8::try_from(month + 1).ok()?, i8::try_from(digits_of_two(day)?).ok()?).ok()
}

fn clock_of(text: &str) -> Option<Clock> {
    let mut parts = text.split(':').map(digits_of_two);
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() {
        return None;
    }
    // A leap second counts as the second before it.
    Clock::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second.min(59)).ok()?, 0).ok()
}

fn digits_of_two(text: &str) -> Option<i16> {
    digits(text, 1..=2)
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<i16> {
    let plain = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// When the answer was made, by its `Date` header; `None` without a readable one.
pub(crate) fn dated(answer: &Response) -> Option<Time> {
    http_date(answer.header("date")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_forms_are_read() {
        let sputnik = Some(Time::from_secs(784_111_777));
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "sun, 06 NOV 1994 08:49:37 gmt",
            "Mon, 06 Nov 1994 08:49:37 UTC",
            "  Sun, 06 Nov 1994 08:49:37 GMT ",
        ] {
            assert_eq!(http_date(text), sputnik, "{text}");
        }
        assert_eq!(http_date("Saturday, 28-Nov-26 18:00:00 GMT"), http_date("Sat, 28 Nov 2026 18:00:00 GMT"));
        assert_eq!(http_date("Sat, 31 Dec 2016 23:59:60 GMT"), http_date("Sat, 31 Dec 2016 23:59:59 GMT"));
    }

    #[test]
    fn other_dates_are_not_read() {
        for text in [
            "",
            "soon",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 +0800",
            "Sun, 06 Nov 1994 08:49:37 CST",
            "Sun, 32 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nvo 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 06 Nov 94x 08:49:37 GMT",
            "Sunday, 06-Nov-1994-1 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994 GMT",
            "Sun, 06 Nov 19940 08:49:37 GMT",
            "2026-11-28T18:00:00Z",
            "６ Nov",
        ] {
            assert_eq!(http_date(text), None, "{text}");
        }
    }
}
