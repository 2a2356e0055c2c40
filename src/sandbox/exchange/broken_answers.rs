//! Broken answers: halves, garbage, pages of a gateway. None of them reads as a vendor's answer.

use bytes::Bytes;
use serde_json::json;

use super::reply::Reply;
use crate::model::Response;

/// The answer of a gateway in front of the vendor.
pub(in crate::sandbox) fn gateway_error(status: u16) -> Reply {
    let message = if status == 503 { "service unavailable" } else { "internal server error" };
    Reply::new(status, status.to_string(), json!({ "message": message }))
}

/// HTTP 429, for vendors that document no answer of their own. A gateway sends it, so the body is not in the vendor's
/// form.
pub(in crate::sandbox) fn too_many_requests() -> Reply {
    Reply::new(429, "429", json!({"message": "too many requests"})).header("retry-after", "1")
}

/// The message of a refusal that a fault made, not a rule of the vendor.
pub(in crate::sandbox) const REFUSED: &str = "refused on purpose by the sandbox's fault `refuse`";

/// The first half of the body.
pub(in crate::sandbox) fn half(mut response: Response) -> Response {
    response.body = response.body.slice(..response.body.len() / 2);
    response
}

/// Replaces the body: by a proxy's page, or by bytes that are not text. The status stays.
pub(in crate::sandbox) fn garbled(mut response: Response, page: bool) -> Response {
    if page {
        response.headers.retain(|(name, _)| name != "content-type");
        response.headers.push(("content-type".to_owned(), "text/html".to_owned()));
        response.body = Bytes::from_static(b"<html><body>The page cannot be displayed</body></html>");
        return response;
    }
    let mangle = |(at, byte): (usize, &u8)| if at % 3 == 0 { 0xff } else { *byte };
    response.body = response.body.iter().enumerate().map(mangle).collect::<Vec<u8>>().into();
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Time;

    #[test]
    fn broken_answers_do_not_parse() {
        let whole = Reply::new(200, "ok", json!({"status": 1, "message": "success"})).response(Time::from_secs(0));
        for spoilt in [half(whole.clone()), garbled(whole.clone(), true), garbled(whole, false)] {
            assert!(serde_json::from_slice::<serde_json::Value>(&spoilt.body).is_err(), "{spoilt:?}");
        }
    }
}
