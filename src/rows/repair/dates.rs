//! Dates in another order than their column's, if only one day can be meant.
//!
//! A leading year is always followed by month and day. A trailing year does not decide the order: the day is only known
//! if it is above 12, or equals the month. Even that is repaired only in columns whose format begins with the year. A
//! column with day or month first accepts dates of the other order whenever they fit, so those that it refuses are the
//! only sign of the mistake.

use jiff::civil::{Date, DateTime, Time};

use crate::playbook::{ColumnDecl, ColumnType};

/// The years that are accepted.
const YEARS: std::ops::Range<i16> = 1900..2200;

/// The date in the column's format; `None` if more than one day can be meant.
pub(super) fn reordered(text: &str, decl: &ColumnDecl) -> Option<String> {
    let (date, rest) = date(text, decl.format.as_ref().is_none_or(|format| format.is_year_first()))?;
    let time = match decl.kind {
        ColumnType::Date if rest.is_empty() => None,
        ColumnType::Datetime => Some(time(rest)?),
        ColumnType::String
        | ColumnType::Integer
        | ColumnType::Number
        | ColumnType::Boolean
        | ColumnType::Date
        | ColumnType::Json
        | ColumnType::List => return None,
    };
    let Some(format) = &decl.format else {
        return Some(time.map_or_else(|| date.to_string(), |time| format!("{date}T{time}")));
    };
    let at = DateTime::from_parts(date, time.unwrap_or_default()).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    let written = format.write(&at);
    // A format without seconds would lose them, and one with an offset would invent it.
    let back = format.read(&written).ok()?;
    (back.date == date && back.time == time && back.offset.is_none()).then_some(written)
}

/// The date at the start of a text, and the rest.
fn date(text: &str, any_order: bool) -> Option<(Date, &str)> {
    let (first, rest) = number(text)?;
    let (mark, rest) = parted(rest, &['-', '/', '.', '年'])?;
    let (second, rest) = number(rest)?;
    let rest = rest.strip_prefix(if mark == '年' { '月' } else { mark })?;
    let (third, rest) = number(rest)?;
    let rest = if mark == '年' { rest.strip_prefix('日')? } else { rest };
    let part = |text: &str| text.parse::<i8>().ok().filter(|_| text.len() <= 2);
    let (year, month, day) = match (first.len(), third.len()) {
        (4, 1 | 2) => (first, part(second)?, part(third)?),
        (1 | 2, 4) if any_order && mark != '年' => match (part(first)?, part(second)?) {
            (day @ 13.., month) => (third, month, day),
            (month, day @ 13..) => (third, month, day),
            (one, other) if one == other => (third, one, one),
            _ => return None,
        },
        _ => return None,
    };
    let year = year.parse().ok().filter(|year| YEARS.contains(year))?;
    Some((Date::new(year, month, day).ok()?, rest))
}

/// The time in `9:05` or `09:05:30`, behind blanks or a `T`.
fn time(text: &str) -> Option<Time> {
    let text = text.strip_prefix('T').unwrap_or_else(|| text.trim_start());
    let mut parts = text.split(':').map(|part| part.parse::<i8>().ok().filter(|_| matches!(part.len(), 1 | 2)));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    let digits = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    let minutes = text.split(':').skip(1).all(|part| part.len() == 2);
    if parts.next().is_some() || !digits || !minutes {
        return None;
    }
    Time::new(hour, minute, second, 0).ok()
}

fn number(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    (end > 0).then(|| text.split_at(end))
}

fn parted<'t>(text: &'t str, marks: &[char]) -> Option<(char, &'t str)> {
    let mark = text.chars().next().filter(|mark| marks.contains(mark))?;
    Some((mark, &text[mark.len_utf8()..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;
    use crate::model::TimePattern;

    fn of(text: &str, kind: ColumnType, format: Option<&str>) -> Option<String> {
        let format = format.map(|format| TimePattern::parse(format).unwrap());
        reordered(text, &ColumnDecl { kind, format, ..ColumnDecl::text("x", Span::default()) })
    }

    #[test]
    fn an_ambiguous_date_is_not_changed() {
        for text in [
            "01/02/2035",
            "1.2.2035",
            "31/31/2035",
            "2035-31-01",
            "2035-02-30",
            "35-01-31",
            "2035/1-31",
            "124/01/31",
            "20350131",
            "1035-01-31",
            "2035-001-31",
            "31/01/35",
            "31年01月2035日",
            "2035-01-31 9:00",
            "",
        ] {
            assert_eq!(of(text, ColumnType::Date, None), None, "{text}");
        }
        // The column takes what it can for its own order; the rest is the sign that others are wrong.
        assert_eq!(of("01/31/2035", ColumnType::Date, Some("DD/MM/YYYY")), None);
        assert_eq!(of("31.01.2035", ColumnType::Date, Some("DD/MM/YYYY")), None);
        for text in ["2035/1/31", "2035/1/31 9", "2035/1/31 9:5", "2035/1/31 09:00+08:00", "2035/1/31 9:00 PM"] {
            assert_eq!(of(text, ColumnType::Datetime, None), None, "{text}");
        }
        assert_eq!(of("2035-01-31 09:00:30", ColumnType::Datetime, Some("YYYY/M/D H:mm")), None);
        assert_eq!(of("2035-01-31 09:00", ColumnType::Datetime, Some("YYYY/M/D H:mm Z")), None);
    }

    #[test]
    fn the_only_possible_day_is_written() {
        for (text, format, wanted) in [
            ("2035/1/31", None, "2035-01-31"),
            ("2035.01.31", None, "2035-01-31"),
            ("2035年1月31日", None, "2035-01-31"),
            ("31/01/2035", None, "2035-01-31"),
            ("1/31/2035", None, "2035-01-31"),
            ("05/05/2035", None, "2035-05-05"),
            ("2035-01-31", Some("DD/MM/YYYY"), "31/01/2035"),
            ("31.1.2035", Some("YYYY年M月D日"), "2035年1月31日"),
        ] {
            assert_eq!(of(text, ColumnType::Date, format).as_deref(), Some(wanted), "{text}");
        }
        assert_eq!(of("2035/1/31 9:05", ColumnType::Datetime, None).as_deref(), Some("2035-01-31T09:05:00"));
        let format = Some("YYYY/M/D H:mm");
        assert_eq!(of("2035-01-31T09:05", ColumnType::Datetime, format).as_deref(), Some("2035/1/31 9:05"));
    }
}
