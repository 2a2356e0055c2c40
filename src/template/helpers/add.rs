//! `add`: adds a span to a time, or a number to a number.

use jiff::{SignedDuration, ToSpan as _};

use super::helper::{Helper, HelperCall, example};
use crate::model::{Decimal, Value, parse_duration};
use crate::template::values::TimeValue;

pub(super) const ADD: Helper = Helper {
    name: "add",
    usage: "add VALUE SPAN-OR-NUMBER",
    about: "A time and a span such as `30d`, `-2h` or `90m`, in the time's own form; or two numbers. Null stays null.",
    examples: &[
        example("{{ add row.deadline \"30d\" }}", r#""2026-03-31T18:00:00+08:00""#),
        example("{{ add row.deadline \"-90m\" }}", r#""2026-03-01T16:30:00+08:00""#),
        example("{{ add row.day \"1w\" }}", r#""2026-03-08""#),
        example("{{ add 1772359200 \"1h\" }}", "1772362800"),
        example("{{ add 1 2 }}", "3"),
        example("{{ add row.count -0.5 }}", "11.5"),
        example("{{ add row.remark \"30d\" }}", "null"),
    ],
    min_values: 2,
    max_values: 2,
    run: add,
};

fn add(call: &HelperCall<'_>) -> Result<Value, String> {
    let (value, more) = (call.value(0), call.value(1));
    if value.is_null() {
        return Ok(Value::Null);
    }
    if let Some(by) = Decimal::of(more) {
        let Some(number) = Decimal::of(value) else {
            return Err("a time takes a span with its unit, such as `\"30d\"`".to_owned());
        };
        let sum = number.plus(&by).ok_or("the sum has too many digits")?;
        return serde_json::from_str(&sum).map_err(|_| "the sum is not a number".to_owned());
    }
    let span = span(&call.text(1)?)?;
    Ok(later(TimeValue::read(value)?, span)?.to_value())
}

/// Reads a span such as `30d`, `-2h` or `+90m`.
fn span(text: &str) -> Result<SignedDuration, String> {
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let span = SignedDuration::try_from(parse_duration(rest.strip_prefix('+').unwrap_or(rest))?)
        .map_err(|_| format!("`{text}` is too long a span"))?;
    Ok(if negative { -span } else { span })
}

fn later(at: TimeValue, span: SignedDuration) -> Result<TimeValue, String> {
    let out_of_range = || "the time is out of range".to_owned();
    match at {
        TimeValue::Stamped { at, zulu } => {
            Ok(TimeValue::Stamped { at: at.checked_add(span).map_err(|_| out_of_range())?, zulu })
        }
        TimeValue::Seconds { at, number } => {
            Ok(TimeValue::Seconds { at: at.checked_add(span).map_err(|_| out_of_range())?, number })
        }
        TimeValue::Day(date) => {
            const DAY: i64 = 86_400;
            if span.as_secs() % DAY != 0 || span.subsec_nanos() != 0 {
                return Err("a day takes whole days, such as `\"30d\"`".to_owned());
            }
            let days = (span.as_secs() / DAY).days();
            Ok(TimeValue::Day(date.checked_add(days).map_err(|_| out_of_range())?))
        }
    }
}
