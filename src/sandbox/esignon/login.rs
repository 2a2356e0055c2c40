//! Request 1001Q: a token for an e-mail address and a password, and the check of a presented token.

use serde_json::json;

use super::envelope::{EsignonRefusal, failure, open, success, unauthorized};
use crate::sandbox::exchange::{Call, FieldSpec, FieldType, Reply, SandboxView, TokenStatus, may, must, text, tokens};
use crate::sandbox::setup::{EMAIL, PASSWORD};
use crate::sandbox::world::{Put, Token, Vendor, seed};

const LOGIN: &[FieldSpec] = &[
    must("memb_email", FieldType::Text),
    must("memb_pwd", FieldType::Text),
    may("comp_id", FieldType::Text),
    may("client_id", FieldType::Text),
    may("biz_id", FieldType::Text),
    may("device_id", FieldType::Text),
];

/// Answers a login at a company.
pub(super) fn login(view: &SandboxView<'_>, call: &Call<'_>, company: &str) -> Result<Reply, EsignonRefusal> {
    let body = open(call.json(), "1001Q", "1001A", LOGIN)?;
    if text(body, "memb_email") != EMAIL || text(body, "memb_pwd") != PASSWORD {
        return Err(failure("1001A", "10", "the e-mail or the password is wrong."));
    }
    if body.contains_key("comp_id") && text(body, "comp_id") != company {
        return Err(failure("1001A", "10", "the company differs from the one in the address."));
    }
    let token = tokens::issue(view.world, Vendor::Esignon, company, "", view.now, view.settings.esignon_token);
    let reply = success(
        "1001A",
        json!({
            "access_token": token.text(),
            "comp_id": company,
            "device_id": seed::hex(&["esignon device", company], 16),
            "expire_date": token.expires.to_string(),
            "memb_email": EMAIL,
        }),
    )
    .put(Put::Token(token));
    Ok(reply)
}

/// The valid token of a call; `None` if there is none. Its scheme is `esignon` and one space.
pub(super) fn token<'w>(view: &SandboxView<'w>, call: &Call<'_>) -> Option<&'w Token> {
    let presented = call.authorization("esignon")?;
    match tokens::status(view.world, Vendor::Esignon, presented, view.now) {
        TokenStatus::Valid(token) => Some(token),
        TokenStatus::Expired(_) | TokenStatus::Unknown => None,
    }
}

/// The answer for an expired token, which it also revokes; `None` if the call carries no token.
pub(in super::super) fn expired(view: &SandboxView<'_>, call: &Call<'_>) -> Option<Reply> {
    let response_code = if call.path.ends_with("/action") { "5010A" } else { "" };
    token(view, call).map(|token| Reply::from(unauthorized(response_code)).put(tokens::revoke(token)))
}
