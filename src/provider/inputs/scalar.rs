//! Converts scalars without loss to the type that an input declares.

use serde_json::Number;

use crate::diagnostic::shortened;
use crate::model::{Time, Value};

/// The most characters of a value that a message shows.
const SHOWN: usize = 40;

/// Plausible Unix seconds. Smaller numbers are dates written as digits, larger ones milliseconds.
const SECONDS: std::ops::RangeInclusive<i64> = 100_000_000..=99_999_999_999;

/// A value as a message shows it, in backticks and shortened.
pub(crate) fn shown(value: &Value) -> String {
    format!("`{}`", shortened(&crate::model::as_text(value), SHOWN))
}

/// Converts to text. Numbers keep their digits.
pub(crate) fn to_string(value: Value) -> Result<Value, String> {
    match value {
        Value::String(_) => Ok(value),
        Value::Number(number) => Ok(Value::String(number.to_string())),
        Value::Bool(yes) => Ok(Value::String(yes.to_string())),
        other @ (Value::Null | Value::Array(_) | Value::Object(_)) => {
            Err(format!("must be text, and this is {}", describe(&other)))
        }
    }
}

/// Converts to a whole number. Text must spell it canonically: `007` and `1.0` are refused.
pub(crate) fn to_integer(value: &Value) -> Result<Value, String> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        other @ (Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) => {
            return Err(format!("must be a whole number, and this is {}", describe(other)));
        }
    };
    match text.parse::<i128>() {
        Ok(number) if number.to_string() == text => Ok(number_value(&text)),
        _ => Err(format!("must be a whole number, and {} is not", shown(value))),
    }
}

/// Converts to a number. Its digits are kept.
pub(crate) fn to_number(value: &Value) -> Result<Value, String> {
    match value {
        Value::Number(_) => Ok(value.clone()),
        Value::String(text) => {
            let number = Some(crate::yaml::plain_value(text)).filter(Value::is_number);
            number.ok_or_else(|| format!("must be a number, and {} is not", shown(value)))
        }
        other @ (Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) => {
            Err(format!("must be a number, and this is {}", describe(other)))
        }
    }
}

/// Converts to true or false; `yes`, `no`, `1` and `0` are accepted, too.
pub(crate) fn to_boolean(value: &Value) -> Result<Value, String> {
    let text = match value {
        Value::Bool(_) => return Ok(value.clone()),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_lowercase(),
        other @ (Value::Null | Value::Array(_) | Value::Object(_)) => {
            return Err(format!("must be true or false, and this is {}", describe(other)));
        }
    };
    match text.as_str() {
        "true" | "yes" | "1" => Ok(Value::Bool(true)),
        "false" | "no" | "0" => Ok(Value::Bool(false)),
        _ => Err(format!("must be `true` or `false`, and {} is neither", shown(value))),
    }
}

/// Why a value is not an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotAnInstant {
    /// The message.
    pub(crate) message: String,
    /// Whether it has no known spelling, so that the column may declare one.
    pub(crate) unknown_spelling: bool,
}

/// Converts RFC 3339 text or Unix seconds to an instant.
pub(crate) fn to_instant(value: &Value) -> Result<Time, NotAnInstant> {
    let no = |unknown_spelling, message| Err(NotAnInstant { message, unknown_spelling });
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        other @ (Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) => {
            return no(false, format!("must be an instant, and this is {}", describe(other)));
        }
    };
    if let Ok(seconds) = text.parse::<i64>() {
        return match seconds {
            _ if SECONDS.contains(&seconds) => Ok(Time::from_secs(seconds)),
            _ if seconds > *SECONDS.end() => {
                no(false, format!("{} is not in seconds: Unix seconds have ten digits", shown(value)))
            }
            _ => no(true, format!("{} is not an instant: Unix seconds have ten digits", shown(value))),
        };
    }
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Ok(Time::from_timestamp(instant));
    }
    let what = shown(value);
    if text.parse::<jiff::civil::Date>().is_ok_and(|_| !text.contains(':')) {
        no(false, format!("{what} is a date without a time of day; `end_of_day` makes an instant of it"))
    } else if text.parse::<jiff::civil::DateTime>().is_ok() {
        no(false, format!("{what} lacks its offset, such as `+08:00`"))
    } else {
        let wanted = "write RFC 3339, such as `2027-01-31T18:00:00+08:00`, or Unix seconds";
        no(true, format!("{what} is not an instant: {wanted}"))
    }
}

/// Converts `YYYY-MM-DD`, or the date part of RFC 3339 text, to a date.
pub(crate) fn to_date(value: &Value) -> Result<String, String> {
    let text = value.as_str().unwrap_or_default().trim();
    let date = text.split_once('T').map_or(text, |(date, _)| date);
    let whole = text == date || text.parse::<jiff::Timestamp>().is_ok();
    match date.parse::<jiff::civil::Date>() {
        Ok(parsed) if whole && parsed.to_string() == date => Ok(date.to_owned()),
        _ => Err(format!("must be a date such as `2027-01-31`, and {} is not", shown(value))),
    }
}

/// A number with exactly these digits.
pub(crate) fn number_value(digits: &str) -> Value {
    digits.parse::<Number>().map_or_else(|_| Value::String(digits.to_owned()), Value::Number)
}

/// The kind of a value, for messages.
pub(crate) fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nothing_is_converted_with_a_loss() {
        for bad in
            [json!("007"), json!("1.0"), json!("1e3"), json!(" 1"), json!(""), json!(true), json!([]), json!("+1")]
        {
            assert!(to_integer(&bad).is_err(), "{bad}");
        }
        assert!(to_integer(&number_value("1.50")).is_err());
        for bad in [json!("1,5"), json!("1e3"), json!("x"), json!(false), json!({})] {
            assert!(to_number(&bad).is_err(), "{bad}");
        }
        for bad in [json!("maybe"), json!(2), json!(""), json!(null), json!([])] {
            assert!(to_boolean(&bad).is_err(), "{bad}");
        }
        for bad in [json!({}), json!([1]), json!(null)] {
            assert!(to_string(bad.clone()).is_err(), "{bad}");
        }
    }

    #[test]
    fn digits_are_kept() {
        assert_eq!(to_integer(&json!("-15")).unwrap(), json!(-15));
        assert_eq!(
            to_integer(&number_value("123456789012345678901234567890")).unwrap().to_string(),
            "123456789012345678901234567890"
        );
        assert_eq!(to_number(&json!("1.50")).unwrap().to_string(), "1.50");
        assert_eq!(to_string(number_value("1.50")).unwrap(), json!("1.50"));
        assert_eq!(to_boolean(&json!("Yes")).unwrap(), json!(true));
        assert_eq!(to_boolean(&json!(0)).unwrap(), json!(false));
    }

    #[test]
    fn instants_are_seconds_or_carry_an_offset() {
        let wrong = |value: Value| to_instant(&value).unwrap_err().message;
        assert!(wrong(json!("1703141398000")).contains("not in seconds"));
        assert!(wrong(json!(20_231_221)).contains("not an instant"));
        assert!(wrong(json!("2027-01-31")).contains("end_of_day"));
        assert!(wrong(json!("2027-01-31T10:00:00")).contains("offset"));
        assert!(wrong(json!("soon")).contains("RFC 3339"));
        assert!(wrong(json!("2027-13-01T00:00:00Z")).contains("RFC 3339"));
        for same in [json!("1703141398"), json!(1_703_141_398), json!("2023-12-21T14:49:58+08:00")] {
            assert_eq!(to_instant(&same), Ok(Time::from_secs(1_703_141_398)), "{same}");
        }
    }

    #[test]
    fn dates_are_whole() {
        for bad in
            [json!("2027-1-31"), json!("2027-02-30"), json!("31.01.2027"), json!(20_270_131), json!("2027-01-31Tx")]
        {
            assert!(to_date(&bad).is_err(), "{bad}");
        }
        assert_eq!(to_date(&json!("2027-01-31T23:00:00+08:00")).as_deref(), Ok("2027-01-31"));
    }
}
