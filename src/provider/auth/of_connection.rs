//! `connection`: the settings of the connection choose the scheme.

use super::attempt::AttemptRequest;
use crate::provider::descriptor::ConnectionScheme;

/// The scheme that the connection names. Credentials are sent only to the address in the connection's `base_url`.
///
/// # Errors
/// A message, if the scheme has credentials and the connection has no `base_url`.
pub(super) fn chosen(attempt: &AttemptRequest<'_>) -> Result<ConnectionScheme, String> {
    let chosen = attempt.connection.scheme.unwrap_or_default();
    if chosen != ConnectionScheme::None && attempt.connection.base_url.is_none() {
        let name = &attempt.connection.name;
        return Err(format!("The connection `{name}` has credentials but no `base_url` to bind them to: give it one"));
    }
    Ok(chosen)
}
