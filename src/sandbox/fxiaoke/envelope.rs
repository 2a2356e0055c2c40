//! The form of Fxiaoke's answers: `errorCode` 0 is success, and HTTP is always 200. Codes from 30101 on are the
//! sandbox's own, because the vendor publishes none for approvals.

use serde_json::json;

use crate::model::{Map, Value};
use crate::sandbox::exchange::{BodyMistake, Reply, SandboxView};
use crate::sandbox::world::seed;

pub(super) const NO_CREDENTIALS: i64 = 10_001;
pub(super) const NO_PATH: i64 = 10_006;
pub(super) const UNKNOWN_TOKEN: i64 = 11_014;
pub(super) const TOO_MANY_CALLS: i64 = 14_001;
pub(super) const NOT_ALLOWED: i64 = 20_014;
pub(super) const NO_TOKEN: i64 = 20_005;
pub(super) const WRONG_CREDENTIALS: i64 = 20_015;
pub(super) const EXPIRED_TOKEN: i64 = 20_016;
pub(super) const NO_USER: i64 = 20_017;
pub(super) const BAD_PARAMETER: i64 = 32_000;
pub(super) const NO_TASK: i64 = 30_101;
pub(super) const TASK_DONE: i64 = 30_102;
pub(super) const NO_NODE: i64 = 30_103;
pub(super) const INSTANCE_DONE: i64 = 30_104;
pub(super) const NOT_IN_CHARGE: i64 = 30_105;

/// A refusal: code and message.
pub(super) type FxiaokeRefusal = (i64, String);

pub(super) fn refuse<T>(code: i64, message: impl Into<String>) -> Result<T, FxiaokeRefusal> {
    Err((code, message.into()))
}

pub(super) fn malformed(wrong: BodyMistake) -> FxiaokeRefusal {
    let message = match wrong {
        BodyMistake::Unknown(field) => format!("parameter {field} is not known"),
        BodyMistake::Missing(field) => format!("parameter {field} is missing"),
        BodyMistake::Type(field, expected) => format!("parameter {field} is not of type {expected}"),
    };
    (BAD_PARAMETER, message)
}

fn trace(view: &SandboxView<'_>) -> String {
    format!("E-O.sandbox.{}", seed::hex(&["fxiaoke trace", &view.number], 16))
}

fn envelope(view: &SandboxView<'_>, code: i64, message: &str, description: &str) -> Reply {
    let trace = trace(view);
    let body = json!({"traceId": trace, "errorDescription": description, "errorMessage": message, "errorCode": code});
    Reply { request_id: Some(trace), ..Reply::new(200, code.to_string(), body) }
}

/// A success with further fields.
pub(super) fn success(view: &SandboxView<'_>, fields: Map) -> Reply {
    let mut reply = envelope(view, 0, "OK", "success");
    if let Value::Object(body) = &mut reply.body {
        body.extend(fields);
    }
    reply
}

pub(super) fn failure(view: &SandboxView<'_>, (code, message): &FxiaokeRefusal) -> Reply {
    envelope(view, *code, message, "failure")
}
