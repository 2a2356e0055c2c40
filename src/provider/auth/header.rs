//! `header`: a key in a header that the setting `header` names.

use super::attempt::AttemptRequest;
use crate::model::Value;

/// Adds the key, unless the provider's file declares the headers itself.
pub(super) fn apply(attempt: &mut AttemptRequest<'_>) -> Result<(), String> {
    if attempt.has_declared_headers() {
        return Ok(());
    }
    let header = attempt.names.settings.and_then(|settings| settings.get("header")).and_then(Value::as_str);
    let header = header.unwrap_or("Authorization").to_owned();
    let value = attempt.credential("value")?.to_owned();
    attempt.give(&header, value)
}
