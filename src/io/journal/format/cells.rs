//! A row's cells as they stand in the journal: a JSON object, nearly always of plain texts, which is written and read
//! without the detour over what JSON can be besides.

use std::fmt::Write;

use super::error::JournalError;
use crate::model::{Map, Value};

/// Writes cells down.
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

/// Reads cells back.
pub(in crate::io::journal) fn read(text: &str) -> Result<Map, JournalError> {
    match plain(text) {
        Some(cells) => Ok(cells),
        None => serde_json::from_str(text).map_err(|error| JournalError::Damaged(format!("a row's cells: {error}"))),
    }
}

/// Whether a byte stands for itself inside a JSON text.
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

/// The cells, where they are single values without anything that has to be unescaped.
fn plain(text: &str) -> Option<Map> {
    // Two quotes for a name, two more for most values.
    let quotes = text.bytes().filter(|byte| *byte == b'"').count();
    let mut cells = Map::with_capacity(quotes * 3 / 8 + 1);
    let mut reading = Reading { text, at: 0 };
    reading.pass(b'{')?;
    loop {
        let name = reading.quoted()?.to_owned();
        reading.pass(b':')?;
        cells.insert(name, reading.single()?);
        if reading.pass(b',').is_none() {
            reading.pass(b'}')?;
            return (reading.at == text.len()).then_some(cells);
        }
    }
}

/// A text and how far it was read.
struct Reading<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reading<'t> {
    fn pass(&mut self, byte: u8) -> Option<()> {
        (self.text.as_bytes().get(self.at) == Some(&byte)).then(|| self.at += 1)
    }

    /// Reads on for as long as the bytes are such; gives what was read.
    fn pass_while(&mut self, is_such: impl Fn(u8) -> bool) -> &'t str {
        let rest = &self.text[self.at..];
        let count = rest.bytes().position(|byte| !is_such(byte)).unwrap_or(rest.len());
        self.at += count;
        &rest[..count]
    }

    /// A text without escapes.
    fn quoted(&mut self) -> Option<&'t str> {
        self.pass(b'"')?;
        let text = self.pass_while(is_plain);
        self.pass(b'"').map(|()| text)
    }

    /// A value that is no list and no object.
    fn single(&mut self) -> Option<Value> {
        if self.text.as_bytes().get(self.at) == Some(&b'"') {
            return self.quoted().map(Value::from);
        }
        match self.pass_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')) {
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
        fn cells_are_written_as_json_is_and_come_back(
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
        fn what_is_read_the_short_way_is_what_json_says(text in "\\{(\"[a\\\\\u{1}]?\"[:,]|[{}\\[\\],:\" ]|nul|null|1e?|-|01|\"b\"){0,7}\\}?") {
            if let Some(cells) = plain(&text) {
                prop_assert_eq!(serde_json::from_str::<Map>(&text).ok(), Some(cells), "{}", text);
            }
        }
    }

    #[test]
    fn plain_cells_go_the_short_way() {
        let text = r#"{"名":"值","n":1.50,"big":123456789012345678901234567890,"t":true,"f":false,"z":null,"":""}"#;
        assert_eq!(plain(text), serde_json::from_str(text).unwrap());
        assert!(plain(text).is_some());
    }

    #[test]
    fn a_name_given_twice_and_torn_texts_are_as_json_has_them() {
        let twice = r#"{"a":"1","b":null,"a":"2"}"#;
        assert_eq!(read(twice).unwrap(), serde_json::from_str::<Map>(twice).unwrap());
        assert_eq!(read(r#" { "a" : "1" } "#).unwrap(), Map::from_iter([("a".to_owned(), json!("1"))]));
        for torn in ["", "{", "[]", "\"a\"", r#"{"a":"1""#, r#"{"a":"1"}}"#, r#"{"a":1,}"#, r#"{"a":01}"#, r#"{a:1}"#] {
            assert!(read(torn).is_err(), "{torn}");
        }
    }
}
