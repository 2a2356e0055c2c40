//! Status, message, info: how arctos answers. HTTP tells only 403, 404 and "too many".

use serde_json::json;

use crate::model::{Map, Value};
use crate::sandbox::exchange::{BodyMistake, Call, FieldSpec, Reply, body_fields};

/// Done.
pub(super) fn success(message: &str) -> Reply {
    Reply::new(200, "1", json!({"status": 1, "message": message}))
}

/// Done, with something to bring back.
pub(super) fn success_with(info: Value) -> Reply {
    Reply::new(200, "1", json!({"status": 1, "message": "success", "info": info}))
}

/// Done, but not quite as asked.
pub(super) fn warning(message: &str) -> Reply {
    Reply::new(200, "2", json!({"status": 2, "message": message}))
}

/// Why something is not done: the HTTP status and the message.
#[derive(Debug)]
pub(super) struct ArctosRefusal(u16, String);

impl From<ArctosRefusal> for Reply {
    fn from(ArctosRefusal(http, message): ArctosRefusal) -> Self {
        let code = if http == 200 { "0".to_owned() } else { http.to_string() };
        Reply::new(http, code, json!({"status": 0, "message": message}))
    }
}

/// Not done.
pub(super) fn failure(message: impl Into<String>) -> ArctosRefusal {
    ArctosRefusal(200, message.into())
}

/// The token is missing, expired or made up: the vendor does not tell them apart.
pub(super) fn unauthorized() -> Reply {
    failure("Unauthorized Access").into()
}

pub(super) fn forbidden() -> ArctosRefusal {
    ArctosRefusal(403, "not allowed to access the requested resource".to_owned())
}

pub(super) fn not_found() -> ArctosRefusal {
    ArctosRefusal(404, "resource not found".to_owned())
}

fn malformed(wrong: BodyMistake) -> ArctosRefusal {
    failure(match wrong {
        BodyMistake::Unknown(field) => format!("unknown parameter {field}"),
        BodyMistake::Missing(field) => format!("{field} is required"),
        BodyMistake::Type(field, expected) => format!("{field} must be of type {expected}"),
    })
}

/// Returns the body's fields.
///
/// # Errors
/// The body is no JSON object, or its fields are not as documented.
pub(super) fn fields<'c>(call: &'c Call<'_>, shape: &[FieldSpec]) -> Result<&'c Map, ArctosRefusal> {
    let body = call.object().ok_or_else(|| failure("the body is not a JSON object"))?;
    body_fields::check(body, shape).map_err(malformed)?;
    Ok(body)
}
