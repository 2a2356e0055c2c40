//! Members added to an object before the brace that closes it; its own bytes stay as they are.

use crate::diagnostic::harmless_json;
use crate::model::{Map, TextEncoding, Value};
use crate::rows::record::Record;

/// The object's bytes with the members behind its own ones; `None` of what has no brace. `text` is the bytes as text,
/// and the caller knows that it is an object. The spaces before the brace stay behind what is added, so that taking
/// this away gives the object's own bytes.
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

/// An object of the columns that are not absent: a JSON value as it stands, another cell as a string.
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
