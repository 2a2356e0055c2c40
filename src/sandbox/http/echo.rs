//! Echoes requests to unknown addresses, for rehearsals of `http.request`.

use serde_json::json;

use crate::model::{Map, Method, Value};
use crate::sandbox::exchange::{Call, Reply, broken_answers};
use crate::sandbox::world::seed;

/// Answers 200 with the received request; `/status/NNN` answers that status.
pub(in crate::sandbox) fn answer(call: &Call<'_>) -> Reply {
    let segments = call.segments();
    let status = match segments.as_slice() {
        ["status", code, ..] => code.parse().ok().filter(|code| (200..=599).contains(code)).unwrap_or(400),
        _ => 200,
    };
    let mut query = Map::new();
    for (name, value) in call.queries() {
        query.insert(name, Value::String(value));
    }
    let body = match call.json() {
        Some(json) => json.clone(),
        None if call.request.body.is_empty() => Value::Null,
        None => Value::String(String::from_utf8_lossy(&call.request.body).into_owned()),
    };
    let method = call.request.method;
    let echo = json!({"method": method.as_str(), "path": call.path, "query": query, "body": body});
    let reply = Reply::new(status, status.to_string(), echo);
    let writes = !matches!(method, Method::Get | Method::Head);
    if writes && status < 300 {
        let hash = seed::hex(&[method.as_str(), call.target, &body.to_string()], 16);
        return reply.effect(format!("{}:{}:{hash}", method.as_str(), call.path));
    }
    reply
}

/// The refusal of a call that would have succeeded; `None` if it would have failed.
pub(in crate::sandbox) fn refused(done: &Reply) -> Option<Reply> {
    (done.status < 300).then(|| Reply::new(422, "422", json!({ "message": broken_answers::REFUSED })))
}
