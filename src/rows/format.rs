//! What kind of file it is: by its name, else by how it begins.

use super::flaws;
use super::record::ReadError;

/// The kinds of files that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    Tsv,
    JsonLines,
    JsonArray,
}

/// What kind of file rows come from, as its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Cells between delimiters.
    Csv,
    /// Cells between tabs.
    Tsv,
    /// One JSON object a line.
    JsonLines,
    /// A JSON array.
    JsonArray,
    /// A workbook.
    Workbook,
}

impl FileKind {
    /// The kind of a file of that name which begins so.
    #[must_use]
    pub fn of(name: &str, head: &[u8]) -> Self {
        match (is_workbook(name, head), format_of(name, head).format) {
            (Ok(true), _) => Self::Workbook,
            (_, Format::Csv) => Self::Csv,
            (_, Format::Tsv) => Self::Tsv,
            (_, Format::JsonLines) => Self::JsonLines,
            (_, Format::JsonArray) => Self::JsonArray,
        }
    }

    /// The usual end of its name.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::JsonLines => "jsonl",
            Self::JsonArray => "json",
            Self::Workbook => "xlsx",
        }
    }
}

/// A file's kind.
pub(super) struct Found {
    pub(super) format: Format,
    /// Whether its name says something else, or nothing.
    pub(super) told: bool,
}

impl Format {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Tsv => "TSV",
            Self::JsonLines => "JSON Lines",
            Self::JsonArray => "a JSON array",
        }
    }
}

/// How an archive begins, which a workbook is.
const ARCHIVE: &[u8] = b"PK\x03\x04";
/// How old workbooks and locked ones begin.
const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];

/// Whether a file of that name whose bytes begin so is a workbook; none where that is another one than those read.
pub(super) fn is_workbook(name: &str, head: &[u8]) -> Result<bool, ReadError> {
    let extension = extension(name);
    let help = "Save it as an Excel workbook (`.xlsx`) without a password, or as \"CSV UTF-8\"";
    if matches!(extension.as_str(), "xls" | "ods" | "xlsb" | "numbers") || head.starts_with(COMPOUND) {
        return Err(flaws::other_format("The file is a workbook that is not read, or one that is locked", help));
    }
    if head.starts_with(ARCHIVE) {
        return Ok(true);
    }
    if matches!(extension.as_str(), "xlsx" | "xlsm") {
        return Err(flaws::other_format("The file is no workbook, although its name says so", help));
    }
    Ok(false)
}

/// The kind of a text file of that name which begins so.
pub(super) fn format_of(name: &str, head: &[u8]) -> Found {
    let found = |format, told| Found { format, told };
    let json = json(head);
    match extension(name).as_str() {
        "csv" | "txt" => found(Format::Csv, false),
        "tsv" | "tab" => found(Format::Tsv, false),
        "jsonl" | "ndjson" => found(Format::JsonLines, false),
        "json" => found(json.unwrap_or(Format::JsonArray), json == Some(Format::JsonLines)),
        _ => found(json.unwrap_or(Format::Csv), json.is_some()),
    }
}

fn extension(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    file.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default()
}

/// JSON opens with an object, or with an array of objects; a head in brackets does not.
fn json(head: &[u8]) -> Option<Format> {
    let head = head.trim_ascii_start();
    let then = head.get(1..).unwrap_or_default().trim_ascii_start().first();
    match (head.first()?, then) {
        (b'{', Some(b'"' | b'}')) => Some(Format::JsonLines),
        (b'[', Some(b'{' | b']')) => Some(Format::JsonArray),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workbooks_that_are_not_read_are_refused() {
        for (name, head) in
            [("a.xls", &b""[..]), ("a.ODS", ARCHIVE), ("-", COMPOUND), ("a.csv", COMPOUND), ("a.xlsx", b"id,a")]
        {
            assert!(is_workbook(name, head).is_err(), "{name}");
        }
        assert!(is_workbook("a.csv", ARCHIVE).unwrap() && !is_workbook("a.csv", b"id").unwrap());
    }

    #[test]
    fn the_name_decides_and_else_the_beginning() {
        for (name, head, wanted) in [
            ("a.csv", "{\"a\":1}", (Format::Csv, false)),
            ("a.TSV", "a\tb", (Format::Tsv, false)),
            ("dir.json/a.jsonl", "", (Format::JsonLines, false)),
            ("a.json", " [ {", (Format::JsonArray, false)),
            ("a.json", "{\"a\":1}", (Format::JsonLines, true)),
            ("a.json", "nonsense", (Format::JsonArray, false)),
            ("standard input", "[Agent/Id],b\n", (Format::Csv, false)),
            ("standard input", "{ \"a\": 1 }", (Format::JsonLines, true)),
            ("standard input", "[\n{", (Format::JsonArray, true)),
            ("standard input", "", (Format::Csv, false)),
        ] {
            let found = format_of(name, head.as_bytes());
            assert_eq!((found.format, found.told), wanted, "{name}: {head}");
        }
    }
}
