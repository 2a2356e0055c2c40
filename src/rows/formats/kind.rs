//! The format of a file: by its name, or by how it begins.

use super::unsupported::COMPOUND;

/// The text formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextFormat {
    Csv,
    Tsv,
    JsonLines,
    JsonArray,
}

/// The format of a row file.
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
    /// The format of a file by its name and first bytes.
    #[must_use]
    pub fn of(name: &str, head: &[u8]) -> Self {
        match (classify(name, head), format_of(name, head).format) {
            (FileClass::Workbook, _) => Self::Workbook,
            (_, TextFormat::Csv) => Self::Csv,
            (_, TextFormat::Tsv) => Self::Tsv,
            (_, TextFormat::JsonLines) => Self::JsonLines,
            (_, TextFormat::JsonArray) => Self::JsonArray,
        }
    }

    /// The format by the name alone.
    #[must_use]
    pub fn named(name: &str) -> Self {
        if names_workbook(name) { Self::Workbook } else { Self::of(name, b"") }
    }

    /// The usual extension.
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

/// A text file's format, and how it was found.
pub(super) struct FoundFormat {
    pub(super) format: TextFormat,
    /// Whether its content decided, because the name says something else or nothing.
    pub(super) by_content: bool,
}

impl TextFormat {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Tsv => "TSV",
            Self::JsonLines => "JSON Lines",
            Self::JsonArray => "a JSON array",
        }
    }
}

/// How a ZIP archive begins; an XLSX workbook is one.
const ARCHIVE: &[u8] = b"PK\x03\x04";

/// A workbook, a text, or neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileClass {
    Workbook,
    Text,
    /// A workbook of an unsupported kind, or a file that only has a workbook's name.
    Foreign,
}

/// Whether a name has the extension of a workbook of any kind.
fn names_workbook(name: &str) -> bool {
    matches!(extension(name).as_str(), "xls" | "ods" | "xlsb" | "numbers" | "xlsx" | "xlsm")
}

/// Tells a workbook from a text by name and first bytes.
pub(super) fn classify(name: &str, head: &[u8]) -> FileClass {
    match head {
        head if head.starts_with(ARCHIVE) => FileClass::Workbook,
        head if names_workbook(name) || head.starts_with(COMPOUND) => FileClass::Foreign,
        _ => FileClass::Text,
    }
}

/// The format of a text file by its name and first bytes.
pub(super) fn format_of(name: &str, head: &[u8]) -> FoundFormat {
    let found = |format, by_content| FoundFormat { format, by_content };
    let json = json(head);
    match extension(name).as_str() {
        "csv" | "txt" => found(TextFormat::Csv, false),
        "tsv" | "tab" => found(TextFormat::Tsv, false),
        "jsonl" | "ndjson" => found(TextFormat::JsonLines, false),
        "json" => found(json.unwrap_or(TextFormat::JsonArray), json == Some(TextFormat::JsonLines)),
        _ => found(json.unwrap_or(TextFormat::Csv), json.is_some()),
    }
}

pub(super) fn extension(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    file.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default()
}

/// The JSON format of a text: it opens with an object, or with an array of objects. A CSV head in brackets does
/// neither.
fn json(head: &[u8]) -> Option<TextFormat> {
    let head = head.trim_ascii_start();
    let then = head.get(1..).unwrap_or_default().trim_ascii_start().first();
    match (head.first()?, then) {
        (b'{', Some(b'"' | b'}')) => Some(TextFormat::JsonLines),
        (b'[', Some(b'{' | b']')) => Some(TextFormat::JsonArray),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_is_recognised_by_its_bytes_and_unsupported_ones_by_name_too() {
        for (name, head, wanted) in [
            ("a.xls", &b""[..], FileClass::Foreign),
            ("-", COMPOUND, FileClass::Foreign),
            ("a.csv", COMPOUND, FileClass::Foreign),
            ("a.xlsx", b"id,a", FileClass::Foreign),
            ("a.ODS", ARCHIVE, FileClass::Workbook),
            ("a.csv", ARCHIVE, FileClass::Workbook),
            ("a.csv", b"id", FileClass::Text),
        ] {
            assert_eq!(classify(name, head), wanted, "{name}");
        }
    }

    #[test]
    fn the_name_decides_the_format_and_else_the_content() {
        for (name, head, wanted) in [
            ("a.csv", "{\"a\":1}", (TextFormat::Csv, false)),
            ("a.TSV", "a\tb", (TextFormat::Tsv, false)),
            ("dir.json/a.jsonl", "", (TextFormat::JsonLines, false)),
            ("a.json", " [ {", (TextFormat::JsonArray, false)),
            ("a.json", "{\"a\":1}", (TextFormat::JsonLines, true)),
            ("a.json", "nonsense", (TextFormat::JsonArray, false)),
            ("standard input", "[Agent/Id],b\n", (TextFormat::Csv, false)),
            ("standard input", "{ \"a\": 1 }", (TextFormat::JsonLines, true)),
            ("standard input", "[\n{", (TextFormat::JsonArray, true)),
            ("standard input", "", (TextFormat::Csv, false)),
        ] {
            let found = format_of(name, head.as_bytes());
            assert_eq!((found.format, found.by_content), wanted, "{name}: {head}");
        }
    }
}
