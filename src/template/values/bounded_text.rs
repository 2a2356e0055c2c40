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
