//! TC3-HMAC-SHA256: signs the exact bytes of each attempt. Pure: the time is an argument.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::attempt::AttemptRequest;
use crate::model::{Request, Secret, Time, hex};
use crate::provider::descriptor::Tc3;
use crate::provider::request::host;

/// The algorithm's name on the wire.
const ALGORITHM: &str = "TC3-HMAC-SHA256";

/// The credentials of one attempt.
#[derive(Debug, Clone, Copy)]
struct Credentials<'a> {
    secret_id: &'a str,
    secret_key: &'a str,
    /// The session token of temporary credentials; `None` for permanent ones.
    token: Option<&'a str>,
}

/// Adds the signature headers of the current request.
pub(super) fn apply(tc3: &Tc3, attempt: &mut AttemptRequest<'_>) -> Result<(), String> {
    let credentials = Credentials {
        secret_id: attempt.credential("secret_id")?,
        secret_key: attempt.credential("secret_key")?,
        token: attempt.optional_credential("token"),
    };
    let headers = tc3.headers(&attempt.operation.vendor_name, &credentials, &attempt.request, attempt.at)?;
    headers.into_iter().try_for_each(|(name, value)| attempt.push(name, value))
}

impl Tc3 {
    /// The headers of one attempt. `Host` is included, so that the sent one is the signed one.
    fn headers(
        &self,
        action: &str,
        credentials: &Credentials<'_>,
        request: &Request,
        at: Time,
    ) -> Result<Vec<(&'static str, String)>, String> {
        let host = host(&request.url).ok_or("The connection's `base_url` names no host")?;
        let own = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let signature = sign(&Signing {
            secret_id: credentials.secret_id,
            secret_key: &Secret::new(credentials.secret_key),
            service: &self.service,
            host: &host,
            content_type: own.map_or("application/json", |(_, value)| value),
            action: Some(action),
            body: &request.body,
            at,
        });
        let mut headers = vec![
            ("Host", host),
            ("X-TC-Action", action.to_owned()),
            ("X-TC-Version", self.version.clone()),
            ("X-TC-Timestamp", at.as_secs().to_string()),
        ];
        headers.extend(credentials.token.map(|token| ("X-TC-Token", token.to_owned())));
        headers.push(("Authorization", signature.authorization));
        Ok(headers)
    }
}

/// The input of a signature: a POST of JSON to `/` without a query.
#[derive(Debug, Clone, Copy)]
struct Signing<'a> {
    /// The account's key id.
    secret_id: &'a str,
    /// The account's key.
    secret_key: &'a Secret,
    /// The product's name, independent of the host.
    service: &'a str,
    /// The value of `Host`, with its port unless it is the scheme's default.
    host: &'a str,
    /// The value of `Content-Type`.
    content_type: &'a str,
    /// The action; `None` to leave it unsigned.
    action: Option<&'a str>,
    /// The exact body.
    body: &'a [u8],
    /// The attempt's time.
    at: Time,
}

/// The stages of a signature. Tests check each one; only `authorization` is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Signature {
    /// The canonical request.
    canonical_request: String,
    /// The string to sign.
    string_to_sign: String,
    /// The signature in hex.
    signature: String,
    /// The value of the `Authorization` header.
    authorization: String,
}

/// Signs one attempt.
fn sign(signing: &Signing<'_>) -> Signature {
    let timestamp = signing.at.as_secs();
    let date = utc_date(signing.at);
    let scope = format!("{date}/{}/tc3_request", signing.service);
    let (canonical_headers, signed_headers) = headers(signing);
    let body_hash = hex(&Sha256::digest(signing.body));
    let canonical_request = format!("POST\n/\n\n{canonical_headers}\n{signed_headers}\n{body_hash}");
    let request_hash = hex(&Sha256::digest(canonical_request.as_bytes()));
    let string_to_sign = format!("{ALGORITHM}\n{timestamp}\n{scope}\n{request_hash}");
    let key = signing_key(signing.secret_key, &date, signing.service);
    let signature = hex(&mac(&key, string_to_sign.as_bytes()));
    let credential = signing.secret_id;
    let authorization =
        format!("{ALGORITHM} Credential={credential}/{scope}, SignedHeaders={signed_headers}, Signature={signature}");
    Signature { canonical_request, string_to_sign, signature, authorization }
}

/// The canonical header lines, and the names of the signed headers, both sorted.
fn headers(signing: &Signing<'_>) -> (String, &'static str) {
    let content_type = signing.content_type.trim();
    let host = signing.host.trim().to_lowercase();
    let mut lines = format!("content-type:{content_type}\nhost:{host}\n");
    let Some(action) = signing.action else { return (lines, "content-type;host") };
    lines.push_str(&format!("x-tc-action:{}\n", action.trim().to_lowercase()));
    (lines, "content-type;host;x-tc-action")
}

/// The UTC date of an instant, `yyyy-mm-dd`. The vendor's local date would be wrong for eight hours a day.
fn utc_date(at: Time) -> String {
    at.timestamp().strftime("%Y-%m-%d").to_string()
}

/// The signing key of one day and one service.
fn signing_key(secret_key: &Secret, date: &str, service: &str) -> [u8; 32] {
    let first = format!("TC3{}", secret_key.expose());
    let day = mac(first.as_bytes(), date.as_bytes());
    let service = mac(&day, service.as_bytes());
    mac(&service, b"tc3_request")
}

/// HMAC-SHA256.
fn mac(key: &[u8], message: &[u8]) -> [u8; 32] {
    // HMAC accepts keys of any length; an empty result would fail every check.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vectors() -> Vec<serde_json::Value> {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tc3_vectors.json"));
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn every_vector_signs_the_same_at_every_stage() {
        let vectors = vectors();
        assert_eq!(vectors.len(), 12);
        for vector in vectors {
            let text = |key: &str| vector[key].as_str().unwrap_or_default().to_owned();
            let secret_key = Secret::new(text("secret_key"));
            let action = text("action");
            let signature = sign(&Signing {
                secret_id: &text("secret_id"),
                secret_key: &secret_key,
                service: &text("service"),
                host: &text("host"),
                content_type: &text("content_type"),
                action: text("signed_headers").contains("x-tc-action").then_some(action.as_str()),
                body: text("payload").as_bytes(),
                at: Time::from_secs(vector["timestamp"].as_i64().unwrap()),
            });
            let name = text("name");
            assert_eq!(signature.canonical_request, text("canonical_request"), "{name}");
            assert_eq!(signature.string_to_sign, text("string_to_sign"), "{name}");
            assert_eq!(signature.signature, text("signature"), "{name}");
            assert_eq!(signature.authorization, text("authorization"), "{name}");
        }
    }

    #[test]
    fn one_byte_or_one_second_changes_the_signature() {
        let key = Secret::new("k");
        let base = Signing {
            secret_id: "id",
            secret_key: &key,
            service: "svc",
            host: "h",
            content_type: "application/json",
            action: Some("A"),
            body: b"{}",
            at: Time::from_secs(1_700_000_000),
        };
        let first = sign(&base).signature;
        for other in [
            Signing { body: b"{ }", ..base },
            Signing { at: Time::from_secs(1_700_000_001), ..base },
            Signing { host: "h:8080", ..base },
            Signing { action: None, ..base },
            Signing { service: "svb", ..base },
        ] {
            assert_ne!(sign(&other).signature, first);
        }
    }

    #[test]
    fn the_scope_holds_the_utc_date() {
        // 23:59:59 and 00:00:00 UTC; in UTC+8 both are the later day.
        assert_eq!(utc_date(Time::from_secs(1_551_139_199)), "2019-02-25");
        assert_eq!(utc_date(Time::from_secs(1_551_139_200)), "2019-02-26");
    }
}
