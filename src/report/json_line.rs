//! Writes a row of JSON Lines with its results: the row's own bytes, with our members added before the closing brace.

use std::borrow::Cow;

use crate::diagnostic::harmless_json;
use crate::model::{Map, Value};
use crate::rows::{COLUMNS, Dialect, insert_members};

/// The member that holds a line that is not an object.
const LINE: &str = "_line";

/// Appends the row to `line`, with its line end.
pub(super) fn push_row(line: &mut Vec<u8>, raw: &[u8], ours: &Map, dialect: &Dialect) {
    let text = dialect.encoding.decode(raw);
    let own: Option<Map> = serde_json::from_str(&text).ok();
    let lacking = own.as_ref().and_then(|own| columns_beyond(own, dialect));
    let mut all = Cow::Borrowed(ours);
    if let Some(columns) = lacking {
        all.to_mut().insert(COLUMNS.to_owned(), columns);
    }
    let end = dialect.line_end.as_str();
    let inserted = own.and_then(|_| insert_members(raw, &text, &all, dialect.encoding));
    if let Some(inserted) = inserted {
        line.extend_from_slice(&inserted);
        line.extend_from_slice(&dialect.encoding.encode(end));
        return;
    }
    // A run without rows has no bytes to keep.
    let own = if text.is_empty() { String::new() } else { format!("\"{LINE}\":{},", Value::from(&*text)) };
    let added = serde_json::to_string(&*all).unwrap_or_default();
    let added = harmless_json(&added);
    let added = added.trim_start_matches('{');
    line.extend_from_slice(&dialect.encoding.encode(&format!("{{{own}{added}{end}")));
}

/// The names of all columns, if the row lacks some of them: the first row of a file must name every column. `None` if
/// it has them all.
fn columns_beyond(own: &Map, dialect: &Dialect) -> Option<Value> {
    let heads: Vec<String> = serde_json::from_str(&dialect.header).unwrap_or_default();
    heads.iter().any(|head| !own.contains_key(head)).then(|| heads.into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::TextEncoding;
    use crate::rows::{LineEnd, RowFormat};

    fn written(raw: &[u8], dialect: &Dialect) -> Vec<u8> {
        let ours: Map = serde_json::from_value(json!({"_run": "r}", "_attempts": 1})).unwrap();
        let mut line = Vec::new();
        push_row(&mut line, raw, &ours, dialect);
        line
    }

    #[test]
    fn a_line_that_is_not_an_object_is_kept_as_a_text() {
        let dialect = Dialect { format: RowFormat::JsonLines, ..Dialect::default() };
        for raw in ["{\"a\":", "7", "{\"a\":1} x}"] {
            let line = written(raw.as_bytes(), &dialect);
            let read: Value = serde_json::from_slice(&line).unwrap();
            assert_eq!((&read["_line"], &read["_run"]), (&json!(raw), &json!("r}")));
        }
    }

    #[test]
    fn a_rows_own_bytes_stay_around_our_members() {
        let mut dialect = Dialect { format: RowFormat::JsonLines, line_end: LineEnd::CrLf, ..Dialect::default() };
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let line = text(written(b"{ \"a\": 1.50 } ", &dialect));
        assert_eq!(line, "{ \"a\": 1.50,\"_run\":\"r}\",\"_attempts\":1 } \r\n");
        let more = Dialect { header: "[\"a\",\"b\"]".to_owned(), ..dialect.clone() };
        let line = text(written(b"{\"b\":7}", &more));
        assert!(line.starts_with("{\"b\":7,\"_run\"") && line.contains("\"_columns\":[\"a\",\"b\"]"), "{line}");
        assert_eq!(text(written(b"{}", &dialect)), "{\"_run\":\"r}\",\"_attempts\":1}\r\n");
        dialect.encoding = TextEncoding::Utf16be;
        let raw = dialect.encoding.encode("{\"a\":\"約\"}").into_owned();
        let line = written(&raw, &dialect);
        assert_eq!(dialect.encoding.decode(&line), "{\"a\":\"約\",\"_run\":\"r}\",\"_attempts\":1}\r\n");
    }
}
