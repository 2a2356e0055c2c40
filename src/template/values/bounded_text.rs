//! Text that grows up to a bound, checked before memory is taken for it; sizes and kinds of values.

use std::io;

use crate::model::Value;

/// The largest text that a template or a helper may produce, in bytes.
pub(in crate::template) const LARGEST_TEXT: usize = 64 * 1024 * 1024;

/// A text that grows up to a bound.
pub(in crate::template) struct BoundedText {
    text: String,
    most: usize,
}

impl BoundedText {
    /// An empty text that may have at most `most` bytes.
    pub(in crate::template) fn new(most: usize) -> Self {
        Self { text: String::new(), most }
    }

    /// Appends a text.
    pub(in crate::template) fn push(&mut self, piece: &str) -> Result<(), String> {
        check_size(self.text.len().saturating_add(piece.len()), self.most)?;
        self.text.push_str(piece);
        Ok(())
    }

    /// Appends a value as running text: null adds nothing, a text itself, anything else its JSON.
    pub(in crate::template) fn push_value(&mut self, value: &Value) -> Result<(), String> {
        match value {
            Value::Null => Ok(()),
            Value::String(text) => self.push(text),
            Value::Bool(yes) => self.push(if *yes { "true" } else { "false" }),
            Value::Number(number) => self.push(number.as_str()),
            Value::Array(_) | Value::Object(_) => self.push_json(value),
        }
    }

    /// Appends a value as JSON.
    pub(in crate::template) fn push_json(&mut self, value: &Value) -> Result<(), String> {
        serde_json::to_writer(&mut *self, value).map_err(|_| too_large(self.most))
    }

    /// The length so far, in bytes.
    pub(in crate::template) fn len(&self) -> usize {
        self.text.len()
    }

    pub(in crate::template) fn into_text(self) -> String {
        self.text
    }
}

impl io::Write for BoundedText {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = std::str::from_utf8(bytes).map_err(io::Error::other)?;
        self.push(piece).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Checks that `bytes` does not exceed the bound.
///
/// # Errors
/// The message says that the text grows beyond the bound.
pub(in crate::template) fn check_size(bytes: usize, most: usize) -> Result<(), String> {
    if bytes > most { Err(too_large(most)) } else { Ok(()) }
}

fn too_large(most: usize) -> String {
    format!("the text grows beyond {} MiB", most / (1024 * 1024))
}

/// The approximate memory of a value, in bytes.
pub(in crate::template) fn memory_size(value: &Value) -> usize {
    let inside = match value {
        Value::Null | Value::Bool(_) => 0,
        Value::Number(number) => number.as_str().len(),
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(memory_size).sum(),
        Value::Object(map) => map.iter().map(|(key, value)| key.len() + memory_size(value)).sum(),
    };
    inside + size_of::<Value>()
}

/// The kind of a value in words, for messages.
pub(in crate::template) fn value_kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_grows_to_its_bound_and_not_beyond() {
        let mut text = BoundedText::new(4);
        assert_eq!(text.push("abc"), Ok(()));
        assert!(text.push("de").is_err());
        assert_eq!(text.len(), 3, "what is refused is not appended in part");
        assert_eq!(text.push("d"), Ok(()));
        assert!(text.push("e").is_err() && text.push("").is_ok());
        assert_eq!(text.into_text(), "abcd");
    }

    #[test]
    fn json_is_bounded_while_it_is_written() {
        let mut text = BoundedText::new(7);
        assert_eq!(text.push_json(&json!(["a", 1])), Ok(()));
        let mut text = BoundedText::new(6);
        assert!(text.push_json(&json!(["a", 1])).is_err());
        assert!(text.len() <= 6);
    }

    #[test]
    fn a_value_is_appended_as_running_text() {
        for (value, written) in [
            (json!(null), ""),
            (json!("a \"b\""), "a \"b\""),
            (json!(true), "true"),
            (json!(false), "false"),
            (json!(-1.5), "-1.5"),
            (json!(["a", null]), "[\"a\",null]"),
            (json!({"k": "v"}), "{\"k\":\"v\"}"),
        ] {
            let mut text = BoundedText::new(100);
            text.push_value(&value).unwrap();
            assert_eq!(text.into_text(), written, "{value}");
        }
    }

    #[test]
    fn a_size_equal_to_the_bound_is_allowed() {
        assert_eq!(check_size(10, 10), Ok(()));
        assert_eq!(check_size(2 * 1024 * 1024, 1024 * 1024), Err("the text grows beyond 1 MiB".to_owned()));
    }

    #[test]
    fn the_memory_of_a_value_counts_its_texts_and_nodes() {
        let node = size_of::<Value>();
        assert_eq!(memory_size(&json!(null)), node);
        assert_eq!(memory_size(&json!("abc")), node + 3);
        assert_eq!(memory_size(&json!(["a", "b"])), 3 * node + 2);
        assert_eq!(memory_size(&json!({"key": "v"})), 2 * node + 4);
    }
}
