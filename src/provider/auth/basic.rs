//! `basic`: HTTP Basic authentication with user and password.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::attempt::AttemptRequest;

/// Adds the `Authorization` header.
pub(super) fn apply(attempt: &mut AttemptRequest<'_>) -> Result<(), String> {
    let value = value(attempt.credential("user")?, attempt.credential("password")?)?;
    attempt.push("Authorization", value)
}

/// The value of the `Authorization` header.
fn value(user: &str, password: &str) -> Result<String, String> {
    if user.contains(':') {
        return Err("The credential `user` must not contain `:`".to_owned());
    }
    Ok(format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
}

#[cfg(test)]
mod tests {
    #[test]
    fn user_and_password_are_told_apart_by_the_first_colon() {
        assert!(super::value("a:b", "c").is_err());
        assert_eq!(super::value("Aladdin", "open sesame").as_deref(), Ok("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
    }
}
