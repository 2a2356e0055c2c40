//! Adds what differs per attempt: base URL, fresh ids, token headers, signatures.

use std::collections::BTreeMap;

use super::apply::apply;
use super::attempt::AttemptRequest;
use super::token::Token;
use crate::model::{Map, Request, Secret, Time, Value, fresh_uuid};
use crate::provider::descriptor::{Connection, Operation};
use crate::provider::expression::Names;
use crate::provider::request::{PreparedRequest, check_base_url, check_scheme, is_whole, join, leads_to, origin};

/// Credentials as they were resolved for a run.
pub type ResolvedCredentials = BTreeMap<String, Secret>;

/// The request of one attempt: base URL, token, signature and fresh ids added. `random` is drawn only where an id of
/// the attempt's own is asked for.
///
/// # Errors
/// What is missing; never a credential's value.
#[allow(clippy::too_many_arguments)]
pub fn authorize(
    operation: &Operation,
    connection: &Connection,
    settings: &Map,
    prepared: &PreparedRequest,
    credentials: &ResolvedCredentials,
    token: Option<&Token>,
    at: Time,
    random: impl FnOnce() -> u128,
) -> Result<Request, String> {
    let settings = operation.provider.settings_over(connection, settings);
    let provider = &operation.provider;
    let mut said = provider.attempt_query.iter().chain(&provider.auth.headers);
    let asked_for = said.any(|(_, expression)| expression.names_under("attempt"));
    let fresh = asked_for.then(|| fresh_names(at, random()));
    let names = Names {
        settings: Some(&settings),
        credentials: Some(credentials),
        token: token.map(|token| &token.values),
        attempt: fresh.as_ref(),
        ..Names::default()
    };
    let mut attempt =
        AttemptRequest { operation, connection, names, at, request: start(operation, connection, prepared)? };
    attempt.add_query()?;
    attempt.add_connection_headers()?;
    if !operation.wiring.anonymous {
        apply(&provider.auth.scheme, &mut attempt)?;
        attempt.add_declared_headers()?;
    }
    let base = base_of(operation, connection);
    leads_to(&attempt.request.url, base)
        .map_err(|wrong| format!("A call of the connection `{}` is not sent: {wrong}", connection.name))?;
    Ok(attempt.request)
}

/// Where the connection's calls go.
fn base_of<'a>(operation: &'a Operation, connection: &'a Connection) -> Option<&'a str> {
    connection.base_url.as_deref().or(operation.provider.base_url.as_deref())
}

/// The names of what is fresh per attempt.
fn fresh_names(at: Time, random: u128) -> Map {
    Map::from_iter([
        ("uuid".to_owned(), Value::String(fresh_uuid(random))),
        ("unix".to_owned(), Value::from(at.as_secs())),
    ])
}

/// The request at its address.
fn start(operation: &Operation, connection: &Connection, prepared: &PreparedRequest) -> Result<Request, String> {
    let base = base_of(operation, connection);
    let url = match (base, origin(&prepared.path_and_query)) {
        (_, None) if is_whole(&prepared.path_and_query) => {
            return Err(format!("The URL of a call of the connection `{}` names no host", connection.name));
        }
        (Some(base), None) => {
            check_base_url(base)?;
            join(base, &prepared.path_and_query)
        }
        (Some(base), Some(own)) if origin(base).as_ref() != Some(&own) => {
            return Err(format!("`{own}` is another host than that of the connection `{}`", connection.name));
        }
        (_, Some(_)) => {
            check_scheme(&prepared.path_and_query)?;
            prepared.path_and_query.clone()
        }
        (None, None) => {
            return Err(format!("The connection `{}` has no `base_url`: give it in the settings", connection.name));
        }
    };
    let (method, headers, body) = (prepared.method, prepared.headers.clone(), prepared.body.clone());
    Ok(Request { method, url, headers, body })
}
