//! The result of a token exchange, and when it expires.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::model::{Secret, Time, Value};
use crate::provider::descriptor::Expiry;

/// The result of a token exchange. It is never written to the journal.
#[derive(Debug, Clone, Default)]
pub struct Token {
    /// `access_token` and the other outputs of the exchange.
    pub values: BTreeMap<String, Secret>,
    /// When it expires; `None` if no answer says so: then it is used until it is refused.
    #[cfg_attr(not(any(test, feature = "internals")), allow(dead_code))]
    pub expires_at: Option<Time>,
    /// When to fetch the next one; `None` if only a refusal shows it.
    pub refresh_at: Option<Time>,
}

impl Expiry {
    /// When the token expires; `None` if the value shows no instant after `at`.
    pub(crate) fn instant(&self, values: &BTreeMap<String, Secret>, at: Time) -> Option<Time> {
        let text = |name: &String| values.get(name).map(Secret::expose);
        let instant = match self {
            Self::Seconds(name) => at.plus(Duration::from_secs(text(name)?.trim().parse().ok()?)),
            Self::At(name) => lenient(text(name)?.trim())?,
            Self::Jwt(name) => jwt_expiry(text(name)?)?,
        };
        (instant > at).then_some(instant)
    }
}

/// When to fetch the next token: `ahead` before it expires, but not before half of its lifetime.
pub(crate) fn refresh_at(at: Time, expires_at: Time, ahead: Duration) -> Time {
    let life = expires_at.since(at);
    at.plus(life.saturating_sub(ahead).max(life / 2))
}

/// Reads a date in one of the forms that vendors use. A date without an offset is read as the earliest possible
/// instant.
fn lenient(text: &str) -> Option<Time> {
    if let Ok(number) = text.parse::<i64>() {
        return match text.len() {
            9..=11 => Some(Time::from_secs(number)),
            13 => Some(Time::from_micros(number.checked_mul(1_000)?)),
            8 => earliest(&format!("{}-{}-{}T00:00:00", &text[..4], &text[4..6], &text[6..])),
            14 => earliest(&format!(
                "{}-{}-{}T{}:{}:{}",
                &text[..4],
                &text[4..6],
                &text[6..8],
                &text[8..10],
                &text[10..12],
                &text[12..]
            )),
            _ => None,
        };
    }
    let text = text.replace(['/', '.'], "-");
    text.parse::<jiff::Timestamp>().ok().map(Time::from_timestamp).or_else(|| earliest(&text))
}

/// A date and time without an offset, read with the offset that makes it earliest, UTC+14.
fn earliest(text: &str) -> Option<Time> {
    let civil = text.parse::<jiff::civil::DateTime>().ok()?;
    let zoned = civil.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(14))).ok()?;
    Some(Time::from_timestamp(zoned.timestamp()))
}

fn jwt_expiry(token: &str) -> Option<Time> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?.trim_end_matches('=')).ok()?;
    let payload: Value = serde_json::from_slice(&payload).ok()?;
    payload.get("exp")?.as_i64().map(Time::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_secs(1_700_000_000);

    fn expiry(expiry: &Expiry, text: &str) -> Option<Time> {
        expiry.instant(&BTreeMap::from([("x".to_owned(), Secret::new(text))]), NOW)
    }

    #[test]
    fn a_token_without_an_expiry_is_used_until_refused() {
        let seconds = Expiry::Seconds("x".into());
        for bad in ["", "-5", "soon", "0", "1.5"] {
            assert_eq!(expiry(&seconds, bad), None, "{bad}");
        }
        let at = Expiry::At("x".into());
        for bad in ["", "soon", "2020-01-01", "20200101", "1600000000", "9", "29999999999999", "20239999"] {
            assert_eq!(expiry(&at, bad), None, "{bad}");
        }
        let jwt = Expiry::Jwt("x".into());
        for bad in ["", "a.b.c", "opaque", "e30.e30.e30", "a.eyJleHAiOiJ4In0.c"] {
            assert_eq!(expiry(&jwt, bad), None, "{bad}");
        }
        assert_eq!(Expiry::Seconds("other".into()).instant(&BTreeMap::new(), NOW), None);
    }

    #[test]
    fn every_form_is_read() {
        assert_eq!(expiry(&Expiry::Seconds("x".into()), "7200"), Some(Time::from_secs(1_700_007_200)));
        let at = Expiry::At("x".into());
        assert_eq!(expiry(&at, "1700000100"), Some(Time::from_secs(1_700_000_100)));
        assert_eq!(expiry(&at, "1700000100000"), Some(Time::from_secs(1_700_000_100)));
        let midnight = Some(Time::from_secs(1_703_980_800 - 14 * 3_600));
        for same in ["2023-12-31", "20231231", "2023/12/31", "2023-12-31 00:00:00", "2023.12.31", "20231231000000"] {
            assert_eq!(expiry(&at, same), midnight, "{same}");
        }
        assert_eq!(expiry(&at, "2023-12-31T00:00:00+09:00"), Some(Time::from_secs(1_703_980_800 - 9 * 3_600)));
        let payload = URL_SAFE_NO_PAD.encode(r#"{"exp":1700000100}"#);
        let jwt = expiry(&Expiry::Jwt("x".into()), &format!("h.{payload}.s"));
        assert_eq!(jwt, Some(Time::from_secs(1_700_000_100)));
    }

    #[test]
    fn a_short_life_is_used_for_half_at_least() {
        let ahead = Duration::from_secs(600);
        assert_eq!(refresh_at(NOW, NOW.plus(Duration::from_secs(7200)), ahead), NOW.plus(Duration::from_secs(6600)));
        assert_eq!(refresh_at(NOW, NOW.plus(Duration::from_secs(60)), ahead), NOW.plus(Duration::from_secs(30)));
    }
}
