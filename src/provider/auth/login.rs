//! A token exchange: calls of the provider's own operations, in order.

use std::collections::BTreeMap;

use super::authorize::{ResolvedCredentials, authorize};
use super::token::{Token, refresh_at};
use crate::model::{Map, Request, Secret, Time, as_text};
use crate::provider::answer::Reading;
use crate::provider::descriptor::{Connection, LoginStep, Provider};
use crate::provider::expression::{Names, filled_fields};

/// The calls that exchange these credentials for a token; empty if no exchange is needed.
#[must_use]
pub fn login_chain(provider: &Provider, credentials: &ResolvedCredentials) -> Vec<LoginStep> {
    let given = |name: &str| credentials.get(name).is_some_and(|secret| !secret.expose().is_empty());
    let Some(set) = provider.credential_set(given) else { return Vec::new() };
    let login = provider.auth.logins.iter().find(|login| login.credentials == set.credentials);
    login.map(|login| login.steps.clone()).unwrap_or_default()
}

/// The request of one step. `values` are the outputs of the steps before it.
///
/// # Errors
/// A message, if an input or a setting is missing or invalid. It never contains a credential's value.
pub fn login_request(
    step: &LoginStep,
    connection: &Connection,
    settings: &Map,
    credentials: &ResolvedCredentials,
    values: &BTreeMap<String, Secret>,
    at: Time,
    random: u128,
) -> Result<Request, String> {
    let operation = &step.operation;
    let all = operation.provider.settings_over(connection, settings);
    let names = Names { settings: Some(&all), credentials: Some(credentials), token: Some(values), ..Names::default() };
    let with = filled_fields(&step.inputs, &names)?;
    // The connection's defaults are for steps, not for the exchange.
    let bare = Connection { defaults: Map::new(), ..connection.clone() };
    let inputs = operation.prepare(&bare, with, at).map_err(|problems| {
        let said: Vec<String> = problems.into_iter().map(|problem| problem.message).collect();
        format!("The login call `{}` cannot be made: {}", operation.vendor_name, said.join("; "))
    })?;
    let prepared = operation.request(&bare, settings, &inputs)?;
    authorize(operation, &bare, settings, &prepared, credentials, None, at, || random)
}

/// The token after a step: its outputs added to `values`, the outputs of the steps before it.
///
/// # Errors
/// The reading of the answer if it is not a success; its disposition says whether to try again.
pub fn token_from(
    step: &LoginStep,
    reading: &Reading,
    mut values: BTreeMap<String, Secret>,
    at: Time,
) -> Result<Token, String> {
    if !reading.disposition.is_done() {
        let code = reading.code.as_deref().unwrap_or("no code");
        let message = reading.message.as_deref().unwrap_or("no message");
        return Err(format!("The login call `{}` was answered with {code}: {message}", step.operation.vendor_name));
    }
    let brought = reading.outputs.iter().filter(|(_, value)| !value.is_null());
    values.extend(brought.map(|(name, value)| (name.clone(), Secret::new(as_text(value)))));
    let expires_at = step.expiry.as_ref().and_then(|expiry| expiry.instant(&values, at));
    let refresh_at = expires_at.map(|end| refresh_at(at, end, step.refresh_ahead));
    Ok(Token { values, expires_at, refresh_at })
}
