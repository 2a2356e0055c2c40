//! Dates and times in formats that people use, such as `YYYY/M/D H:mm`: reads and writes them.

use std::fmt::{self, Write as _};

use jiff::Zoned;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;

/// A format of dates or times.
///
/// `YYYY YY MM M DD D HH H hh h mm m ss s SSS A Z` are fields: a doubled letter takes exactly two digits, a single
/// one takes one or two. `[text]` stands for the text in the brackets. Any other character that is not a letter, and
/// `T`, stands for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimePattern {
    text: String,
    parts: Vec<Part>,
}

/// The parts of a date or time that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// The time of day; `None` if the format has none.
    pub time: Option<Time>,
    /// The offset from UTC; `None` if the format has none.
    pub offset: Option<Offset>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Field(Field),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Year,
    ShortYear,
    Month(bool),
    Day(bool),
    Hour(bool),
    HalfHour(bool),
    Minute(bool),
    Second(bool),
    Millis,
    Half,
    Offset,
}

const FIELDS: [(&str, Field); 17] = [
    ("YYYY", Field::Year),
    ("SSS", Field::Millis),
    ("YY", Field::ShortYear),
    ("MM", Field::Month(true)),
    ("DD", Field::Day(true)),
    ("HH", Field::Hour(true)),
    ("hh", Field::HalfHour(true)),
    ("mm", Field::Minute(true)),
    ("ss", Field::Second(true)),
    ("M", Field::Month(false)),
    ("D", Field::Day(false)),
    ("H", Field::Hour(false)),
    ("h", Field::HalfHour(false)),
    ("m", Field::Minute(false)),
    ("s", Field::Second(false)),
    ("A", Field::Half),
    ("Z", Field::Offset),
];

impl TimePattern {
    /// Reads a format.
    ///
    /// # Errors
    /// A sentence that names the part that is not known.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if let Some((word, field)) = FIELDS.iter().find(|(word, _)| rest.starts_with(word)) {
                parts.push(Part::Field(*field));
                rest = &rest[word.len()..];
            } else if let Some((literal, after)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
                push_literal(&mut parts, literal);
                rest = after;
            } else if first.is_ascii_alphabetic() && first != 'T' {
                return Err(format!(
                    "`{first}` in the format `{text}` is not known: use YYYY, MM, M, DD, D, HH, H, hh, h, mm, ss, SSS, \
                     A and Z, and put words in brackets"
                ));
            } else {
                push_literal(&mut parts, &rest[..first.len_utf8()]);
                rest = &rest[first.len_utf8()..];
            }
        }
        Ok(Self { text: text.to_owned(), parts })
    }

    /// The format as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the format contains an hour.
    #[must_use]
    pub fn has_time(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Field(Field::Hour(_) | Field::HalfHour(_))))
    }

    /// Whether a four-digit year comes before month and day.
    #[must_use]
    pub fn is_year_first(&self) -> bool {
        let date = |part: &&Part| {
            matches!(part, Part::Field(Field::Year | Field::ShortYear | Field::Month(_) | Field::Day(_)))
        };
        matches!(self.parts.iter().find(date), Some(Part::Field(Field::Year)))
    }

    /// Reads a whole text in this format.
    ///
    /// jiff's `strptime` accepts more: spaces and signs before numbers, one digit for two, any whitespace for one
    /// space, second 60, two-digit years as 1969, offsets with seconds. A cell would then get a meaning that its
    /// author did not write.
    ///
    /// # Errors
    /// A sentence that names the expected format.
    pub fn read(&self, text: &str) -> Result<Moment, String> {
        let mut found = Found::default();
        let mut rest = text;
        for part in &self.parts {
            rest = match part {
                Part::Literal(literal) => rest.strip_prefix(literal.as_str()),
                Part::Field(field) => found.read(*field, rest),
            }
            .ok_or_else(|| self.wrong(text))?;
        }
        if rest.is_empty() { found.moment().ok_or_else(|| self.wrong(text)) } else { Err(self.wrong(text)) }
    }

    /// Writes a time in this format.
    #[must_use]
    pub fn write(&self, at: &Zoned) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(literal) => out.push_str(literal),
                // Writing to a string cannot fail, and a zoned time has all fields that jiff needs.
                Part::Field(field) => {
                    let _ = write_field(*field, at, &mut out);
                }
            }
        }
        out
    }

    fn wrong(&self, text: &str) -> String {
        format!("`{text}` is not a date spelled `{}`", self.text)
    }
}

fn push_literal(parts: &mut Vec<Part>, text: &str) {
    if let Some(Part::Literal(last)) = parts.last_mut() {
        last.push_str(text);
    } else {
        parts.push(Part::Literal(text.to_owned()));
    }
}

/// The fields that were read so far.
#[derive(Default)]
struct Found {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    hour: Option<i8>,
    half_hour: Option<i8>,
    afternoon: Option<bool>,
    minute: Option<i8>,
    second: Option<i8>,
    millis: Option<i32>,
    offset: Option<Offset>,
}

impl Found {
    /// Reads one field at the start of the text; returns the rest, or `None` if it does not fit.
    fn read<'t>(&mut self, field: Field, text: &'t str) -> Option<&'t str> {
        match field {
            Field::Year => digits(text, 4, 4, &mut self.year),
            Field::ShortYear => {
                let rest = digits(text, 2, 2, &mut self.year)?;
                self.year = self.year.map(|year| year + 2000);
                Some(rest)
            }
            Field::Month(two) => digits(text, least(two), 2, &mut self.month),
            Field::Day(two) => digits(text, least(two), 2, &mut self.day),
            Field::Hour(two) => digits(text, least(two), 2, &mut self.hour),
            Field::HalfHour(two) => digits(text, least(two), 2, &mut self.half_hour),
            Field::Minute(two) => digits(text, least(two), 2, &mut self.minute),
            Field::Second(two) => digits(text, least(two), 2, &mut self.second),
            Field::Millis => digits(text, 3, 3, &mut self.millis),
            Field::Half => {
                let half = text.get(..2)?.to_ascii_uppercase();
                self.afternoon = Some(match half.as_str() {
                    "AM" => false,
                    "PM" => true,
                    _ => return None,
                });
                Some(&text[2..])
            }
            Field::Offset => {
                let (offset, rest) = read_offset(text)?;
                self.offset = Some(offset);
                Some(rest)
            }
        }
    }

    fn moment(&self) -> Option<Moment> {
        let date = Date::new(self.year?, self.month?, self.day?).ok()?;
        let hour = match (self.hour, self.half_hour) {
            (None, None) => None,
            (Some(hour), _) => Some(hour),
            (None, Some(hour @ 1..=12)) => Some(hour % 12 + if self.afternoon? { 12 } else { 0 }),
            _ => return None,
        };
        let time = match hour {
            None => None,
            Some(hour) => {
                let nanos = self.millis.unwrap_or(0) * 1_000_000;
                Some(Time::new(hour, self.minute.unwrap_or(0), self.second.unwrap_or(0), nanos).ok()?)
            }
        };
        Some(Moment { date, time, offset: self.offset })
    }
}

fn least(two: bool) -> usize {
    if two { 2 } else { 1 }
}

/// Reads `least` to `most` digits at the start of the text; returns the rest.
fn digits<'t, N: std::str::FromStr>(text: &'t str, least: usize, most: usize, into: &mut Option<N>) -> Option<&'t str> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if count < least {
        return None;
    }
    *into = Some(text[..count].parse().ok()?);
    Some(&text[count..])
}

/// Reads `Z`, `+08:00` or `+0800` at the start of the text; returns the offset and the rest.
fn read_offset(text: &str) -> Option<(Offset, &str)> {
    if let Some(rest) = text.strip_prefix('Z') {
        return Some((Offset::UTC, rest));
    }
    let sign = match text.bytes().next()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (mut hours, mut minutes) = (None::<i32>, None::<i32>);
    let rest = digits(&text[1..], 2, 2, &mut hours)?;
    let rest = digits(rest.strip_prefix(':').unwrap_or(rest), 2, 2, &mut minutes)?;
    let minutes = minutes.filter(|minutes| *minutes < 60)?;
    let offset = Offset::from_seconds(sign * (hours? * 3_600 + minutes * 60)).ok()?;
    Some((offset, rest))
}

/// Writes a field, with jiff's `strftime` where that means the same.
///
/// Three fields are written here: jiff pads a year before 0 differently, has two-digit years only for 1969 to 2068,
/// and writes the seconds of historic offsets.
fn write_field(field: Field, at: &Zoned, out: &mut String) -> fmt::Result {
    let directive = match field {
        Field::Year => return write!(out, "{:04}", at.year()),
        Field::ShortYear => return write!(out, "{:02}", at.year().rem_euclid(100)),
        Field::Offset => {
            let seconds = at.offset().seconds();
            let sign = if seconds < 0 { '-' } else { '+' };
            return write!(out, "{sign}{:02}:{:02}", seconds.abs() / 3_600, seconds.abs() / 60 % 60);
        }
        Field::Month(true) => "%m",
        Field::Month(false) => "%-m",
        Field::Day(true) => "%d",
        Field::Day(false) => "%-d",
        Field::Hour(true) => "%H",
        Field::Hour(false) => "%-H",
        Field::HalfHour(true) => "%I",
        Field::HalfHour(false) => "%-I",
        Field::Minute(true) => "%M",
        Field::Minute(false) => "%-M",
        Field::Second(true) => "%S",
        Field::Second(false) => "%-S",
        Field::Millis => "%3f",
        Field::Half => "%p",
    };
    write!(out, "{}", at.strftime(directive))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pattern: &str, text: &str) -> Option<String> {
        let moment = TimePattern::parse(pattern).ok()?.read(text).ok()?;
        let time = moment.time.map(|time| format!(" {time}")).unwrap_or_default();
        let offset = moment.offset.map(|offset| format!(" {offset}")).unwrap_or_default();
        Some(format!("{}{time}{offset}", moment.date))
    }

    #[test]
    fn texts_that_do_not_match_the_format_are_refused() {
        for (pattern, text) in [
            ("YYYY/M/D", ""),
            ("YYYY/M/D", "2026-3-1"),
            ("YYYY/M/D", "26/3/1"),
            ("YYYY/M/D", "2026/13/1"),
            ("YYYY/M/D", "2026/2/29"),
            ("YYYY/M/D", "2026/3/1 "),
            ("YYYY/M/D", "2026/3/1x"),
            ("YYYY/MM/DD", "2026/3/01"),
            ("YYYY/M/D H:mm", "2026/3/1 24:00"),
            ("YYYY/M/D H:mm", "2026/3/1 9:5"),
            ("YYYY/M/D h:mm A", "2026/3/1 13:05 PM"),
            ("YYYY/M/D h:mm", "2026/3/1 1:05"),
            ("YYYY-MM-DD Z", "2026-03-01 +0870"),
            ("YYYY-MM-DD A", "2026-03-01 é"),
            ("H:mm", "9:00"),
            ("YYYY/M/D", "２０２６/3/1"),
        ] {
            assert_eq!(read(pattern, text), None, "{pattern} {text}");
        }
        for pattern in ["YYYY/b", "yyyy", "YYYY Q"] {
            assert!(TimePattern::parse(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn texts_that_match_the_format_are_read() {
        for (pattern, text, expected) in [
            ("YYYY/M/D H:mm", "2026/3/1 9:05", "2026-03-01 09:05:00"),
            ("YYYY/M/D H:mm", "2026/12/31 23:59", "2026-12-31 23:59:00"),
            ("D.M.YY", "1.3.26", "2026-03-01"),
            ("YYYY年M月D日", "2026年3月1日", "2026-03-01"),
            ("YYYYMMDDHHmmss", "20260301090507", "2026-03-01 09:05:07"),
            ("YYYY-MM-DDTHH:mm:ss.SSSZ", "2026-03-01T09:05:07.250+08:00", "2026-03-01 09:05:07.25 +08"),
            ("M/D/YYYY h:mm A", "3/1/2026 12:05 am", "2026-03-01 00:05:00"),
            ("M/D/YYYY h:mm A", "3/1/2026 12:05 PM", "2026-03-01 12:05:00"),
            ("[Day] D [of] M, YYYY", "Day 1 of 3, 2026", "2026-03-01"),
        ] {
            assert_eq!(read(pattern, text).as_deref(), Some(expected), "{pattern} {text}");
        }
    }

    #[test]
    fn written_moments_read_back() {
        let at: Zoned = "2026-03-01T00:05:07.25+08:00[+08:00]".parse().unwrap();
        for (pattern, expected) in [
            ("YYYY/M/D H:mm", "2026/3/1 0:05"),
            ("YY-MM-DD hh:mm:ss.SSS A", "26-03-01 12:05:07.250 AM"),
            ("YYYY年M月D日 HH時 Z", "2026年3月1日 00時 +08:00"),
        ] {
            let pattern = TimePattern::parse(pattern).unwrap();
            assert_eq!(pattern.write(&at), expected);
            assert_eq!(pattern.read(expected).map(|moment| moment.date), Ok(at.date()));
        }
    }

    #[test]
    fn texts_that_only_jiff_accepts_are_refused() {
        for (pattern, text) in [
            // One digit, a sign or blanks where a fixed number of digits is wanted.
            ("YYYY-MM-DD", "2026-3-1"),
            ("YYYY-MM-DD", "+2026-03-01"),
            ("YYYY-MM-DD", "-2026-03-01"),
            ("YYYY-M-D", "2026- 3- 1"),
            ("YYYY-M-D", " 2026-3-1"),
            ("YYYY-M-D", "26-3-1"),
            // A blank of the pattern is one blank.
            ("YYYY-MM-DD HH:mm", "2026-03-0109:05"),
            ("YYYY-MM-DD HH:mm", "2026-03-01  09:05"),
            ("YYYY-MM-DD HH:mm", "2026-03-01\t09:05"),
            // A leap second.
            ("YYYY-MM-DD HH:mm:ss", "2026-03-01 23:59:60"),
            // Milliseconds have three digits.
            ("YYYY-MM-DD HH:mm:ss.SSS", "2026-03-01 09:05:07.2"),
            ("YYYY-MM-DD HH:mm:ss.SSS", "2026-03-01 09:05:07.250000"),
            // Offsets have hours and minutes.
            ("YYYY-MM-DD HH:mm Z", "2026-03-01 09:05 +08"),
            ("YYYY-MM-DD HH:mm Z", "2026-03-01 09:05 +08:00:30"),
            ("YYYY-MM-DD HH:mm Z", "2026-03-01 09:05 z"),
            ("YYYY-MM-DD HH:mm Z", "2026-03-01 09:05 08:00"),
            ("YYYY-MM-DD h:mm A", "2026-03-01 0:05 AM"),
            ("YYYY-MM-DD h:mm A", "2026-03-01 1:05 a.m."),
            ("MM-DD", "03-01"),
        ] {
            assert_eq!(read(pattern, text), None, "{pattern} {text}");
        }
    }

    #[test]
    fn unusual_texts_are_read_as_in_earlier_versions() {
        for (pattern, text, expected) in [
            // Two digits are a year of this century; jiff takes 69 for 1969.
            ("YY-MM-DD", "69-03-01", "2069-03-01"),
            ("YY-MM-DD", "00-03-01", "2000-03-01"),
            ("YYYY-MM-DD", "0001-03-01", "0001-03-01"),
            // Of a part that comes twice the last counts, and seconds without an hour do not.
            ("YYYY YYYY-MM-DD", "2025 2026-03-01", "2026-03-01"),
            ("YYYY-MM-DD ss", "2026-03-01 99", "2026-03-01"),
            ("YYYY-MM-DD HH A", "2026-03-01 13 AM", "2026-03-01 13:00:00"),
            ("YYYY-MM-DD HH:mm Z", "2026-03-01 09:05 Z", "2026-03-01 09:05:00 +00"),
            ("YYYY-MM-DD HH:mmZ", "2026-03-01 09:05-0330", "2026-03-01 09:05:00 -03:30"),
            ("YYYY-M-D", "2026-03-01", "2026-03-01"),
            ("YYYY-MM-DD[%d]", "2026-03-01%d", "2026-03-01"),
            ("YYYY-MM-DDTHH", "2026-03-01T09", "2026-03-01 09:00:00"),
        ] {
            assert_eq!(read(pattern, text).as_deref(), Some(expected), "{pattern} {text}");
        }
    }

    #[test]
    fn unusual_moments_are_written_as_in_earlier_versions() {
        for (at, pattern, expected) in [
            ("2026-03-01T00:00:00+00:00[UTC]", "h hh A H HH", "12 12 AM 0 00"),
            ("2026-03-01T12:00:00+00:00[UTC]", "h hh A H HH", "12 12 PM 12 12"),
            ("2026-03-01T23:09:08.9999+00:00[UTC]", "h A m mm s ss SSS", "11 PM 9 09 8 08 999"),
            ("2026-12-31T01:02:03+00:00[UTC]", "D DD M MM YY", "31 31 12 12 26"),
            ("2069-01-02T00:00:00+00:00[UTC]", "YY D DD M MM", "69 2 02 1 01"),
            ("1950-01-02T00:00:00+00:00[UTC]", "YY YYYY", "50 1950"),
            ("0007-01-02T00:00:00+00:00[UTC]", "YYYY YY", "0007 07"),
            ("-000005-01-02T00:00:00+00:00[UTC]", "YYYY YY", "-005 95"),
            // The seconds of an old local offset are left out.
            ("1890-01-02T00:00:00+08:06[Asia/Taipei]", "Z", "+08:06"),
            ("2026-03-01T00:00:00-03:30[-03:30]", "Z", "-03:30"),
            ("2026-03-01T00:00:00+00:00[UTC]", "[%Y] 100% %m [DD]", "%Y 100% %0 DD"),
        ] {
            let at: Zoned = at.parse().unwrap_or_else(|error| panic!("{at}: {error}"));
            assert_eq!(TimePattern::parse(pattern).unwrap().write(&at), expected, "{at} {pattern}");
        }
    }

    #[test]
    fn an_unknown_letter_in_a_format_is_named() {
        for (pattern, letter) in
            [("YYYY-bb", "b"), ("yyyy", "y"), ("%Y-%m-%d", "Y"), ("DDD", ""), ("[open", "o"), ("Q", "Q")]
        {
            match TimePattern::parse(pattern) {
                Ok(_) => assert_eq!(letter, "", "{pattern}"),
                Err(message) => {
                    assert!(message.starts_with(&format!("`{letter}` in the format `{pattern}`")), "{message}")
                }
            }
        }
        assert_eq!(TimePattern::parse("YYYY]").unwrap().text(), "YYYY]");
    }
}
