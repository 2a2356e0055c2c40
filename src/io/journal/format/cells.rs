//! A row's cells as JSON text. Nearly all cells are plain strings; those are written and read without a general JSON
//! parser, and everything else with one.

use std::fmt::Write;

use super::error::JournalError;
use crate::model::{Map, Value};

/// Writes cells as a JSON object.
pub(in crate::io::journal) fn written(cells: &Map) -> Result<String, JournalError> {
    let mut text = String::with_capacity(cells.len() * 32 + 2);
    text.push('{');
    for (place, (name, value)) in cells.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        push_text(&mut text, name)?;
        text.push(':');
        match value {
            Value::String(cell) => push_text(&mut text, cell)?,
            other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                write!(text, "{other}").map_err(|error| JournalError::Damaged(error.to_string()))?
            }
        }
    }
    text.push('}');
    Ok(text)
}

/// Reads cells back from a JSON object.
pub(in crate::io::journal) fn read(text: &str) -> Result<Map, JournalError> {
    match plain(text) {
        Some(cells) => Ok(cells),
        None => serde_json::from_str(text).map_err(|error| JournalError::Damaged(format!("a row's cells: {error}"))),
    }
}

/// Whether a byte needs no escape inside a JSON string.
fn is_plain(byte: u8) -> bool {
    byte >= b' ' && byte != b'"' && byte != b'\\'
}

fn push_text(to: &mut String, text: &str) -> Result<(), JournalError> {
    if text.bytes().all(is_plain) {
        to.push('"');
        to.push_str(text);
        to.push('"');
    } else {
        to.push_str(&serde_json::to_string(text).map_err(|error| JournalError::Damaged(error.to_string()))?);
    }
    Ok(())
}

/// Reads an object of scalars without escapes; `None` if the text is anything else.
fn plain(text: &str) -> Option<Map> {
    // Estimates the number of cells: two quotes for each name, two more for most values.
    let quotes = text.bytes().filter(|byte| *byte == b'"').count();
    let mut cells = Map::with_capacity(quotes * 3 / 8 + 1);
    let mut cursor = Cursor { text, at: 0 };
    cursor.skip(b'{')?;
    loop {
        let name = cursor.quoted()?.to_owned();
        cursor.skip(b':')?;
        cells.insert(name, cursor.scalar()?);
        if cursor.skip(b',').is_none() {
            cursor.skip(b'}')?;
            return (cursor.at == text.len()).then_some(cells);
        }
    }
}

/// A text and how far it was read.
struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    /// Moves over `byte`; `None` if another byte comes next.
    fn skip(&mut self, byte: u8) -> Option<()> {
        (self.text.as_bytes().get(self.at) == Some(&byte)).then(|| self.at += 1)
    }

    /// Moves over all bytes that `matches` accepts and returns them.
    fn take_while(&mut self, matches: impl Fn(u8) -> bool) -> &'t str {
        let rest = &self.text[self.at..];
        let count = rest.bytes().position(|byte| !matches(byte)).unwrap_or(rest.len());
        self.at += count;
        &rest[..count]
    }

    /// Reads a string without escapes.
    fn quoted(&mut self) -> Option<&'t str> {
        self.skip(b'"')?;
        let text = self.take_while(is_plain);
        self.skip(b'"').map(|()| text)
    }

    /// Reads a scalar.
    fn scalar(&mut self) -> Option<Value> {
        if self.text.as_bytes().get(self.at) == Some(&b'"') {
            return self.quoted().map(Value::from);
        }
        match self.take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')) {
            "null" => Some(Value::Null),
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            number => serde_json::from_str(number).ok().map(Value::Number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn numbers() -> impl Strategy<Value = Value> {
        "-?[1-9][0-9]{0,30}(\\.[0-9]{1,9})?(e[0-9]{1,4})?".prop_map(|text| serde_json::from_str(&text).unwrap())
    }

    fn cell() -> impl Strategy<Value = Value> {
        prop_oneof![
            6 => "\\PC{0,12}|[\u{0}-\u{7f}]{0,6}".prop_map(Value::from),
            1 => numbers(),
            1 => any::<bool>().prop_map(Value::from),
            1 => Just(Value::Null),
            1 => Just(json!([{"a": "b,}", "c": [1.50, null]}, "\"", []])),
        ]
    }

    proptest! {
        #[test]
        fn cells_are_written_as_serde_json_writes_them_and_read_back(
            cells in prop::collection::vec(("\\PC{0,8}|[\u{0}-\u{7f}]{0,3}", cell()), 0..20),
        ) {
            let cells: Map = cells.into_iter().collect();
            let text = written(&cells).unwrap();
            prop_assert_eq!(&text, &serde_json::to_string(&cells).unwrap());
            let again = read(&text).unwrap();
            prop_assert_eq!(again.keys().collect::<Vec<_>>(), cells.keys().collect::<Vec<_>>());
            prop_assert_eq!(again, cells);
        }

        #[test]
        fn the_fast_reader_agrees_with_the_json_parser(text in "\\{(\"[a\\\\\u{1}]?\"[:,]|[{}\\[\\],:\" ]|nul|null|1e?|-|01|\"b\"){0,7}\\}?") {
            if let Some(cells) = plain(&text) {
                prop_assert_eq!(serde_json::from_str::<Map>(&text).ok(), Some(cells), "{}", text);
            }
        }
    }

    #[test]
    fn plain_cells_are_read_by_the_fast_reader() {
        let text = r#"{"名":"值","n":1.50,"big":123456789012345678901234567890,"t":true,"f":false,"z":null,"":""}"#;
        assert_eq!(plain(text), serde_json::from_str(text).unwrap());
        assert!(plain(text).is_some());
    }

    #[test]
    fn duplicate_names_and_cut_texts_are_treated_as_by_the_json_parser() {
        let twice = r#"{"a":"1","b":null,"a":"2"}"#;
        assert_eq!(read(twice).unwrap(), serde_json::from_str::<Map>(twice).unwrap());
        assert_eq!(read(r#" { "a" : "1" } "#).unwrap(), Map::from_iter([("a".to_owned(), json!("1"))]));
        for torn in ["", "{", "[]", "\"a\"", r#"{"a":"1""#, r#"{"a":"1"}}"#, r#"{"a":1,}"#, r#"{"a":01}"#, r#"{a:1}"#] {
            assert!(read(torn).is_err(), "{torn}");
        }
    }
}
