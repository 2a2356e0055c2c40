//! Makes a connection usable: resolves its credentials and builds its client.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::io::{CredentialError, HttpTransport, Transport, resolve};
use crate::plan::Plan;
use crate::provider::auth::{CredentialUse, ResolvedCredentials, credential_use};
use crate::provider::{Connection, Provider};

/// Why a connection cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum VendorError {
    /// A credential could not be read.
    #[error("credential `{name}` of connection `{connection}`: {error}")]
    Credential {
        /// The connection.
        connection: String,
        /// The credential.
        name: String,
        /// Why.
        error: CredentialError,
    },
    /// The client could not be built.
    #[error("connection `{connection}`: {why}")]
    Client {
        /// The connection.
        connection: String,
        /// Why.
        why: String,
    },
}

/// Reads the credentials of a connection from their sources. `tell` receives the messages of commands that print
/// them.
///
/// # Errors
/// [`VendorError::Credential`] for each one that could not be read.
pub fn resolve_credentials(
    provider: &Provider,
    connection: &Connection,
    tell: &mut dyn FnMut(&str, &str),
) -> Result<ResolvedCredentials, Vec<VendorError>> {
    let mut resolved = BTreeMap::new();
    let mut wrong = Vec::new();
    for (name, source) in &connection.credentials {
        let (connection_name, name) = (connection.name.clone(), name.clone());
        match resolve(source, credential_use(provider, connection, &name), tell) {
            Ok(secret) => {
                resolved.insert(name, secret);
            }
            Err(error) => wrong.push(VendorError::Credential { connection: connection_name, name, error }),
        }
    }
    if wrong.is_empty() { Ok(resolved) } else { Err(wrong) }
}

/// Builds the network client of the connection at `place` in the plan. `tell` receives the messages of the command
/// that prints its proxy.
///
/// # Errors
/// [`VendorError::Credential`] if the proxy could not be read; [`VendorError::Client`] if the client could not be
/// built.
pub fn network_transport(
    plan: &Plan,
    place: usize,
    provider: &Provider,
    tell: &mut dyn FnMut(&str, &str),
) -> Result<Arc<dyn Transport>, VendorError> {
    let connection = &plan.connections[place];
    let proxy = connection.proxy.as_ref().map(|source| resolve(source, CredentialUse::Anywhere, tell));
    let proxy = proxy.transpose().map_err(|error| VendorError::Credential {
        connection: connection.name.clone(),
        name: "proxy".to_owned(),
        error,
    })?;
    let base = connection.base_url.as_deref().or(provider.base_url.as_deref()).unwrap_or("https:");
    let shortest = shortest_call(plan, place, provider);
    HttpTransport::new(base, proxy.as_ref(), connection.ca_file.as_deref(), shortest)
        .map(|transport| Arc::new(transport) as Arc<dyn Transport>)
        .map_err(|why| VendorError::Client { connection: connection.name.clone(), why })
}

/// The shortest timeout of all calls over a connection, including its logins.
fn shortest_call(plan: &Plan, place: usize, provider: &Provider) -> Duration {
    let logins = provider.auth.logins.iter().flat_map(|login| &login.steps);
    let logins = logins.map(|step| step.operation.timeout_over(&plan.connections[place]));
    logins.chain(plan.shortest_timeout(place)).min().unwrap_or(Duration::MAX)
}
