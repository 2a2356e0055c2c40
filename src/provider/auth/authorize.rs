//! Completes the request of one attempt: base URL, fresh ids, token headers, signatures.

use std::collections::BTreeMap;

use url::Origin;

use super::apply::apply;
use super::attempt::AttemptRequest;
use super::token::Token;
use crate::model::{Map, Request, Secret, Time, Value, fresh_uuid};
use crate::provider::descriptor::{Connection, Operation};
use crate::provider::expression::Names;
use crate::provider::request::{
    PreparedRequest, base_origin, check_scheme, is_whole, join, leads_to, leads_to_origin, origin,
};

/// The resolved credentials of a connection, by name.
pub type ResolvedCredentials = BTreeMap<String, Secret>;

/// Builds the request of one attempt, with base URL, token, signature and fresh ids. `random` is called only if the
/// provider's file uses an id of the attempt.
///
/// # Errors
/// A message that says what is missing or cannot be sent. It never contains a credential's value.
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
    let (request, base_origin) = start(operation, connection, prepared)?;
    let mut attempt = AttemptRequest { operation, connection, names, at, request };
    attempt.add_query()?;
    attempt.add_connection_headers()?;
    if !operation.wiring.anonymous {
        apply(&provider.auth.scheme, &mut attempt)?;
        attempt.add_declared_headers()?;
    }
    let url = &attempt.request.url;
    let leads = match (base_of(operation, connection), base_origin) {
        (Some(base), Some(origin)) => leads_to_origin(url, Some((base, Some(origin)))),
        (base, _) => leads_to(url, base),
    };
    leads.map_err(|wrong| format!("A call of the connection `{}` is not sent: {wrong}", connection.name))?;
    Ok(attempt.request)
}

/// The base URL of a connection's calls; `None` if neither settings nor provider give one.
fn base_of<'a>(operation: &'a Operation, connection: &'a Connection) -> Option<&'a str> {
    connection.base_url.as_deref().or(operation.provider.base_url.as_deref())
}

/// The values under `attempt`, new for every attempt.
fn fresh_names(at: Time, random: u128) -> Map {
    Map::from_iter([
        ("uuid".to_owned(), Value::String(fresh_uuid(random))),
        ("unix".to_owned(), Value::from(at.as_secs())),
    ])
}

/// The request with its URL, and the origin of the base URL if it was parsed for that.
fn start(
    operation: &Operation,
    connection: &Connection,
    prepared: &PreparedRequest,
) -> Result<(Request, Option<Origin>), String> {
    let base = base_of(operation, connection);
    let mut parsed = None;
    let url = match (base, origin(&prepared.path_and_query)) {
        (_, None) if is_whole(&prepared.path_and_query) => {
            return Err(format!("The URL of a call of the connection `{}` names no host", connection.name));
        }
        (Some(base), None) => {
            parsed = Some(base_origin(base)?);
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
    Ok((Request { method, url, headers, body }, parsed))
}
