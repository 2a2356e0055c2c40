//! The sandbox's credentials, the only ones that its simulators accept.

use crate::model::{Map, Value};

/// Every credential by its name. They work in the sandbox only.
pub(in crate::sandbox) const CREDENTIALS: &[(&str, &str)] = &[
    ("secret_id", SECRET_ID),
    ("secret_key", SECRET_KEY),
    ("app_id", APP_ID),
    ("app_secret", APP_SECRET),
    ("permanent_code", PERMANENT_CODE),
    ("email", EMAIL),
    ("password", PASSWORD),
    ("token", TOKEN),
    ("license_key", LICENSE_KEY),
    ("company_id", "sandbox"),
    ("client_id", "sandbox-client"),
];

pub(in crate::sandbox) const SECRET_ID: &str = "SANDBOX-SECRET-ID";
pub(in crate::sandbox) const SECRET_KEY: &str = "sandbox-secret-key";
pub(in crate::sandbox) const APP_ID: &str = "SANDBOX-APP";
pub(in crate::sandbox) const APP_SECRET: &str = "sandbox-app-secret";
pub(in crate::sandbox) const PERMANENT_CODE: &str = "sandbox-permanent-code";
pub(in crate::sandbox) const EMAIL: &str = "sandbox@example.com";
pub(in crate::sandbox) const PASSWORD: &str = "sandbox-password";
pub(in crate::sandbox) const TOKEN: &str = "sandbox-token";
pub(in crate::sandbox) const LICENSE_KEY: &str = "sandbox-license-key";

/// The sandbox's credentials as a flat map. `company_id` and `client_id` are examples; any well-formed ones are
/// accepted.
#[must_use]
pub fn credentials() -> Map {
    CREDENTIALS.iter().map(|&(name, text)| (name.to_owned(), Value::from(text))).collect()
}
