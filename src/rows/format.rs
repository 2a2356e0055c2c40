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

/// The kind of a file of that name which begins so.
pub(super) fn format_of(name: &str, head: &[u8]) -> Result<Found, ReadError> {
    if head.starts_with(b"PK\x03\x04") {
        let help = "Save the sheet as CSV (\"CSV UTF-8\"); workbooks are not read yet";
        return Err(flaws::other_format("The file is a workbook or an archive, not CSV", help));
    }
    let found = |format, told| Ok(Found { format, told });
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
            let found = format_of(name, head.as_bytes()).unwrap();
            assert_eq!((found.format, found.told), wanted, "{name}: {head}");
        }
    }
}
