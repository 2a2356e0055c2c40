//! The token language of `format: "YYYY/M/D H:mm"`: read once, then applied to texts.

use jiff::civil;

/// The tokens, the longest of each letter first.
const TOKENS: [(&str, Token); 14] = [
    ("YYYY", Token::Year),
    ("MM", Token::Month(2)),
    ("M", Token::Month(1)),
    ("DD", Token::Day(2)),
    ("D", Token::Day(1)),
    ("HH", Token::Hour(2)),
    ("H", Token::Hour(1)),
    ("hh", Token::HalfHour(2)),
    ("h", Token::HalfHour(1)),
    ("mm", Token::Minute(2)),
    ("m", Token::Minute(1)),
    ("ss", Token::Second(2)),
    ("s", Token::Second(1)),
    ("Z", Token::Offset),
];

/// What a format is made of. The number is the least count of digits; 1 means one or two.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Year,
    Month(usize),
    Day(usize),
    Hour(usize),
    HalfHour(usize),
    Minute(usize),
    Second(usize),
    Fraction,
    HalfDay,
    Offset,
    Literal(char),
}

/// A date or date-time format: `YYYY M MM D DD H HH h hh m mm s ss S A Z`, other signs as they are, letters in `[…]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateFormat {
    text: String,
    tokens: Vec<Token>,
}

/// What a text says: day and time as on a clock's face, and its offset from UTC where it names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) at: civil::DateTime,
    pub(super) offset: Option<jiff::tz::Offset>,
}

impl DateFormat {
    /// Reads a format.
    ///
    /// # Errors
    /// A sentence that says what is accepted.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut tokens = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let taken = next_token(text, rest, first, &mut tokens)?;
            rest = &rest[taken..];
        }
        let format = Self { text: text.to_owned(), tokens };
        format.check()?;
        Ok(format)
    }

    /// The format as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it names a time of day.
    #[must_use]
    pub fn has_time(&self) -> bool {
        self.tokens.iter().any(|token| matches!(token, Token::Hour(_) | Token::HalfHour(_)))
    }

    /// Whether it names an offset from UTC.
    #[must_use]
    pub fn has_offset(&self) -> bool {
        self.tokens.contains(&Token::Offset)
    }

    fn check(&self) -> Result<(), String> {
        let count = |wanted: fn(&Token) -> bool| self.tokens.iter().filter(|token| wanted(token)).count();
        let parts: [(&str, usize); 7] = [
            ("year (`YYYY`)", count(|token| *token == Token::Year)),
            ("month (`M` or `MM`)", count(|token| matches!(token, Token::Month(_)))),
            ("day (`D` or `DD`)", count(|token| matches!(token, Token::Day(_)))),
            ("hour", count(|token| matches!(token, Token::Hour(_) | Token::HalfHour(_)))),
            ("minute", count(|token| matches!(token, Token::Minute(_)))),
            ("second", count(|token| matches!(token, Token::Second(_)))),
            ("offset", count(|token| *token == Token::Offset)),
        ];
        for (name, times) in parts {
            if times > 1 {
                return Err(format!("The format `{}` names the {name} more than once", self.text));
            }
        }
        if let Some((name, _)) = parts[..3].iter().find(|(_, times)| *times == 0) {
            return Err(format!("The format `{}` lacks the {name}", self.text));
        }
        let half = count(|token| matches!(token, Token::HalfHour(_)));
        if half != count(|token| *token == Token::HalfDay) {
            return Err(format!("The format `{}` must name `h` or `hh` and `A` together, or neither", self.text));
        }
        if parts[3].1 == 0 && (parts[4].1 > 0 || parts[5].1 > 0 || parts[6].1 > 0) {
            return Err(format!("The format `{}` lacks the hour (`H` or `HH`)", self.text));
        }
        Ok(())
    }

    /// Reads a text; `None` where it is not of this format or no day of the calendar.
    pub(super) fn read(&self, text: &str) -> Option<Reading> {
        let mut cursor = Cursor { rest: text };
        let mut parts = Parts::default();
        for token in &self.tokens {
            parts.take(token, &mut cursor)?;
        }
        if cursor.rest.is_empty() { parts.reading() } else { None }
    }
}

/// Adds the token at the start of `rest`; gives how many bytes of the format it took.
fn next_token(format: &str, rest: &str, first: char, tokens: &mut Vec<Token>) -> Result<usize, String> {
    if first == '[' {
        let inner =
            rest[1..].split_once(']').ok_or_else(|| format!("The format `{format}` opens a `[` and closes none"))?;
        tokens.extend(inner.0.chars().map(Token::Literal));
        return Ok(inner.0.len() + 2);
    }
    if !first.is_ascii_alphabetic() || first == 'T' {
        tokens.push(Token::Literal(first));
        return Ok(first.len_utf8());
    }
    let run = rest.len() - rest.trim_start_matches(first).len();
    let token = match first {
        'S' => Some(Token::Fraction),
        'A' | 'a' if run == 1 => Some(Token::HalfDay),
        _ => TOKENS.into_iter().find(|(name, _)| *name == &rest[..run]).map(|(_, token)| token),
    };
    tokens.push(token.ok_or_else(|| {
        let word = &rest[..run];
        format!(
            "The format `{format}` holds `{word}`, which is no token: use YYYY, M, MM, D, DD, H, HH, h, hh, m, mm, s, \
             ss, S, A and Z, and write letters that stand for themselves in brackets, such as `[at]`"
        )
    })?);
    Ok(run)
}

/// What is left of a text.
struct Cursor<'t> {
    rest: &'t str,
}

impl Cursor<'_> {
    fn digits(&mut self, least: usize, most: usize) -> Option<&str> {
        let count = self.rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        if count < least {
            return None;
        }
        let (digits, rest) = self.rest.split_at(count);
        self.rest = rest;
        Some(digits)
    }

    fn small(&mut self, least: usize) -> Option<i8> {
        self.digits(least, 2)?.parse().ok()
    }

    fn literal(&mut self, wanted: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(wanted)?;
        Some(())
    }

    fn offset(&mut self) -> Option<jiff::tz::Offset> {
        if self.literal('Z').or_else(|| self.literal('z')).is_some() {
            return Some(jiff::tz::Offset::UTC);
        }
        let sign = if self.literal('+').is_some() { 1 } else { self.literal('-').map(|()| -1)? };
        let hours: i32 = self.digits(2, 2)?.parse().ok()?;
        let colon = self.literal(':').is_some();
        let minutes: i32 = match self.digits(2, 2) {
            Some(digits) => digits.parse().ok()?,
            None if colon => return None,
            None => 0,
        };
        if minutes > 59 {
            return None;
        }
        jiff::tz::Offset::from_seconds(sign * (hours * 3_600 + minutes * 60)).ok()
    }
}

/// The parts of a text as they are found.
#[derive(Default)]
struct Parts {
    year: i16,
    month: i8,
    day: i8,
    hour: i8,
    minute: i8,
    second: i8,
    nanosecond: i32,
    afternoon: Option<bool>,
    half: bool,
    offset: Option<jiff::tz::Offset>,
}

impl Parts {
    fn take(&mut self, token: &Token, cursor: &mut Cursor<'_>) -> Option<()> {
        match token {
            Token::Year => self.year = cursor.digits(4, 4)?.parse().ok()?,
            Token::Month(least) => self.month = cursor.small(*least)?,
            Token::Day(least) => self.day = cursor.small(*least)?,
            Token::Hour(least) => self.hour = cursor.small(*least)?,
            Token::HalfHour(least) => {
                self.hour = cursor.small(*least)?;
                self.half = true;
            }
            Token::Minute(least) => self.minute = cursor.small(*least)?,
            Token::Second(least) => self.second = cursor.small(*least)?,
            Token::Fraction => self.nanosecond = format!("{:0<9}", cursor.digits(1, 9)?).parse().ok()?,
            Token::HalfDay => self.afternoon = Some(half_day(cursor)?),
            Token::Offset => self.offset = Some(cursor.offset()?),
            Token::Literal(wanted) => cursor.literal(*wanted)?,
        }
        Some(())
    }

    fn reading(self) -> Option<Reading> {
        let hour = match (self.half, self.afternoon) {
            (true, _) if !(1..=12).contains(&self.hour) => return None,
            (true, Some(true)) => self.hour % 12 + 12,
            (true, _) => self.hour % 12,
            (false, _) => self.hour,
        };
        let at = civil::DateTime::new(self.year, self.month, self.day, hour, self.minute, self.second, self.nanosecond);
        Some(Reading { at: at.ok()?, offset: self.offset })
    }
}

fn half_day(cursor: &mut Cursor<'_>) -> Option<bool> {
    for (word, afternoon) in [("AM", false), ("PM", true), ("上午", false), ("下午", true)] {
        if let Some(head) = cursor.rest.get(..word.len())
            && head.eq_ignore_ascii_case(word)
        {
            cursor.rest = &cursor.rest[word.len()..];
            return Some(afternoon);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: &str, text: &str) -> Option<String> {
        let reading = DateFormat::parse(format).unwrap().read(text)?;
        Some(format!("{}{}", reading.at, reading.offset.map(|offset| offset.to_string()).unwrap_or_default()))
    }

    #[test]
    fn formats_that_are_refused() {
        for bad in [
            "",
            "YYYY",
            "YYYY-MM",
            "YY-MM-DD",
            "DD-MM",
            "YYYY-MM-DD YYYY",
            "YYYY-MM-DD hh:mm",
            "YYYY-MM-DD A",
            "YYYY-MM-DD mm",
            "YYYY-MM-DD at HH",
            "YYYY-MM-DD [at HH",
            "yyyy-mm-dd",
            "%Y-%m-%d",
            "MMM D YYYY",
            "YYYY-MM-DD Z",
        ] {
            assert!(DateFormat::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn texts_that_do_not_fit() {
        for (format, text) in [
            ("YYYY-MM-DD", "2026-1-5"),
            ("YYYY-MM-DD", "2026-02-30"),
            ("YYYY-MM-DD", "2026-13-01"),
            ("YYYY-MM-DD", "2026-01-05 "),
            ("YYYY-MM-DD", "２０２６-01-05"),
            ("YYYY/M/D H:mm", "2026/1/5"),
            ("YYYY/M/D H:mm", "2026/1/5 24:00"),
            ("YYYY/M/D H:mm", "2026/1/5 9:5"),
            ("YYYY/M/D h:mm A", "2026/1/5 13:00 PM"),
            ("YYYY/M/D h:mm A", "2026/1/5 0:30 AM"),
            ("YYYY-MM-DD HH:mmZ", "2026-01-05 09:00+08:60"),
            ("YYYY-MM-DD HH:mmZ", "2026-01-05 09:00+8"),
            ("YYYY年M月D日", "2026年1月5"),
        ] {
            assert_eq!(read(format, text), None, "{format} {text}");
        }
    }

    #[test]
    fn texts_that_fit() {
        for (format, text, wanted) in [
            ("YYYY-MM-DD", "2026-01-05", "2026-01-05T00:00:00"),
            ("YYYY/M/D H:mm", "2026/1/5 9:05", "2026-01-05T09:05:00"),
            ("YYYY/M/D H:mm", "2026/11/25 19:05", "2026-11-25T19:05:00"),
            ("D.M.YYYY", "5.1.2026", "2026-01-05T00:00:00"),
            ("YYYYMMDDHHmmss", "20260105090507", "2026-01-05T09:05:07"),
            ("YYYY年M月D日 Ah:mm", "2026年1月5日 下午1:30", "2026-01-05T13:30:00"),
            ("MM/DD/YYYY hh:mm a", "01/05/2026 12:30 am", "2026-01-05T00:30:00"),
            ("YYYY-MM-DDTHH:mm:ss.SSSZ", "2026-01-05T09:05:07.25+0800", "2026-01-05T09:05:07.25+08"),
            ("YYYY-MM-DD [at] HH", "2026-01-05 at 09", "2026-01-05T09:00:00"),
        ] {
            assert_eq!(read(format, text).as_deref(), Some(wanted), "{format} {text}");
        }
    }
}
