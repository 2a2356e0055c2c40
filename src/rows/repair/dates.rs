//! Dates written in another order than their column's, where no other day can be meant.
//!
//! A year ahead of the others is followed by month and day, everywhere. A year behind them says nothing of the others'
//! order: the day is known only where it is above 12, or both are the same. And that is enough only for a column whose
//! own order begins with the year: one of days or months first takes the others as its own, right or wrong, so what is
//! refused there is the only sign of them.

use jiff::civil::{Date, DateTime, Time};

use crate::playbook::{ColumnDecl, ColumnType};

/// The years that dates are about.
const YEARS: std::ops::Range<i16> = 1900..2200;

/// The date as the column wants it, where it can be told.
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
    // A format without seconds, or with an offset, would lose or invent something.
    let back = format.read(&written).ok()?;
    (back.date == date && back.time == time && back.offset.is_none()).then_some(written)
}

/// The date at the front, and what follows it.
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

/// `9:05` or `09:05:30` behind blanks or a `T`, and nothing more.
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
    fn what_may_be_another_day_is_no_date() {
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
    fn the_day_that_alone_can_be_meant_is_written() {
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
