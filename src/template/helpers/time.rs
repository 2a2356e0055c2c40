//! `now`, `parse_time`, `end_of_day`, `format_time`, `unix`: helpers for times. `now` is the start of the run, never
//! the clock.

use jiff::Zoned;
use jiff::civil::{Time, time};
use jiff::tz::TimeZone;

use super::helper::{Helper, HelperCall, example};
use crate::model::{Moment, Value};
use crate::template::values::{TimeValue, rfc3339, zone};

pub(super) const NOW: Helper = Helper {
    name: "now",
    usage: "now",
    about: "When the run started, the same on every resume.",
    examples: &[example("{{ now }}", r#""2026-01-15T08:00:00Z""#), example("{{ unix now }}", "1768464000")],
    min_values: 0,
    max_values: 0,
    run: now,
};

fn now(call: &HelperCall<'_>) -> Result<Value, String> {
    call.scope().get(&["run", "started_at"]).cloned().ok_or_else(|| "the run's start is not known here".to_owned())
}

pub(super) const PARSE_TIME: Helper = Helper {
    name: "parse_time",
    usage: "parse_time TEXT FORMAT [ZONE]",
    about: "A text read by a format as RFC 3339, or as a day where the format has no hour; null stays null.",
    examples: &[
        example(
            "{{ parse_time \"2026/3/1 9:05\" \"YYYY/M/D H:mm\" \"Asia/Taipei\" }}",
            r#""2026-03-01T09:05:00+08:00""#,
        ),
        example("{{ parse_time \"1.3.2026\" \"D.M.YYYY\" }}", r#""2026-03-01""#),
        example("{{ parse_time \"2026-03-01 09:05 +0900\" \"YYYY-MM-DD HH:mm Z\" }}", r#""2026-03-01T09:05:00+09:00""#),
    ],
    min_values: 2,
    max_values: 3,
    run: parse_time,
};

fn parse_time(call: &HelperCall<'_>) -> Result<Value, String> {
    let pattern = call.pattern(1)?;
    let zone = optional_zone(call, 2)?;
    if call.is_null(0) {
        return Ok(Value::Null);
    }
    let text = call.text(0)?;
    call.check_time_length(&text)?;
    let Moment { date, time, offset } = pattern.read(&text)?;
    let Some(time) = time else { return Ok(Value::String(date.to_string())) };
    let zone = match (offset, zone) {
        (Some(offset), _) => TimeZone::fixed(offset),
        (None, Some(zone)) => zone,
        (None, None) => {
            return Err("a time of day needs a zone: give one as the third value, such as `\"Asia/Taipei\"`".to_owned());
        }
    };
    let at = zone.to_ambiguous_zoned(date.to_datetime(time)).unambiguous();
    let at =
        at.map_err(|_| "there is no such time in that zone, or there are two: its clocks are changed then".to_owned())?;
    Ok(Value::String(rfc3339(&at, false)))
}

pub(super) const END_OF_DAY: Helper = Helper {
    name: "end_of_day",
    usage: "end_of_day DAY ZONE",
    about: "The last second of a day in a time zone, as RFC 3339; of a time, its day there. Null stays null.",
    examples: &[
        example("{{ end_of_day row.day \"Asia/Taipei\" }}", r#""2026-03-01T23:59:59+08:00""#),
        example("{{ end_of_day \"2026-03-01T20:00:00Z\" \"Asia/Taipei\" }}", r#""2026-03-02T23:59:59+08:00""#),
    ],
    min_values: 2,
    max_values: 2,
    run: end_of_day,
};

fn end_of_day(call: &HelperCall<'_>) -> Result<Value, String> {
    const LAST: Time = time(23, 59, 59, 0);
    let zone = zone(&call.text(1)?)?;
    if call.is_null(0) {
        return Ok(Value::Null);
    }
    let date = match TimeValue::read(call.value(0))? {
        TimeValue::Day(date) => date,
        TimeValue::Stamped { at, .. } => at.with_time_zone(zone.clone()).date(),
        TimeValue::Seconds { at, .. } => at.to_zoned(zone.clone()).date(),
    };
    let at = zone.to_zoned(date.to_datetime(LAST)).map_err(|_| "the day is out of range".to_owned())?;
    Ok(Value::String(rfc3339(&at, false)))
}

pub(super) const FORMAT_TIME: Helper = Helper {
    name: "format_time",
    usage: "format_time TIME FORMAT [ZONE]",
    about: "A time spelled by a format, in a zone or else in its own offset (Unix seconds: UTC); null stays null.",
    examples: &[
        example("{{ format_time row.deadline \"YYYY/M/D H:mm\" }}", r#""2026/3/1 18:00""#),
        example("{{ format_time row.deadline \"YYYY-MM-DD HH:mm Z\" \"UTC\" }}", r#""2026-03-01 10:00 +00:00""#),
        example("{{ format_time row.day \"D.M.YYYY\" }}", r#""1.3.2026""#),
        example("{{ format_time 0 \"YYYYMMDDHHmmss\" \"Asia/Taipei\" }}", r#""19700101080000""#),
    ],
    min_values: 2,
    max_values: 3,
    run: format_time,
};

fn format_time(call: &HelperCall<'_>) -> Result<Value, String> {
    let pattern = call.pattern(1)?;
    let zone = optional_zone(call, 2)?;
    if call.is_null(0) {
        return Ok(Value::Null);
    }
    let at: Zoned = match (TimeValue::read(call.value(0))?, zone) {
        (TimeValue::Stamped { at, .. }, None) => at,
        (TimeValue::Stamped { at, .. }, Some(zone)) => at.with_time_zone(zone),
        (TimeValue::Seconds { at, .. }, zone) => at.to_zoned(zone.unwrap_or(TimeZone::UTC)),
        (TimeValue::Day(_), _) if pattern.has_time() => {
            return Err("a day has no time of day to spell".to_owned());
        }
        (TimeValue::Day(date), _) => date.to_zoned(TimeZone::UTC).map_err(|_| "the day is out of range".to_owned())?,
    };
    Ok(Value::String(pattern.write(&at)))
}

pub(super) const UNIX: Helper = Helper {
    name: "unix",
    usage: "unix TIME",
    about: "A time as Unix seconds, a number; null stays null.",
    examples: &[example("{{ unix row.deadline }}", "1772359200"), example("{{ unix \"1772359200\" }}", "1772359200")],
    min_values: 1,
    max_values: 1,
    run: unix,
};

fn unix(call: &HelperCall<'_>) -> Result<Value, String> {
    if call.is_null(0) {
        return Ok(Value::Null);
    }
    match TimeValue::read(call.value(0))?.timestamp() {
        Some(at) => Ok(Value::from(at.as_second())),
        None => Err("a day alone is not an instant: say which with `end_of_day DAY ZONE`".to_owned()),
    }
}

fn optional_zone(call: &HelperCall<'_>, index: usize) -> Result<Option<TimeZone>, String> {
    if call.is_null(index) { Ok(None) } else { zone(&call.text(index)?).map(Some) }
}
