//! The body of a request as it is logged: without credentials, and bounded.

use serde_json::json;

use crate::model::Value;
use crate::sandbox::exchange::Call;
use crate::sandbox::world::seed;

/// The largest body that is logged, in bytes. Of a larger one, only size and hash are logged.
const MAX_LOGGED: usize = 256 * 1024;

/// The fields that hold credentials in a vendor's body.
const SECRETS: &[&str] = &["appSecret", "permanentCode", "memb_pwd", "PinCode", "password", "client_secret"];

/// The body as it is logged.
pub(in crate::sandbox) fn logged_body(call: &Call<'_>) -> Value {
    let bytes = &call.request.body;
    if bytes.len() > MAX_LOGGED {
        let text = String::from_utf8_lossy(bytes);
        return json!({"omitted_bytes": bytes.len(), "hash": seed::hex(&[&text], 64)});
    }
    match call.json() {
        Some(json) => {
            let mut json = json.clone();
            mask(&mut json);
            if call.path == "/api/auth/login"
                && let Some(code) = json.get_mut("code")
            {
                *code = Value::from("***");
            }
            json
        }
        None if bytes.is_empty() => Value::Null,
        None => Value::String(String::from_utf8_lossy(bytes).into_owned()),
    }
}

fn mask(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(mask),
        Value::Object(map) => {
            for (name, value) in map.iter_mut() {
                if SECRETS.contains(&name.as_str()) {
                    *value = Value::from("***");
                } else {
                    mask(value);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Method, Request};

    fn logged(url: &str, body: &[u8]) -> Value {
        let body = body.to_vec().into();
        let request = Request { method: Method::Post, url: url.to_owned(), headers: vec![], body };
        logged_body(&Call::new(&request))
    }

    #[test]
    fn credentials_are_masked_and_the_rest_stays() {
        let body = json!({"body": {"memb_pwd": "p", "memb_email": "e"}, "appSecret": "s", "list": [{"PinCode": "1"}]});
        let expected = json!({
            "body": {"memb_pwd": "***", "memb_email": "e"}, "appSecret": "***", "list": [{"PinCode": "***"}],
        });
        assert_eq!(logged("/x", body.to_string().as_bytes()), expected);
        assert_eq!(logged("/api/auth/login", br#"{"code":"c"}"#), json!({"code": "***"}));
        assert_eq!(logged("/x", br#"{"code":"c"}"#), json!({"code": "c"}));
    }

    #[test]
    fn bodies_that_are_not_json_are_logged_as_text_and_large_ones_by_size() {
        assert_eq!(logged("/x", b""), Value::Null);
        assert_eq!(logged("/x", b"{"), json!("{"));
        let large = logged("/x", &vec![b'1'; MAX_LOGGED + 1]);
        assert_eq!(large["omitted_bytes"], json!(MAX_LOGGED + 1));
    }
}
