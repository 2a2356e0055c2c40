//! `Response` with or without `Error`: HTTP is 200 for everything that the gateway handled.

use serde_json::json;

use crate::model::{Map, Value};
use crate::sandbox::exchange::{Desk, Reply, Wrong};
use crate::sandbox::world::seed;

/// A refusal: the vendor's code and a message.
pub(super) type Refusal = (&'static str, String);

pub(super) fn refuse<T>(code: &'static str, message: impl Into<String>) -> Result<T, Refusal> {
    Err((code, message.into()))
}

/// What the gateway says about a body that is not as documented.
pub(super) fn malformed(wrong: Wrong) -> Refusal {
    match wrong {
        Wrong::Unknown(field) => ("UnknownParameter", format!("The parameter `{field}` is not recognized.")),
        Wrong::Missing(field) => {
            ("MissingParameter", format!("The request is missing a required parameter `{field}`."))
        }
        Wrong::Type(field, expected) => {
            ("InvalidParameter", format!("The value type of parameter `{field}` is not valid: {expected} is expected."))
        }
    }
}

/// A parameter whose value does not do.
pub(super) fn bad_parameter<T>(message: impl Into<String>) -> Result<T, Refusal> {
    refuse("InvalidParameter.ParamError", message)
}

fn request_id(desk: &Desk<'_>) -> String {
    let hex = seed::hex(&["tencent request", &desk.number, &desk.now.as_micros().to_string()], 32);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

fn envelope(desk: &Desk<'_>, code: &str, mut fields: Map) -> Reply {
    let id = request_id(desk);
    fields.insert("RequestId".to_owned(), Value::from(id.clone()));
    Reply { request_id: Some(id), ..Reply::new(200, code, json!({ "Response": fields })) }
}

pub(super) fn success(desk: &Desk<'_>, fields: Map) -> Reply {
    envelope(desk, "ok", fields)
}

pub(super) fn failure(desk: &Desk<'_>, (code, message): &Refusal) -> Reply {
    let error = json!({"Code": code, "Message": message});
    envelope(desk, code, Map::from_iter([("Error".to_owned(), error)]))
}
