//! `Retry-After` in both its forms.

use std::time::Duration;

use super::http_date::{dated, http_date};
use crate::model::Response;

/// How long the answer asks to wait: in seconds, or until a date, counted from the answer's own date.
pub(crate) fn retry_after(answer: &Response) -> Option<Duration> {
    let text = answer.header("retry-after")?.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(Duration::from_secs(u64::from(seconds)));
    }
    let until = http_date(text)?;
    Some(until.since(dated(answer)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn asked(headers: &[(&str, &str)]) -> Option<Duration> {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        retry_after(&Response { status: 503, headers, body: Bytes::new() })
    }

    #[test]
    fn what_is_neither_form_says_nothing() {
        for bad in ["", "-5", "soon", "1.5", "99999999999", "Wed, 21 Oct 2015 07:28:00"] {
            assert_eq!(asked(&[("retry-after", bad)]), None, "{bad}");
        }
        assert_eq!(asked(&[("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")]), None);
    }

    #[test]
    fn both_forms_are_read() {
        assert_eq!(asked(&[("retry-after", "120")]), Some(Duration::from_secs(120)));
        let date = ("date", "Wed, 21 Oct 2015 07:27:30 GMT");
        let later = ("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT");
        assert_eq!(asked(&[date, later]), Some(Duration::from_secs(30)));
        let passed = ("retry-after", "Wed, 21 Oct 2015 07:00:00 GMT");
        assert_eq!(asked(&[date, passed]), Some(Duration::ZERO));
    }
}
