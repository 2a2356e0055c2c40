//! Answers `/oauth2.0/token`: the app's token, which stays the same until shortly before it expires.

use serde_json::json;

use super::envelope::{
    EXPIRED_TOKEN, FxiaokeRefusal, NO_CREDENTIALS, NO_TOKEN, NO_USER, UNKNOWN_TOKEN, WRONG_CREDENTIALS, failure,
    malformed, refuse, success,
};
use crate::model::Map;
use crate::sandbox::exchange::{
    Call, FieldSpec, FieldType, Reply, SandboxView, TokenStatus, body_fields, may, must, text, tokens,
};
use crate::sandbox::setup::{APP_ID, APP_SECRET, PERMANENT_CODE};
use crate::sandbox::world::{Put, Token, Vendor};

/// The enterprise account of the sandbox's token.
pub(super) const EA: &str = "sandbox";

const BODY: &[FieldSpec] = &[
    must("appId", FieldType::Text),
    must("appSecret", FieldType::Text),
    must("permanentCode", FieldType::Text),
    may("grantType", FieldType::Text),
];

/// Issues a token, or returns the current one.
pub(super) fn grant(view: &SandboxView<'_>, call: &Call<'_>) -> Result<Reply, FxiaokeRefusal> {
    let Some(body) = call.object() else { return refuse(NO_CREDENTIALS, "the body is not a JSON object") };
    body_fields::check(body, BODY).map_err(malformed)?;
    if text(body, "grantType") != "app_secret" {
        return refuse(NO_CREDENTIALS, "grantType is not app_secret");
    }
    let given = [text(body, "appId"), text(body, "appSecret"), text(body, "permanentCode")];
    if given != [APP_ID, APP_SECRET, PERMANENT_CODE] {
        return refuse(WRONG_CREDENTIALS, "appId, appSecret or permanentCode is wrong");
    }
    let last = view.world.tokens.range((Vendor::Fxiaoke, 0)..=(Vendor::Fxiaoke, u64::MAX)).next_back();
    let fresh = |token: &Token| !token.revoked && view.now.since(token.issued) < view.settings.fxiaoke_renew;
    match last.map(|(_, token)| token).filter(|token| fresh(token)) {
        Some(token) => Ok(success(view, answer(view, token))),
        None => {
            let token = tokens::issue(view.world, Vendor::Fxiaoke, EA, "", view.now, view.settings.fxiaoke_token);
            Ok(success(view, answer(view, &token)).put(Put::Token(token)))
        }
    }
}

fn answer(view: &SandboxView<'_>, token: &Token) -> Map {
    let fields = json!({
        "accessToken": token.text(),
        "expiresIn": token.expires.since(view.now).as_secs(),
        "openUserId": "FSUID_SANDBOX",
        "appId": APP_ID,
        "ea": token.holder,
    });
    match fields {
        serde_json::Value::Object(fields) => fields,
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_)
        | serde_json::Value::Array(_) => Map::new(),
    }
}

/// The acting employee; a refusal if one of the three headers is wrong.
pub(super) fn acting_user(view: &SandboxView<'_>, call: &Call<'_>) -> Result<String, FxiaokeRefusal> {
    let Some(presented) = call.authorization("Bearer") else { return refuse(NO_TOKEN, "the access token is missing") };
    match tokens::status(view.world, Vendor::Fxiaoke, presented, view.now) {
        TokenStatus::Valid(_) => {}
        TokenStatus::Expired(_) => return refuse(EXPIRED_TOKEN, "the access token has expired"),
        TokenStatus::Unknown => return refuse(UNKNOWN_TOKEN, "the access token is not valid"),
    }
    let header = |name: &str| call.header(name).filter(|value| !value.is_empty());
    if header("x-fs-ea").is_none() {
        return refuse(NO_USER, "the header x-fs-ea is missing");
    }
    match header("x-fs-userid") {
        Some(user) => Ok(user.to_owned()),
        None => refuse(NO_USER, "the header x-fs-userid is missing"),
    }
}

/// The answer for an expired token, which it also revokes; `None` if the call carries no token.
pub(in super::super) fn expired(view: &SandboxView<'_>, call: &Call<'_>) -> Option<Reply> {
    let presented = call.authorization("Bearer")?;
    match tokens::status(view.world, Vendor::Fxiaoke, presented, view.now) {
        TokenStatus::Valid(token) => {
            let refusal = (EXPIRED_TOKEN, "the access token has expired".to_owned());
            Some(failure(view, &refusal).put(tokens::revoke(token)))
        }
        TokenStatus::Expired(_) | TokenStatus::Unknown => None,
    }
}
