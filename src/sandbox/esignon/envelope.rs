//! The form of eSignon's answers: header and body. Code `00` is success; other codes have a meaning per call.

use serde_json::json;

use crate::model::{Map, Value};
use crate::sandbox::exchange::{FieldSpec, FieldType, Reply, body_fields, may, must};

/// The version number in answers.
const VERSION: &str = "9.9.99";

const HEADER: &[FieldSpec] = &[
    must("request_code", FieldType::Text),
    may("api_name", FieldType::Text),
    may("session_id", FieldType::Text),
    may("request_lang", FieldType::Text),
    must("version", FieldType::Text),
];

fn envelope(response_code: &str, code: &str, message: &str, body: Value) -> Reply {
    let header =
        json!({"response_code": response_code, "result_code": code, "result_msg": message, "version": VERSION});
    Reply::new(200, code, json!({"header": header, "body": body}))
}

pub(super) fn success(response_code: &str, body: Value) -> Reply {
    envelope(response_code, "00", "success.", body)
}

/// A refusal.
#[derive(Debug)]
pub(super) struct EsignonRefusal {
    http: u16,
    response_code: &'static str,
    code: &'static str,
    message: String,
}

impl From<EsignonRefusal> for Reply {
    fn from(refusal: EsignonRefusal) -> Self {
        let reply = envelope(refusal.response_code, refusal.code, &refusal.message, json!({}));
        Reply { status: refusal.http, ..reply }
    }
}

/// A refusal with one of the call's own codes.
pub(super) fn failure(response_code: &'static str, code: &'static str, message: impl Into<String>) -> EsignonRefusal {
    EsignonRefusal { http: 200, response_code, code, message: message.into() }
}

/// A refusal of a body that could not be parsed.
fn bad_request(response_code: &'static str) -> EsignonRefusal {
    EsignonRefusal { http: 400, ..failure(response_code, "12", "the body is not JSON") }
}

/// A refusal of a token that is missing, expired or unknown.
pub(super) fn unauthorized(response_code: &'static str) -> EsignonRefusal {
    failure(response_code, "94", "the authentication key is not correct.")
}

/// The inner body of a request. A refusal unless its envelope, code and fields are as documented.
pub(super) fn open<'v>(
    json: Option<&'v Value>,
    request_code: &str,
    response_code: &'static str,
    fields: &[FieldSpec],
) -> Result<&'v Map, EsignonRefusal> {
    let outer = json.ok_or_else(|| bad_request(response_code))?;
    let malformed = |what: &str| failure(response_code, "12", format!("the body is not as documented: {what}"));
    let part = |name: &str| outer.get(name).and_then(Value::as_object).ok_or_else(|| malformed(name));
    let (header, body) = (part("header")?, part("body")?);
    if outer.as_object().is_some_and(|outer| outer.len() > 2) {
        return Err(malformed("more than header and body"));
    }
    body_fields::check(header, HEADER).map_err(|wrong| malformed(&format!("header: {wrong:?}")))?;
    body_fields::check(body, fields).map_err(|wrong| malformed(&format!("body: {wrong:?}")))?;
    if header.get("request_code").and_then(Value::as_str) != Some(request_code) {
        return Err(malformed("request_code"));
    }
    Ok(body)
}
