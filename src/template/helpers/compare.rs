//! `eq`, `ne`, `gt`, `gte`, `lt`, `lte`: numbers by size, times by instant, all else as text.

use std::cmp::Ordering;

use super::helper::{Helper, HelperCall, example};
use crate::model::{Decimal, Value, as_text};
use crate::template::values::TimeValue;

pub(super) const EQ: Helper = Helper {
    name: "eq",
    usage: "eq A B",
    about: "Whether two values are equal: as numbers where both spell one, as instants where both are RFC 3339, as text otherwise.",
    examples: &[
        example("{{ eq \"1.50\" 1.5 }}", "true"),
        example("{{ eq \"007\" 7 }}", "false"),
        example("{{ eq row.branch \"tp-01\" }}", "true"),
        example("{{ eq row.remark \"\" }}", "true"),
        example("{{ eq \"2026-03-01T18:00:00+08:00\" \"2026-03-01T10:00:00Z\" }}", "true"),
    ],
    min_values: 2,
    max_values: 2,
    run: |call| Ok(Value::Bool(equal(call.value(0), call.value(1)))),
};

pub(super) const NE: Helper = Helper {
    name: "ne",
    usage: "ne A B",
    about: "The opposite of `eq`.",
    examples: &[example("{{ ne steps.task.outcome \"warning\" }}", "true"), example("{{ ne 1 \"1.0\" }}", "false")],
    min_values: 2,
    max_values: 2,
    run: |call| Ok(Value::Bool(!equal(call.value(0), call.value(1)))),
};

pub(super) const GT: Helper = Helper {
    name: "gt",
    usage: "gt A B",
    about: "Whether A is greater than B, compared as `eq` does.",
    examples: &[example("{{ gt \"10\" \"9\" }}", "true"), example("{{ gt row.deadline now }}", "true")],
    min_values: 2,
    max_values: 2,
    run: |call| ordered(call, Ordering::is_gt),
};

pub(super) const GTE: Helper = Helper {
    name: "gte",
    usage: "gte A B",
    about: "Whether A is greater than B or equal to it.",
    examples: &[example("{{ gte row.count 12 }}", "true")],
    min_values: 2,
    max_values: 2,
    run: |call| ordered(call, Ordering::is_ge),
};

pub(super) const LT: Helper = Helper {
    name: "lt",
    usage: "lt A B",
    about: "Whether A is less than B.",
    examples: &[example("{{ lt row.count 100 }}", "true"), example("{{ lt \"b\" \"a\" }}", "false")],
    min_values: 2,
    max_values: 2,
    run: |call| ordered(call, Ordering::is_lt),
};

pub(super) const LTE: Helper = Helper {
    name: "lte",
    usage: "lte A B",
    about: "Whether A is less than B or equal to it.",
    examples: &[example("{{ lte -1.5 -1.50 }}", "true")],
    min_values: 2,
    max_values: 2,
    run: |call| ordered(call, Ordering::is_le),
};

/// Whether two values are equal in templates; lists and maps compare by their JSON.
pub(super) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(_) | Value::Object(_), _) | (_, Value::Array(_) | Value::Object(_)) => a == b,
        _ => compare(a, b).is_eq(),
    }
}

fn ordered(call: &HelperCall<'_>, wanted: fn(Ordering) -> bool) -> Result<Value, String> {
    let (a, b) = (call.value(0), call.value(1));
    if [a, b].into_iter().any(|value| value.is_array() || value.is_object()) {
        return Err("lists and maps have no order".to_owned());
    }
    if [a, b].into_iter().any(Value::is_null) {
        return Err("null has no order; ask for it first, or give a `default`".to_owned());
    }
    Ok(Value::Bool(wanted(compare(a, b))))
}

/// Orders two scalars: as numbers, else as instants, else as texts.
fn compare(a: &Value, b: &Value) -> Ordering {
    if let (Some(a), Some(b)) = (Decimal::of(a), Decimal::of(b)) {
        return a.cmp(&b);
    }
    if let (Some(a), Some(b)) = (stamp(a), stamp(b)) {
        return a.cmp(&b);
    }
    match (a, b) {
        (Value::String(a), Value::String(b)) => a.cmp(b),
        _ => as_text(a).cmp(&as_text(b)),
    }
}

/// The instant of an RFC 3339 text with an offset; `None` for any other value.
fn stamp(value: &Value) -> Option<jiff::Timestamp> {
    match TimeValue::from_text(value.as_str()?) {
        Some(TimeValue::Stamped { at, .. }) => Some(at.timestamp()),
        _ => None,
    }
}
