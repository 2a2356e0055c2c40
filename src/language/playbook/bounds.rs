//! The keys that bound a run.

use crate::language::shape::{Key, KeyMap, Shape, key};
use crate::language::shape::{any_of, list};

/// `stop_when`.
pub static STOP_WHEN: KeyMap = KeyMap {
    name: "stop_when",
    what: "`stop_when`",
    doc: "Stops the run when too much goes wrong; the counts begin anew after every `resume`.",
    keys: &STOP_WHEN_KEYS,
    rules: &[],
    example: "{ failed: 50, failed_ratio: 10%, unknown: 1 }",
};

const STOP_WHEN_KEYS: [Key; 4] = [
    key("failed", AT_LEAST_ONE, "Stops at this number of failed and partial rows", "failed: 50"),
    key("failed_ratio", Shape::Share, "Stops when this share of the finished rows has failed", "failed_ratio: 10%"),
    key("unknown", AT_LEAST_ONE, "Stops at this number of rows with an unknown outcome", "unknown: 1"),
    key(
        "new_kind",
        Shape::Bool,
        "Stops at the first failure whose step and code did not occur in the first wave; needs `waves`",
        "new_kind: false",
    )
    .default("false"),
];

const AT_LEAST_ONE: Shape = Shape::Count { least: 1, most: None };

/// `waves`.
pub static WAVES: KeyMap = KeyMap {
    name: "waves",
    what: "`waves`",
    doc: "Runs a few rows first, and the next ones only when enough of them succeeded.",
    keys: &WAVES_KEYS,
    rules: &[],
    example: "{ sizes: [3, 10%], gate: 99% }",
};

const WAVES_KEYS: [Key; 2] = [
    key(
        "sizes",
        list!(any_of!(Shape::Count { least: 1, most: None }, Shape::Share), 1),
        "The sizes of the first waves, as numbers of rows or shares of all rows; the other rows are the last wave",
        "sizes: [3, 10%]",
    )
    .required(),
    key("gate", Shape::Share, "The share of a wave that must have succeeded before the next wave begins", "gate: 99%")
        .default("100%"),
];

/// `window`.
pub static WINDOW: KeyMap = KeyMap {
    name: "window",
    what: "`window`",
    doc: "Sends calls that change something only on these days and in these hours; outside them the run waits.",
    keys: &WINDOW_KEYS,
    rules: &[],
    example: "{ days: Mon-Fri, hours: \"09:00-18:00\", timezone: Asia/Shanghai }",
};

const WINDOW_KEYS: [Key; 3] = [
    key(
        "days",
        Shape::Text,
        "The days of the week on which the hours begin, such as `Mon-Fri` or `Sat,Sun`",
        "days: Mon-Fri",
    )
    .default("(every day)"),
    key(
        "hours",
        Shape::Text,
        "The hours of the day; a window that ends before it begins ends on the next day",
        "hours: \"09:00-18:00\"",
    )
    .default("(the whole day)"),
    key("timezone", Shape::Text, "The time zone whose clock decides", "timezone: Asia/Shanghai").required(),
];
