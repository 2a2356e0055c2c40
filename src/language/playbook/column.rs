//! Columns of row files, and variables.

use crate::language::shape::{Key, KeyMap, Shape, WordDoc, key, word};
use crate::language::shape::{any_of, list};

/// The types of columns and variables.
pub const COLUMN_TYPES: [WordDoc; 8] = [
    word("string", "Text, exactly as the cell has it"),
    word("integer", "A whole number of any length"),
    word("number", "A number; its digits are kept as written"),
    word("boolean", "`true`, `yes`, `y` or `1`, and `false`, `no`, `n` or `0`, in any case"),
    word("date", "A day"),
    word("datetime", "A point in time"),
    word("json", "Any JSON value"),
    word("list", "Texts with a separator between them"),
];

/// A column of a row file.
pub static COLUMN: KeyMap = KeyMap {
    name: "column",
    what: "a column",
    doc: "Declares how the cells of one column are read and which values are allowed.",
    keys: &COLUMN_KEYS,
    rules: &[],
    example: "{ from: Phone, sensitive: true, optional: true }",
};

/// A bound has the type of its column.
const BOUND: Shape = any_of!(Shape::Count { least: 0, most: None }, Shape::Text);

const COLUMN_KEYS: [Key; 14] = [
    key("type", Shape::Words(&COLUMN_TYPES), "How the cells are read", "type: string").default("string"),
    key("from", Shape::Text, "The head of the column in the file, where it is not the name", "from: 預約時間")
        .default("(the name)"),
    key("optional", Shape::Bool, "Whether cells may be blank; a blank cell is null and is left out", "optional: false")
        .default("false"),
    key("sensitive", Shape::Bool, "Whether the cells are masked wherever people look", "sensitive: false")
        .default("false"),
    key("description", Shape::Text, "A note for people", "description: Branch that holds the appointment"),
    key(
        "format",
        Shape::Text,
        "How dates and times are written in the file, such as `YYYY/M/D H:mm`; for a text column `cn_id` or `tw_id`, which checks identity numbers",
        "format: YYYY/M/D",
    )
    .of("type: date")
    .default("(ISO 8601 for dates and times)"),
    key("timezone", Shape::Text, "The time zone of times that are written without an offset", "timezone: Asia/Taipei")
        .of("type: datetime"),
    key("separator", Shape::Text, "The text between the elements of a list; blanks around an element are removed", "separator: \"|\"")
        .default("\";\"")
        .of("type: list"),
    key("pattern", Shape::Text, "A regular expression that every cell must match", "pattern: \"^[A-Z0-9-]+$\""),
    key(
        "length",
        any_of!(Shape::Count { least: 0, most: None }, Shape::Map(&LENGTH)),
        "How many characters a cell may have: a number, or `min` and `max`",
        "length: { min: 1, max: 20 }",
    ),
    key("min", BOUND, "The smallest value; of a list, the fewest elements", "min: 1").of("type: integer"),
    key("max", BOUND, "The largest value; of a list, the most elements", "max: 99").of("type: integer"),
    key("one_of", list!(Shape::Any, 1), "The values that are allowed", "one_of: [normal, urgent]"),
    key("default", Shape::Any, "The value of a blank cell", "default: normal").null_refused(),
];

/// `length` of a column.
pub static LENGTH: KeyMap = KeyMap {
    name: "length",
    what: "`length`",
    doc: "Bounds the number of characters.",
    keys: &LENGTH_KEYS,
    rules: &[],
    example: "{ min: 1, max: 20 }",
};

const LENGTH_KEYS: [Key; 2] = [
    key("min", Shape::Count { least: 0, most: None }, "The fewest characters", "min: 1").default("0"),
    key("max", Shape::Count { least: 0, most: None }, "The most characters", "max: 20"),
];

/// A variable in full.
pub static VARIABLE: KeyMap = KeyMap {
    name: "variable",
    what: "a variable",
    doc: "Declares a value that templates use as `vars.NAME` and that a run can set with `--var NAME=VALUE`.",
    keys: &VARIABLE_KEYS,
    rules: &[],
    example: "{ type: string, default: \"943\", description: Branch that holds the appointment }",
};

const VARIABLE_KEYS: [Key; 4] = [
    key("type", Shape::Words(&COLUMN_TYPES), "How a value from the command line is read", "type: string")
        .default("(the type of the default)"),
    key("default", Shape::Any, "The value of a run that gives none", "default: \"943\"")
        .default("(a run must give the value)"),
    key("description", Shape::Text, "A note for people", "description: Branch that holds the appointment"),
    key("sensitive", Shape::Bool, "Whether the value is masked wherever people look", "sensitive: false")
        .default("false"),
];
