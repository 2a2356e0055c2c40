//! Limits of calls, which playbooks, settings and provider files share.

use super::shape::{Key, KeyMap, Shape, key};

/// `limits`: calls at once, and calls in a time.
pub static LIMITS: KeyMap = KeyMap {
    name: "limits",
    what: "`limits`",
    doc: "Limits how many calls are under way at once, and how many begin in a time.",
    keys: &LIMITS_KEYS,
    rules: &[],
    example: "{ in_flight: 16, rate: 10/s }",
};

const LIMITS_KEYS: [Key; 2] = [
    key(
        "in_flight",
        Shape::Count { least: 1, most: None },
        "The most calls that are under way at once",
        "in_flight: 8",
    ),
    key("rate", Shape::Rate, "The most calls that begin in a time, such as `10/s`, `100/20s` or `90/m`", "rate: 10/s"),
];

/// `quota`: calls in a day.
pub static QUOTA: KeyMap = KeyMap {
    name: "quota",
    what: "`quota`",
    doc: "Limits the calls of one day.",
    keys: &QUOTA_KEYS,
    rules: &[],
    example: "{ calls: 1000000, resets: Asia/Shanghai }",
};

const QUOTA_KEYS: [Key; 2] = [
    key(
        "calls",
        Shape::Count { least: 1, most: None },
        "The most calls of a day; without it only the time at which they come back is known",
        "calls: 1000000",
    ),
    key("resets", Shape::Text, "The time zone at whose midnight the calls come back", "resets: Asia/Shanghai")
        .required(),
];
