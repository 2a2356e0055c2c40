//! The form of arctos' answers: status, message, info. The HTTP status is used only for 403, 404 and "too many".

use serde_json::json;

use crate::model::{Map, Value};
use crate::sandbox::exchange::{BodyMistake, Call, FieldSpec, Reply, body_fields};

/// A success.
pub(super) fn success(message: &str) -> Reply {
    Reply::new(200, "1", json!({"status": 1, "message": message}))
}

/// A success with data.
pub(super) fn success_with(info: Value) -> Reply {
    Reply::new(200, "1", json!({"status": 1, "message": "success", "info": info}))
}

/// A success with a warning.
pub(super) fn warning(message: &str) -> Reply {
    Reply::new(200, "2", json!({"status": 2, "message": message}))
}

/// A refusal: the HTTP status and the message.
#[derive(Debug)]
pub(super) struct ArctosRefusal(u16, String);

impl From<ArctosRefusal> for Reply {
    fn from(ArctosRefusal(http, message): ArctosRefusal) -> Self {
        let code = if http == 200 { "0".to_owned() } else { http.to_string() };
        Reply::new(http, code, json!({"status": 0, "message": message}))
    }
}

/// A failure.
pub(super) fn failure(message: impl Into<String>) -> ArctosRefusal {
    ArctosRefusal(200, message.into())
}

/// The answer for a token that is missing, expired or unknown; the vendor does not distinguish them.
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

/// Returns the fields of the body.
///
/// # Errors
/// [`ArctosRefusal`] if the body is not a JSON object, or a field is not as documented.
pub(super) fn fields<'c>(call: &'c Call<'_>, shape: &[FieldSpec]) -> Result<&'c Map, ArctosRefusal> {
    let body = call.object().ok_or_else(|| failure("the body is not a JSON object"))?;
    body_fields::check(body, shape).map_err(malformed)?;
    Ok(body)
}
