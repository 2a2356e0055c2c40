//! Adds what differs per attempt: token headers, signatures, fresh ids.

use std::collections::BTreeMap;

use super::token::Token;
use crate::model::{Map, Request, Secret, Time};
use crate::provider::connection::Connection;
use crate::provider::operation::Operation;
use crate::provider::prepared::Prepared;

/// Credentials as they were resolved for a run.
pub type Resolved = BTreeMap<String, Secret>;

/// The schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Nothing is added.
    None,
    /// A token in `Authorization: Bearer`.
    Bearer,
    /// User and password.
    Basic,
    /// A key in a header.
    Header,
    /// A token for an app's id and secret.
    OauthApp,
    /// A token for a user's name and password.
    Login,
    /// TC3-HMAC-SHA256.
    Tc3,
}

/// How a provider's calls are authenticated.
#[derive(Debug, Clone)]
pub struct Auth {
    /// The scheme.
    pub scheme: Scheme,
}

/// The request of one attempt: base URL, token, signature and fresh ids added.
///
/// # Errors
/// What is missing; never a credential's value.
#[allow(clippy::too_many_arguments)]
pub fn authorize(
    operation: &Operation,
    connection: &Connection,
    settings: &Map,
    prepared: &Prepared,
    credentials: &Resolved,
    token: Option<&Token>,
    at: Time,
    random: u128,
) -> Result<Request, String> {
    let _ = (operation, connection, settings, prepared, credentials, token, at, random);
    Err(String::new())
}
