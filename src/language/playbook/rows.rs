//! `rows`: the row file, its key, its columns, and lists from further files.

use super::column::COLUMN;
use crate::language::shape::{Key, KeyMap, Shape, WordDoc, key, word};
use crate::language::shape::{any_of, each, or_null};

/// The delimiters that can be named.
pub const DELIMITERS: [WordDoc; 5] = [
    word(",", "A comma"),
    word(";", "A semicolon"),
    word("\t", "A tab"),
    word("tab", "A tab"),
    word("|", "A vertical bar"),
];

/// The encodings that can be named.
pub const ENCODINGS: [WordDoc; 19] = [
    word("auto", "Detected from the bytes"),
    word("utf-8", "UTF-8"),
    word("utf-16le", "UTF-16, little-endian"),
    word("utf-16be", "UTF-16, big-endian"),
    word("gb18030", "Simplified Chinese; GBK and GB2312 are part of it"),
    word("big5", "Traditional Chinese"),
    word("shift_jis", "Japanese"),
    word("euc-kr", "Korean"),
    word("euc-jp", "Japanese on Unix systems"),
    word("iso-2022-jp", "Japanese in e-mail"),
    word("windows-1252", "Western European, Windows"),
    word("iso-8859-1", "Western European, Latin-1"),
    word("iso-8859-15", "Western European, Latin-9 with the euro sign"),
    word("windows-1250", "Central European, Windows"),
    word("iso-8859-2", "Central European, Latin-2"),
    word("windows-1254", "Turkish, Windows"),
    word("iso-8859-9", "Turkish, Latin-5"),
    word("windows-1251", "Cyrillic, Windows"),
    word("koi8-r", "Russian on Unix systems"),
];

/// What is done with rows of a list that match no row.
pub const ORPHANS: [WordDoc; 2] =
    [word("error", "They are an error, and nothing is sent"), word("ignore", "They are left out")];

/// Outcomes of rows, to choose rows of another run.
const OUTCOMES_DOC: &str =
    "Which rows of another run are taken, by their outcomes: `succeeded`, `failed` and so on; only with `from: run:…`";

const FROM: Key = key(
    "from",
    Shape::Text,
    "The file, named from the playbook's folder; `-` is standard input, `run:latest` or `run:ID` the rows of another run; `--rows` names another",
    "from: appointments.csv",
);
const DELIMITER: Key = key("delimiter", Shape::Words(&DELIMITERS), "The delimiter between cells", "delimiter: \";\"")
    .default("(detected in the header)");
const ENCODING: Key = key(
    "encoding",
    any_of!(Shape::Words(&ENCODINGS), Shape::Text),
    "The encoding of the file; other names such as `gbk`, `cp1252` and `latin1` are known too",
    "encoding: big5",
)
.default("auto");
const SHEET: Key = key("sheet", Shape::Text, "The sheet of a workbook", "sheet: Contracts")
    .default("(the first one that is not hidden)");
const COLUMNS: Key = key(
    "columns",
    each!("COLUMN", or_null!(Shape::Map(&COLUMN))),
    "The declared columns by their names in templates; a column that is not declared is text",
    "columns: { phone: { sensitive: true }, email: { optional: true } }",
);

/// `rows`.
pub static ROWS: KeyMap = KeyMap {
    name: "rows",
    what: "`rows`",
    doc: "Names the row file and says how it is read; the steps run once for each of its rows.",
    keys: &ROWS_KEYS,
    rules: &[],
    example: "from: appointments.csv\nkey: out_task_num\ncolumns:\n  starts_at: { from: 預約時間, type: datetime, timezone: Asia/Taipei }\n  moderators: { type: list, separator: \";\" }\nlists:\n  customers: { from: customers.csv, match: out_task_num, min: 1 }\n",
};

const ROWS_KEYS: [Key; 8] = [
    FROM,
    DELIMITER,
    ENCODING,
    SHEET,
    key("outcomes", Shape::Names, OUTCOMES_DOC, "outcomes: [succeeded, unchanged]").of("from: run:latest"),
    key(
        "key",
        Shape::Names,
        "The column, or the columns together, whose values name each row; no two rows may have the same",
        "key: out_task_num",
    )
    .required(),
    COLUMNS,
    key(
        "lists",
        each!("LIST", Shape::Map(&LIST)),
        "Further files whose rows belong to the rows of this one; templates see each list as `row.LIST`",
        "lists: { customers: { from: customers.csv, match: out_task_num, min: 1 } }",
    ),
];

/// A list: the rows of a second file, as an array on each row.
pub static LIST: KeyMap = KeyMap {
    name: "list",
    what: "a list",
    doc: "Ties the rows of a second file to each row, as an array in the file's order.",
    keys: &LIST_KEYS,
    rules: &[],
    example: "from: customers.csv\nmatch: out_task_num\nmin: 1\ncolumns:\n  phone: { sensitive: true }\n",
};

const LIST_KEYS: [Key; 9] = [
    FROM,
    DELIMITER,
    ENCODING,
    SHEET,
    key(
        "match",
        any_of!(Shape::Names, Shape::Map(&MATCH)),
        "The columns that must be equal in both files; where their names differ, `row` and `list` name them",
        "match: out_task_num",
    )
    .required(),
    key("min", Shape::Count { least: 0, most: None }, "The fewest list rows that a row must have", "min: 1"),
    key("max", Shape::Count { least: 0, most: None }, "The most list rows that a row may have", "max: 3"),
    key("orphans", Shape::Words(&ORPHANS), "What happens to list rows that match no row", "orphans: error")
        .default("error"),
    COLUMNS,
];

/// `match` of a list, where the columns have different names in the two files.
pub static MATCH: KeyMap = KeyMap {
    name: "match",
    what: "`match`",
    doc: "Pairs the columns of the row file with those of the list's file.",
    keys: &MATCH_KEYS,
    rules: &[],
    example: "{ row: out_task_num, list: appointment }",
};

const MATCH_KEYS: [Key; 2] = [
    key("row", Shape::Names, "The columns of the row file", "row: out_task_num").required(),
    key("list", Shape::Names, "The columns of the list's file, in the same order", "list: out_task_num").required(),
];
