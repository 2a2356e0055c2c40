//! `connection`: the provider leaves the scheme to the connection, whose settings say one of a few.

use super::attempt::AttemptRequest;
use crate::provider::descriptor::ConnectionScheme;

/// The scheme that the connection names. Credentials go only to an address to which the connection binds them.
///
/// # Errors
/// The connection has a scheme with credentials and no `base_url`.
pub(super) fn chosen(attempt: &AttemptRequest<'_>) -> Result<ConnectionScheme, String> {
    let chosen = attempt.connection.scheme.unwrap_or_default();
    if chosen != ConnectionScheme::None && attempt.connection.base_url.is_none() {
        let name = &attempt.connection.name;
        return Err(format!("The connection `{name}` has credentials but no `base_url` to bind them to: give it one"));
    }
    Ok(chosen)
}
