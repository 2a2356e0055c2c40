//! Reads `Retry-After`: how long an answer asks to wait.

use std::time::Duration;

use super::http_date::{dated, http_date};
use crate::model::{Response, Time};

/// The longest wait that an answer can ask for. A longer one is shortened to this.
pub(crate) const LONGEST_ASKED: Duration = Duration::from_secs(86_400);

/// The wait that an answer asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// A time counted from the arrival of the answer.
    For(Duration),
    /// An instant by this machine's clock, because the answer does not say when it was made.
    Until(Time),
}

impl RetryAfter {
    /// How long to wait after an answer that came at `now`.
    #[must_use]
    pub fn wait_at(self, now: Time) -> Duration {
        let wait = match self {
            Self::For(span) => span,
            Self::Until(at) => at.since(now),
        };
        wait.min(LONGEST_ASKED)
    }
}

/// Reads the wait that an answer asks for: seconds, or a date. A date is compared with the answer's own `Date`, so
/// that a wrong clock on this machine does not matter; without one, with this machine's clock. A past date and a
/// negative number mean no wait. `None` without a readable `Retry-After`.
pub(crate) fn retry_after(answer: &Response) -> Option<RetryAfter> {
    let text = answer.header("retry-after")?.trim();
    if let Some(until) = http_date(text) {
        return Some(dated(answer).map_or(RetryAfter::Until(until), |made| RetryAfter::For(until.since(made))));
    }
    // Two headers of this name may arrive joined: the longer wait satisfies both.
    let spans: Option<Vec<Duration>> = text.split(',').map(seconds).collect();
    spans?.into_iter().max().map(RetryAfter::For)
}

/// Reads seconds, with or without a fraction.
fn seconds(text: &str) -> Option<Duration> {
    let text = text.trim();
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(fraction) {
        return None;
    }
    if negative {
        return Some(Duration::ZERO);
    }
    // A number with too many digits counts as the longest wait.
    let whole = whole.parse().map_or(LONGEST_ASKED, Duration::from_secs).min(LONGEST_ASKED);
    let millis: u64 = format!("{:0<3}", fraction.get(..3).unwrap_or(fraction)).parse().unwrap_or_default();
    Some(whole.saturating_add(Duration::from_millis(millis)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    const NOW: Time = Time::from_secs(1_445_412_450);

    fn asked(headers: &[(&str, &str)]) -> Option<Duration> {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        retry_after(&Response { status: 503, headers, body: Bytes::new() }).map(|asked| asked.wait_at(NOW))
    }

    #[test]
    fn other_forms_of_retry_after_are_ignored() {
        for bad in [
            "",
            "soon",
            "1e3",
            "2000ms",
            "+5",
            ".5",
            "1.5.1",
            "-",
            "--5",
            "1 2",
            "2, soon",
            ",",
            "０",
            "Wed, 21 Oct 2015 07:28:00",
            "NaN",
            "inf",
        ] {
            assert_eq!(asked(&[("retry-after", bad)]), None, "{bad}");
        }
    }

    #[test]
    fn seconds_may_have_a_fraction_and_no_number_is_too_large() {
        for (text, millis) in [
            ("0", 0),
            ("120", 120_000),
            (" 2 ", 2_000),
            ("1.5", 1_500),
            ("0.25", 250),
            ("1.", 1_000),
            ("1.0009", 1_000),
            ("2, 3", 3_000),
            ("-5", 0),
            ("-0.5", 0),
            ("86400", 86_400_000),
            ("86401", 86_400_000),
            ("99999999999", 86_400_000),
            ("99999999999999999999999999999999.9", 86_400_000),
        ] {
            assert_eq!(asked(&[("retry-after", text)]), Some(Duration::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn each_form_of_a_date_is_counted_from_the_answers_own_or_from_here() {
        let date = ("date", "Wed, 21 Oct 2015 07:27:45 GMT");
        for form in ["Wed, 21 Oct 2015 07:28:00 GMT", "Wednesday, 21-Oct-15 07:28:00 GMT", "Wed Oct 21 07:28:00 2015"] {
            let later = ("retry-after", form);
            assert_eq!(asked(&[date, later]), Some(Duration::from_secs(15)), "{form}");
            assert_eq!(asked(&[later]), Some(Duration::from_secs(30)), "{form}");
            assert_eq!(asked(&[("date", "yesterday"), later]), Some(Duration::from_secs(30)), "{form}");
        }
        for passed in ["Wed, 21 Oct 2015 07:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"] {
            assert_eq!(asked(&[date, ("retry-after", passed)]), Some(Duration::ZERO));
            assert_eq!(asked(&[("retry-after", passed)]), Some(Duration::ZERO));
        }
        let far = ("retry-after", "Wed, 21 Oct 9999 07:00:00 GMT");
        assert_eq!((asked(&[date, far]), asked(&[far])), (Some(LONGEST_ASKED), Some(LONGEST_ASKED)));
    }
}
