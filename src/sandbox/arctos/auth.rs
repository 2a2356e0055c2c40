//! The login of arctos: a code for a licence key, a token for a code, and the caller of a presented token.

use serde_json::json;

use super::envelope::{ArctosRefusal, failure, fields, success_with, unauthorized};
use crate::sandbox::exchange::{Call, FieldSpec, FieldType, Reply, SandboxView, TokenStatus, may, must, text, tokens};
use crate::sandbox::setup::{LICENSE_KEY, TOKEN};
use crate::sandbox::world::{LoginCode, Put, Vendor, seed};

/// The caller, from its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Caller {
    pub(super) user_id: String,
    pub(super) role: String,
}

impl Caller {
    /// Whether the caller may set the state of an appointment.
    pub(super) fn moderates(&self) -> bool {
        matches!(self.role.as_str(), "MODERATOR" | "ADMIN")
    }
}

const CODE: &[FieldSpec] =
    &[must("user_id", FieldType::Text), may("name", FieldType::Text), must("role", FieldType::Text)];
const LOGIN: &[FieldSpec] = &[
    must("grant_type", FieldType::Text),
    must("client_id", FieldType::Text),
    must("code", FieldType::Text),
    may("redirect_uri", FieldType::Text),
];
const ROLES: &[&str] = &["MODERATOR", "PUBLISHER", "ADMIN", "SWITCH", "CLIENT"];
const CLIENTS: &[&str] = &["arctos-webapp", "arctos-switch", "arctos-client"];

/// Answers `/api/auth/code`.
pub(super) fn code(view: &SandboxView<'_>, call: &Call<'_>) -> Result<Reply, ArctosRefusal> {
    if call.header("arc-license-key") != Some(LICENSE_KEY) {
        return Ok(unauthorized());
    }
    let body = fields(call, CODE)?;
    let (user_id, role) = (text(body, "user_id"), text(body, "role"));
    if user_id.trim().is_empty() {
        return Err(failure("user_id is required"));
    }
    if !ROLES.contains(&role) {
        return Err(failure(format!("role must be one of {}", ROLES.join(", "))));
    }
    let code = LoginCode {
        number: view.world.codes.last_key_value().map_or(1, |(last, _)| last + 1),
        user_id: user_id.to_owned(),
        role: role.to_owned(),
        expires: view.now.plus(view.settings.arctos_code),
        used: false,
    };
    Ok(success_with(json!({"code": code.text()})).put(Put::LoginCode(code)))
}

/// Answers `/api/auth/login`.
pub(super) fn login(view: &SandboxView<'_>, call: &Call<'_>) -> Result<Reply, ArctosRefusal> {
    let body = fields(call, LOGIN)?;
    if text(body, "grant_type") != "authorization_code" {
        return Err(failure("grant_type must be authorization_code"));
    }
    if !CLIENTS.contains(&text(body, "client_id")) {
        return Err(failure(format!("client_id must be one of {}", CLIENTS.join(", "))));
    }
    let given = text(body, "code");
    let found = given.split_once('.').and_then(|(number, _)| view.world.codes.get(&number.parse().ok()?));
    let Some(code) = found.filter(|code| code.text() == given && !code.used && view.now < code.expires) else {
        return Err(failure("the code is not valid"));
    };
    let token =
        tokens::issue(view.world, Vendor::Arctos, &code.user_id, &code.role, view.now, view.settings.arctos_token);
    let user_id = seed::between(&["arctos user", &code.user_id], 1, 999_999);
    Ok(success_with(json!({"access_token": token.text(), "user_id": user_id}))
        .put(Put::Token(token))
        .put(Put::LoginCode(LoginCode { used: true, ..code.clone() })))
}

/// The caller of a call; `None` if its token is missing, expired or unknown.
pub(super) fn caller(view: &SandboxView<'_>, call: &Call<'_>) -> Option<Caller> {
    let presented = call.authorization("Bearer")?;
    if presented == TOKEN {
        return Some(Caller { user_id: "sandbox".to_owned(), role: "MODERATOR".to_owned() });
    }
    match tokens::status(view.world, Vendor::Arctos, presented, view.now) {
        TokenStatus::Valid(token) => Some(Caller { user_id: token.holder.clone(), role: token.role.clone() }),
        TokenStatus::Expired(_) | TokenStatus::Unknown => None,
    }
}

/// Whether a call carries a token of the sandbox, also an expired one.
pub(super) fn carries_token(view: &SandboxView<'_>, call: &Call<'_>) -> bool {
    call.authorization("Bearer").is_some_and(|presented| {
        presented == TOKEN || tokens::status(view.world, Vendor::Arctos, presented, view.now) != TokenStatus::Unknown
    })
}

/// The answer for an expired token; `None` if the call carries no token. A token from a login is revoked; the fixed
/// token fails for this call only.
pub(in super::super) fn expired(view: &SandboxView<'_>, call: &Call<'_>) -> Option<Reply> {
    let presented = call.authorization("Bearer")?;
    match tokens::status(view.world, Vendor::Arctos, presented, view.now) {
        TokenStatus::Valid(token) => Some(unauthorized().put(tokens::revoke(token))),
        TokenStatus::Expired(_) | TokenStatus::Unknown => (presented == TOKEN).then(unauthorized),
    }
}
