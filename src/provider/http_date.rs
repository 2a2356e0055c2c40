//! Dates as HTTP headers write them.

use jiff::fmt::rfc2822;

use crate::model::{Response, Time};

/// A date such as `Wed, 21 Oct 2015 07:28:00 GMT`.
pub(crate) fn http_date(text: &str) -> Option<Time> {
    // HTTP says GMT where RFC 2822 has an offset.
    let text = text.trim().strip_suffix("GMT").map(|date| format!("{date}+0000"))?;
    let zoned = rfc2822::DateTimeParser::new().parse_zoned(&text).ok()?;
    Some(Time::from_timestamp(zoned.timestamp()))
}

/// When an answer was made, by the clock of who made it.
pub(crate) fn dated(answer: &Response) -> Option<Time> {
    http_date(answer.header("date")?)
}
