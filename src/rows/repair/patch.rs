//! Changes some cells in a record's bytes; every other byte stays.

use crate::model::Value;
use crate::rows::record::Record;

/// A change of a record's text.
struct TextEdit {
    start: usize,
    end: usize,
    text: String,
}

/// The record's bytes with other texts in some cells, given by index; `None` if its encoding lacks a character of them.
pub(super) fn patched(record: &Record, delimiter: char, cells: &[(usize, &str)]) -> Option<Vec<u8>> {
    let mut edits: Vec<TextEdit> = cells
        .iter()
        .map(
            |(at, text)| {
                if record.kinds.is_empty() { csv(record, *at, text, delimiter) } else { json(record, *at, text) }
            },
        )
        .collect();
    // Members of an object come in any order.
    edits.sort_by_key(|edit| edit.start);
    let encoding = record.encoding;
    let own = record.bytes.as_deref().unwrap_or(record.text.as_bytes());
    let place = |at| if record.bytes.is_some() { encoding.length_of(own, at) } else { at };
    let (mut out, mut taken) = (Vec::with_capacity(own.len()), 0);
    for edit in edits {
        let bytes = if record.bytes.is_some() { encoding.encode(&edit.text) } else { edit.text.as_bytes().into() };
        if record.bytes.is_some() && encoding.decode(&bytes) != edit.text {
            return None;
        }
        out.extend_from_slice(own.get(taken..place(edit.start))?);
        out.extend_from_slice(&bytes);
        taken = place(edit.end);
    }
    out.extend_from_slice(own.get(taken..)?);
    Some(out)
}

/// Replaces the text of a CSV cell, quoted if needed.
fn csv(record: &Record, at: usize, text: &str, delimiter: char) -> TextEdit {
    let cell = record.cells[at];
    if cell.quoted {
        return smallest(&record.text, cell.start, cell.end, text.replace('"', "\"\""));
    }
    let special = |c: char| c == delimiter || matches!(c, '"' | '\n' | '\r');
    if text.contains(special) {
        return TextEdit { start: cell.start, end: cell.end, text: format!("\"{}\"", text.replace('"', "\"\"")) };
    }
    smallest(&record.text, cell.start, cell.end, text.to_owned())
}

/// Replaces the text of a JSON string.
fn json(record: &Record, at: usize, text: &str) -> TextEdit {
    let cell = record.cells[at];
    let quoted = Value::from(text).to_string();
    let inner = &quoted[1..quoted.len() - 1];
    let escaped = if cell.escaped || inner != text { inner } else { text };
    smallest(&record.text, cell.start, cell.end, escaped.to_owned())
}

/// The smallest change: without what is equal at both ends.
fn smallest(text: &str, start: usize, end: usize, new: String) -> TextEdit {
    let old = &text[start..end];
    let same = |(one, other): &(char, char)| one == other;
    let ahead: usize = old.chars().zip(new.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (old, rest) = (&old[ahead..], &new[ahead..]);
    let behind: usize = old.chars().rev().zip(rest.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    TextEdit { start: start + ahead, end: end - behind, text: rest[..rest.len() - behind].to_owned() }
}
