//! A sandbox with a virtual clock and a client for it, for the tests of the simulators.

use std::time::Duration;

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::model::{Method, Request, Time, Value, hex};
use crate::sandbox::Faults;
use crate::sandbox::SimulatorSettings;
use crate::sandbox::setup::{LICENSE_KEY, SECRET_ID, SECRET_KEY};
use crate::sandbox::{LogEntry, Vendor};
use crate::sandbox::{Sandbox, Served};

/// The clock's start: 2027-01-15 08:00:00 UTC.
pub(super) const START: i64 = 1_800_000_000;

pub(super) struct TestClient {
    pub(super) sandbox: Sandbox,
    pub(super) now: Time,
    pub(super) entries: Vec<LogEntry>,
}

impl TestClient {
    pub(super) fn new() -> Self {
        Self::with(SimulatorSettings::default(), None)
    }

    pub(super) fn with(settings: SimulatorSettings, faults: Option<&str>) -> Self {
        let faults = faults.map(|spec| Faults::parse(spec).unwrap());
        Self { sandbox: Sandbox::new(settings, faults), now: Time::from_secs(START), entries: Vec::new() }
    }

    pub(super) fn wait(&mut self, span: Duration) {
        self.now = self.now.plus(span);
    }

    pub(super) fn serve(&mut self, request: &Request) -> Served {
        let served = self.sandbox.answer(self.now, request);
        self.entries.push(served.entry.clone());
        served
    }

    pub(super) fn last(&self) -> &LogEntry {
        self.entries.last().unwrap()
    }

    /// Sends a request; returns the HTTP status and the body.
    pub(super) fn send(&mut self, request: &Request) -> (u16, Value) {
        let response = self.serve(request).into_result().unwrap();
        (response.status, serde_json::from_slice(&response.body).unwrap())
    }

    pub(super) fn post(&mut self, target: &str, headers: &[(&str, &str)], body: &Value) -> (u16, Value) {
        self.send(&post(target, headers, body))
    }

    /// A fresh bearer token of arctos for a role, from the licence key.
    pub(super) fn arctos_token(&mut self, role: &str) -> String {
        let asked = json!({"user_id": "u-1", "role": role});
        let (_, code) = self.post("/api/auth/code", &[("arc-license-key", LICENSE_KEY)], &asked);
        let login = json!({
            "grant_type": "authorization_code", "client_id": "arctos-webapp", "code": code["info"]["code"],
        });
        let (_, answer) = self.post("/api/auth/login", &[], &login);
        answer["info"]["access_token"].as_str().unwrap().to_owned()
    }

    /// Calls an action of Tencent with a valid signature; returns the object under `Response`.
    pub(super) fn tencent(&mut self, product: Vendor, action: &str, body: &Value) -> Value {
        let request = signed(product, action, body, self.now);
        let (status, answer) = self.send(&request);
        assert_eq!(status, 200);
        answer["Response"].clone()
    }

    /// Calls an action of Tencent and returns its error code; `ok` if there is none.
    pub(super) fn tencent_code(&mut self, product: Vendor, action: &str, body: &Value) -> String {
        let response = self.tencent(product, action, body);
        response["Error"]["Code"].as_str().unwrap_or("ok").to_owned()
    }
}

pub(super) fn request(method: Method, target: &str, headers: &[(&str, &str)], body: Bytes) -> Request {
    let headers = headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    Request { method, url: format!("http://127.0.0.1:9{target}"), headers, body }
}

pub(super) fn post(target: &str, headers: &[(&str, &str)], body: &Value) -> Request {
    request(Method::Post, target, headers, body.to_string().into())
}

/// A call with the signature of a client.
pub(super) fn signed(product: Vendor, action: &str, body: &Value, at: Time) -> Request {
    signed_for(("127.0.0.1:9", "127.0.0.1:9"), product, action, body, at)
}

/// A call sent to one host whose signature covers another.
pub(super) fn signed_for(
    (sent, signed): (&str, &str),
    product: Vendor,
    action: &str,
    body: &Value,
    at: Time,
) -> Request {
    let (service, version) = match product {
        Vendor::TencentEss => ("ess", "2020-11-11"),
        _ => ("essbasic", "2021-05-26"),
    };
    let body = body.to_string();
    let mac = |key: &[u8], text: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    };
    let date = at.timestamp().strftime("%Y-%m-%d").to_string();
    let scope = format!("{date}/{service}/tc3_request");
    let canonical = format!(
        "POST\n/\n\ncontent-type:application/json\nhost:{signed}\n\ncontent-type;host\n{}",
        hex(&Sha256::digest(&body))
    );
    let to_sign = format!("TC3-HMAC-SHA256\n{}\n{scope}\n{}", at.as_secs(), hex(&Sha256::digest(canonical)));
    let day = mac(format!("TC3{SECRET_KEY}").as_bytes(), &date);
    let signature = hex(&mac(&mac(&mac(&day, service), "tc3_request"), &to_sign));
    let authorization = format!(
        "TC3-HMAC-SHA256 Credential={SECRET_ID}/{scope}, SignedHeaders=content-type;host, Signature={signature}"
    );
    let headers = [
        ("Content-Type", "application/json"),
        ("Host", sent),
        ("X-TC-Action", action),
        ("X-TC-Version", version),
        ("X-TC-Timestamp", &at.as_secs().to_string()),
        ("Authorization", &authorization),
    ];
    request(Method::Post, "/", &headers, body.into())
}
