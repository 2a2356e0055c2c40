//! The token exchange: operations of the provider, in order.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::authorize::Resolved;
use super::token::Token;
use crate::model::{Map, Request, Secret, Time};
use crate::provider::answer::Reading;
use crate::provider::connection::Connection;
use crate::provider::descriptor::Provider;
use crate::provider::operation::Operation;

/// One call of a token exchange.
#[derive(Debug, Clone)]
pub struct LoginStep {
    /// The operation, an internal one of the provider.
    pub operation: Arc<Operation>,
}

/// The calls that turn these credentials into a token; empty where they need none.
#[must_use]
pub fn login_chain(provider: &Provider, credentials: &Resolved) -> Vec<LoginStep> {
    let _ = (provider, credentials);
    Vec::new()
}

/// The request of one step, with what the steps before it brought.
///
/// # Errors
/// What stands in the way; never a credential's value.
pub fn login_request(
    step: &LoginStep,
    connection: &Connection,
    settings: &Map,
    credentials: &Resolved,
    values: &BTreeMap<String, Secret>,
    at: Time,
    random: u128,
) -> Result<Request, String> {
    let _ = (step, connection, settings, credentials, values, at, random);
    Err(String::new())
}

/// The token so far, from a step's answer and what the steps before it brought.
///
/// # Errors
/// Why the answer brings none; the reading tells whether to try again.
pub fn token_from(
    step: &LoginStep,
    reading: &Reading,
    values: BTreeMap<String, Secret>,
    at: Time,
) -> Result<Token, String> {
    let _ = (step, reading, at);
    Ok(Token { values, ..Token::default() })
}
