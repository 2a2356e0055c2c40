//! JSON rows written: members added to an object, and a row made of cells.

use crate::diagnostic::harmless_json;
use crate::model::{Map, TextEncoding, Value};
use crate::rows::record::Record;

/// Inserts members behind an object's own, and keeps all its bytes. `text` is `raw` decoded, and must be an object;
/// `None` if it has no closing brace. Whitespace before that brace stays behind the new members, so removing them gives
/// the original bytes.
pub(crate) fn insert_members(raw: &[u8], text: &str, members: &Map, encoding: TextEncoding) -> Option<Vec<u8>> {
    let close = text.rfind('}')?;
    let open = text[..close].trim_end();
    let comma = if members.is_empty() || open.ends_with('{') { "" } else { "," };
    let added = serde_json::to_string(members).unwrap_or_default();
    let added = harmless_json(&added);
    let added = added.strip_prefix('{').and_then(|added| added.strip_suffix('}')).unwrap_or_default();
    let at = encoding.length_of(raw, open.len());
    let mut bytes = raw[..at].to_vec();
    bytes.extend_from_slice(&encoding.encode(&format!("{comma}{added}")));
    bytes.extend_from_slice(&raw[at..]);
    Some(bytes)
}

/// A row as an object, without absent columns. A JSON value is copied as written; a cell of another format becomes a
/// string.
pub(in crate::rows) fn json_line<'r>(places: impl Iterator<Item = (&'r Record, usize)>, heads: &[String]) -> String {
    let mut members = Vec::new();
    for ((record, at), head) in places.zip(heads) {
        let value = match record.kinds.is_empty() {
            false => record.token(at).map(str::to_owned),
            true => record.cell(at).filter(|text| !text.is_empty()).map(|text| Value::from(text.as_ref()).to_string()),
        };
        members.extend(value.map(|value| format!("{}: {value}", Value::from(head.as_str()))));
    }
    format!("{{{}}}", members.join(", "))
}
