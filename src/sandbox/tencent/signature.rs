//! Verifies TC3-HMAC-SHA256 signatures of received requests.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::envelope::{TencentRefusal, refuse};
use crate::model::{Time, hex};
use crate::sandbox::exchange::Call;
use crate::sandbox::setup::{SECRET_ID, SECRET_KEY};

/// The name of the scheme.
pub(super) const SCHEME: &str = "TC3-HMAC-SHA256";
/// The most that a timestamp may differ from the server's clock, in seconds.
const MAX_SKEW_SECS: i64 = 300;

/// The parts of an `Authorization` header.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Authorization<'a> {
    secret_id: &'a str,
    date: &'a str,
    /// The product in the credential's scope.
    pub(super) service: &'a str,
    signed: &'a str,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// Parses the header's value; `None` if it does not have the form of this scheme.
    pub(super) fn parse(value: &'a str) -> Option<Self> {
        let mut parts = value.strip_prefix(SCHEME)?.trim_start().split(',').map(str::trim);
        let credential = parts.next()?.strip_prefix("Credential=")?;
        let signed = parts.next()?.strip_prefix("SignedHeaders=")?;
        let signature = parts.next()?.strip_prefix("Signature=")?;
        let scope: Vec<&str> = credential.split('/').collect();
        match (scope.as_slice(), parts.next()) {
            ([secret_id, date, service, "tc3_request"], None) => {
                Some(Self { secret_id, date, service, signed, signature })
            }
            _ => None,
        }
    }
}

fn mac(key: &[u8], message: &str) -> Vec<u8> {
    // HMAC accepts keys of any length, so the fallback is never used.
    Hmac::<Sha256>::new_from_slice(key).map_or_else(
        |_| Vec::new(),
        |mut mac| {
            mac.update(message.as_bytes());
            mac.finalize().into_bytes().to_vec()
        },
    )
}

/// Verifies the signature of a call; returns the service in the credential's scope.
pub(super) fn verify<'c>(call: &'c Call<'_>, now: Time) -> Result<&'c str, TencentRefusal> {
    verify_with(call, now, SECRET_ID, SECRET_KEY)
}

fn verify_with<'c>(
    call: &'c Call<'_>,
    now: Time,
    secret_id: &str,
    secret_key: &str,
) -> Result<&'c str, TencentRefusal> {
    let Some(given) = call.header("authorization").and_then(Authorization::parse) else {
        return refuse(
            "AuthFailure.InvalidAuthorization",
            "The Authorization header is not of the form of TC3-HMAC-SHA256.",
        );
    };
    let Some(timestamp) = call.header("x-tc-timestamp").and_then(|text| text.parse::<i64>().ok()) else {
        return refuse("MissingParameter", "The request is missing the header `X-TC-Timestamp`.");
    };
    if (timestamp - now.as_secs()).abs() > MAX_SKEW_SECS {
        return refuse("AuthFailure.SignatureExpire", "The timestamp is more than 5 minutes from the server's clock.");
    }
    if given.secret_id != secret_id {
        return refuse("AuthFailure.SecretIdNotFound", "The SecretId is not found.");
    }
    let names: Vec<&str> = given.signed.split(';').collect();
    if !["content-type", "host"].iter().all(|name| names.contains(name)) {
        return refuse("AuthFailure.InvalidAuthorization", "The headers content-type and host must be signed.");
    }
    let date = Time::from_secs(timestamp).timestamp().strftime("%Y-%m-%d").to_string();
    let scope = format!("{date}/{}/tc3_request", given.service);
    let day = mac(format!("TC3{secret_key}").as_bytes(), &date);
    let signing = mac(&mac(&day, given.service), "tc3_request");
    for host in signed_hosts(call.header("host").unwrap_or_default()) {
        let canonical = canonical_request(call, &names, given.signed, &host)?;
        let to_sign = format!("{SCHEME}\n{timestamp}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
        if given.date == date && hex(&mac(&signing, &to_sign)) == given.signature {
            return Ok(given.service);
        }
    }
    refuse("AuthFailure.SignatureFailure", "The provided credentials could not be validated. Check the signature.")
}

/// The `Host` values that a client may have signed, given the one it sent: the same, the host alone, or the host with
/// the default port. The vendor uses the default port, so clients differ in this.
fn signed_hosts(sent: &str) -> Vec<String> {
    match split_port(sent) {
        (host, Some(_)) => vec![sent.to_owned(), host.to_owned()],
        (host, None) => vec![sent.to_owned(), format!("{host}:80"), format!("{host}:443")],
    }
}

/// Splits a `Host` header into host and port. An IPv6 address keeps its brackets.
pub(super) fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        Some(_) | None => (authority, None),
    }
}

/// The text that is signed, with `host` as the value of `Host`.
fn canonical_request(call: &Call<'_>, names: &[&str], signed: &str, host: &str) -> Result<String, TencentRefusal> {
    let mut headers = String::new();
    for name in names {
        let value = if *name == "host" { Some(host) } else { call.header(name) };
        let Some(value) = value else {
            return refuse("AuthFailure.InvalidAuthorization", format!("The signed header {name} is missing."));
        };
        // The action's name is signed in lower case and sent as it is.
        let value = if *name == "x-tc-action" { value.to_lowercase() } else { value.to_owned() };
        headers.push_str(&format!("{name}:{value}\n"));
    }
    let body = match call.header("x-tc-content-sha256") {
        Some("UNSIGNED-PAYLOAD") => Sha256::digest(b"UNSIGNED-PAYLOAD"),
        _ => Sha256::digest(&call.request.body),
    };
    let query = call.target.split_once('?').map_or("", |(_, query)| query);
    let method = call.request.method.as_str();
    Ok(format!("{method}\n{}\n{query}\n{headers}\n{signed}\n{}", call.path, hex(&body)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Method, Request};

    const NOW: i64 = 1_705_924_585;

    /// Signed by the vendor's own worked example, older edition.
    fn official() -> (Request, &'static str, &'static str, i64) {
        let signature = "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168";
        let authorization = format!(
            "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, \
             SignedHeaders=content-type;host, Signature={signature}"
        );
        let headers = [
            ("Content-Type", "application/json; charset=utf-8"),
            ("Host", "cvm.tencentcloudapi.com"),
            ("X-TC-Action", "DescribeInstances"),
            ("X-TC-Timestamp", "1551113065"),
            ("Authorization", &authorization),
        ];
        let headers = headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let body = r#"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#;
        let url = "https://cvm.tencentcloudapi.com/".to_owned();
        let request = Request { method: Method::Post, url, headers, body: body.into() };
        (request, "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", 1_551_113_065)
    }

    fn judge(request: &Request, id: &str, key: &str, now: i64) -> Result<String, &'static str> {
        let call = Call::new(request);
        let verdict = verify_with(&call, Time::from_secs(now), id, key);
        verdict.map(str::to_owned).map_err(|(code, _)| code)
    }

    #[test]
    fn the_vendors_example_holds_and_every_change_breaks_it() {
        let (request, id, key, at) = official();
        assert_eq!(judge(&request, id, key, at).as_deref(), Ok("cvm"));
        let failure = Err("AuthFailure.SignatureFailure");
        assert_eq!(judge(&request, id, "another key", at), failure);
        let mut changed = request.clone();
        changed.body = "{}".into();
        assert_eq!(judge(&changed, id, key, at), failure);
        let mut changed = request.clone();
        changed.headers[1].1 = "cvm.example.com".to_owned();
        assert_eq!(judge(&changed, id, key, at), failure);
        let mut changed = request.clone();
        changed.url = "https://cvm.tencentcloudapi.com/other".to_owned();
        assert_eq!(judge(&changed, id, key, at), failure);
        let mut changed = request.clone();
        changed.headers[3].1 = "1551113066".to_owned();
        assert_eq!(judge(&changed, id, key, at), failure);
        assert_eq!(judge(&request, "other", key, at), Err("AuthFailure.SecretIdNotFound"));
    }

    #[test]
    fn clocks_may_differ_by_five_minutes() {
        let (request, id, key, at) = official();
        for skew in [-300, 300] {
            assert!(judge(&request, id, key, at + skew).is_ok());
        }
        for skew in [-301, 301, NOW - at] {
            assert_eq!(judge(&request, id, key, at + skew), Err("AuthFailure.SignatureExpire"));
        }
    }

    #[test]
    fn invalid_headers_are_refused_with_the_reason() {
        let (request, id, key, at) = official();
        let with = |value: &str| {
            let mut changed = request.clone();
            changed.headers[4].1 = value.to_owned();
            judge(&changed, id, key, at)
        };
        let invalid = Err("AuthFailure.InvalidAuthorization");
        for value in [
            "",
            "Bearer x",
            "TC3-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=x",
            "TC3-HMAC-SHA256 Credential=a/b/c/tc3_request, SignedHeaders=host",
            &format!("TC3-HMAC-SHA256 Credential={id}/2019-02-25/cvm/tc3_request, SignedHeaders=host, Signature=x"),
            &format!(
                "TC3-HMAC-SHA256 Credential={id}/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host;x-no, Signature=x"
            ),
        ] {
            assert_eq!(with(value), invalid, "{value}");
        }
        let mut changed = request.clone();
        changed.headers.remove(3);
        assert_eq!(judge(&changed, id, key, at), Err("MissingParameter"));
    }

    #[test]
    fn the_signed_host_may_have_or_lack_its_port() {
        for (sent, signed) in [
            ("localhost:8470", ["localhost:8470", "localhost"].as_slice()),
            ("127.0.0.1:8470", &["127.0.0.1:8470", "127.0.0.1"]),
            ("[::1]:8470", &["[::1]:8470", "[::1]"]),
            ("[::1]", &["[::1]", "[::1]:80", "[::1]:443"]),
            ("localhost", &["localhost", "localhost:80", "localhost:443"]),
        ] {
            assert_eq!(signed_hosts(sent), signed, "{sent}");
        }
    }

    #[test]
    fn every_vector_holds_with_a_port_in_host_and_breaks_with_another_host() {
        let vectors: Vec<serde_json::Value> =
            serde_json::from_str(include_str!("../../../tests/fixtures/tc3_vectors.json")).unwrap();
        for vector in &vectors {
            let text = |name: &str| vector[name].as_str().unwrap();
            let with_host = |host: &str| {
                let headers = vector["headers"].as_object().unwrap().iter().map(|(name, value)| {
                    let value = if name.eq_ignore_ascii_case("host") { host } else { value.as_str().unwrap() };
                    (name.clone(), value.to_owned())
                });
                let url = format!("http://{host}/");
                let body = text("payload").to_owned().into();
                let request = Request { method: Method::Post, url, headers: headers.collect(), body };
                let at = vector["timestamp"].as_i64().unwrap();
                judge(&request, text("secret_id"), text("secret_key"), at)
            };
            let host = text("host");
            assert_eq!(with_host(&format!("{host}:8470")).as_deref(), Ok(text("service")), "{}", text("name"));
            for other in [format!("x.{host}"), format!("x.{host}:8470"), format!("{host}:8470:1"), String::new()] {
                let failure = Err("AuthFailure.SignatureFailure");
                assert_eq!(with_host(&other), failure, "{}: {other}", text("name"));
            }
        }
    }

    #[test]
    fn every_vector_holds_and_breaks_with_its_body() {
        let vectors: Vec<serde_json::Value> =
            serde_json::from_str(include_str!("../../../tests/fixtures/tc3_vectors.json")).unwrap();
        assert!(vectors.len() >= 12);
        for vector in &vectors {
            let text = |name: &str| vector[name].as_str().unwrap();
            let headers = vector["headers"].as_object().unwrap().iter();
            let headers = headers.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
            let url = format!("https://{}/", text("host"));
            let mut request = Request { method: Method::Post, url, headers, body: text("payload").to_owned().into() };
            let at = vector["timestamp"].as_i64().unwrap();
            let judged = judge(&request, text("secret_id"), text("secret_key"), at);
            assert_eq!(judged.as_deref(), Ok(text("service")), "{}", text("name"));
            request.body = format!("{} ", text("payload")).into();
            let judged = judge(&request, text("secret_id"), text("secret_key"), at);
            assert_eq!(judged, Err("AuthFailure.SignatureFailure"), "{}", text("name"));
        }
    }
}
