//! `json`, `base64`, `sha256`: a value encoded or hashed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::helper::{Helper, HelperCall, example};
use crate::model::{Value, hex};

pub(super) const JSON: Helper = Helper {
    name: "json",
    usage: "json VALUE",
    about: "The value as JSON text, on one line.",
    examples: &[
        example("{{ json row.moderators }}", r#""[\"e1\",\"e2\"]""#),
        example("{{ json row.remark }}", r#""null""#),
        example("{{ json \"a\\\"b\" }}", r#""\"a\\\"b\"""#),
    ],
    min_values: 1,
    max_values: 1,
    run: json,
};

fn json(call: &HelperCall<'_>) -> Result<Value, String> {
    let mut out = call.new_text();
    out.push_json(call.value(0))?;
    Ok(Value::String(out.into_text()))
}

pub(super) const BASE64: Helper = Helper {
    name: "base64",
    usage: "base64 TEXT",
    about: "The text's UTF-8 bytes in Base64, with padding; null stays null.",
    examples: &[example("{{ base64 \"user:pass\" }}", r#""dXNlcjpwYXNz""#)],
    min_values: 1,
    max_values: 1,
    run: |call| call.map_text(|text| text.len().div_ceil(3) * 4, |text| STANDARD.encode(text)),
};

pub(super) const SHA256: Helper = Helper {
    name: "sha256",
    usage: "sha256 TEXT",
    about: "The SHA-256 of the text's UTF-8 bytes, in lower-case hex; null stays null.",
    examples: &[example(
        "{{ sha256 \"abc\" }}",
        r#""ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad""#,
    )],
    min_values: 1,
    max_values: 1,
    run: |call| call.map_text(|_| 64, |text| hex(&Sha256::digest(text.as_bytes()))),
};
