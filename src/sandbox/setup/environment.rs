//! The built-in environment `sandbox`: a connection for every provider that is simulated.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use super::credentials::CREDENTIALS;
use crate::model::{Limits, Map, Rate, Secret, Value};
use crate::provider::{Connection, CredentialSource, OperationOverride};
use crate::sandbox::world::Vendor;

/// The address of requests to the embedded simulators. The embedded transport opens no connection, and no program
/// listens there, so a request that is sent there by mistake has no effect.
const BASE_URL: &str = "http://127.0.0.1:9";

/// Limits for vendors that document none, a little below the 20 calls a second that the simulators accept.
const LIMITS: Limits = Limits { in_flight: Some(16), rate: Some(Rate { calls: 18, per: Duration::from_secs(1) }) };

/// The connections of the sandbox. Their credentials are literals: every process builds them, and no journal stores
/// them.
#[must_use]
pub fn environment() -> Vec<Connection> {
    Vendor::ALL.into_iter().map(connection).collect()
}

fn connection(vendor: Vendor) -> Connection {
    let name = vendor.as_str().to_owned();
    let mut connection =
        Connection { provider: name.clone(), name, base_url: Some(BASE_URL.to_owned()), ..Connection::default() };
    match vendor {
        Vendor::Arctos => {
            connection.credentials = credentials(&["license_key"]);
            connection.settings = map(json!({"user_id": "sandbox", "role": "MODERATOR"}));
            connection.limits = LIMITS;
            let path = OperationOverride {
                path: Some("/api/task/status/do_update".to_owned()),
                ..OperationOverride::default()
            };
            connection.operations.insert("update_status".to_owned(), path);
        }
        Vendor::Fxiaoke => {
            connection.credentials = credentials(&["app_id", "app_secret", "permanent_code"]);
            connection.settings = map(json!({"user_id": "1000"}));
        }
        Vendor::Esignon => {
            connection.credentials = credentials(&["email", "password"]);
            connection.settings = map(json!({"company_id": "sandbox", "client_id": "sandbox-client"}));
            connection.limits = LIMITS;
        }
        Vendor::TencentEss => {
            connection.credentials = credentials(&["secret_id", "secret_key"]);
            connection.defaults = map(json!({"Operator": {"UserId": "sandbox"}}));
        }
        Vendor::TencentEssbasic => {
            connection.credentials = credentials(&["secret_id", "secret_key"]);
            connection.defaults = map(json!({
                "Agent": {
                    "AppId": "sandbox",
                    "ProxyOrganizationOpenId": "sandbox",
                    "ProxyOperator": {"OpenId": "sandbox"},
                },
            }));
        }
        Vendor::Http => {}
    }
    connection
}

fn credentials(names: &[&str]) -> BTreeMap<String, CredentialSource> {
    let named = CREDENTIALS.iter().filter(|(name, _)| names.contains(name));
    named.map(|&(name, text)| (name.to_owned(), CredentialSource::Literal(Secret::new(text)))).collect()
}

fn map(value: Value) -> Map {
    match value {
        Value::Object(map) => map,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    }
}
