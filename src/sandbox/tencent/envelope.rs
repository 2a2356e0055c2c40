//! The form of Tencent's answers: `Response` with or without `Error`. HTTP is 200 whenever the gateway handled the
//! call.

use serde_json::json;

use crate::model::{Map, Value};
use crate::sandbox::exchange::{BodyMistake, Reply, SandboxView};
use crate::sandbox::world::seed;

/// A refusal: the vendor's code and a message.
pub(super) type TencentRefusal = (&'static str, String);

pub(super) fn refuse<T>(code: &'static str, message: impl Into<String>) -> Result<T, TencentRefusal> {
    Err((code, message.into()))
}

/// The gateway's refusal of a body that is not as documented.
pub(super) fn malformed(wrong: BodyMistake) -> TencentRefusal {
    match wrong {
        BodyMistake::Unknown(field) => ("UnknownParameter", format!("The parameter `{field}` is not recognized.")),
        BodyMistake::Missing(field) => {
            ("MissingParameter", format!("The request is missing a required parameter `{field}`."))
        }
        BodyMistake::Type(field, expected) => {
            ("InvalidParameter", format!("The value type of parameter `{field}` is not valid: {expected} is expected."))
        }
    }
}

/// The refusal of a parameter's value.
pub(super) fn bad_parameter<T>(message: impl Into<String>) -> Result<T, TencentRefusal> {
    refuse("InvalidParameter.ParamError", message)
}

fn request_id(view: &SandboxView<'_>) -> String {
    let hex = seed::hex(&["tencent request", &view.number, &view.now.as_micros().to_string()], 32);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

fn envelope(view: &SandboxView<'_>, code: &str, mut fields: Map) -> Reply {
    let id = request_id(view);
    fields.insert("RequestId".to_owned(), Value::from(id.clone()));
    Reply { request_id: Some(id), ..Reply::new(200, code, json!({ "Response": fields })) }
}

pub(super) fn success(view: &SandboxView<'_>, fields: Map) -> Reply {
    envelope(view, "ok", fields)
}

pub(super) fn failure(view: &SandboxView<'_>, (code, message): &TencentRefusal) -> Reply {
    let error = json!({"Code": code, "Message": message});
    envelope(view, code, Map::from_iter([("Error".to_owned(), error)]))
}
