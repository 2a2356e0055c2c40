//! `bearer`: a token in `Authorization: Bearer`, fetched or given.

use super::attempt::AttemptRequest;

/// Adds the token, unless the provider's file declares the headers itself.
pub(super) fn apply(attempt: &mut AttemptRequest<'_>) -> Result<(), String> {
    if attempt.has_declared_headers() {
        return Ok(());
    }
    let token = match attempt.names.token.and_then(|token| token.get("access_token")) {
        Some(token) => token.expose().to_owned(),
        None => attempt.credential("token")?.to_owned(),
    };
    attempt.push("Authorization", format!("Bearer {token}"))
}
