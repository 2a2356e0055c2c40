//! Adds what differs per attempt: base URL, fresh ids, token headers, signatures.

use std::collections::BTreeMap;

use super::basic;
use super::scheme::Scheme;
use super::tc3;
use super::token::Token;
use crate::model::{Map, Request, Secret, Time, Value, fresh_uuid};
use crate::provider::base_url::{check_base_url, join, origin};
use crate::provider::connection::Connection;
use crate::provider::names::Names;
use crate::provider::operation::Operation;
use crate::provider::percent::add_query;
use crate::provider::prepared::Prepared;
use crate::provider::request::checked_header;

/// Credentials as they were resolved for a run.
pub type Resolved = BTreeMap<String, Secret>;

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
    prepared: &Prepared,
    credentials: &Resolved,
    token: Option<&Token>,
    at: Time,
    random: impl FnOnce() -> u128,
) -> Result<Request, String> {
    let settings = operation.provider.settings_over(connection, settings);
    let provider = &operation.provider;
    let mut said = provider.attempt_query.iter().chain(&provider.auth.headers);
    let asked_for = said.any(|(_, expression)| expression.names_under("attempt"));
    let attempt = asked_for.then(|| attempt(at, random()));
    let names = Names {
        settings: Some(&settings),
        credentials: Some(credentials),
        token: token.map(|token| &token.values),
        attempt: attempt.as_ref(),
        ..Names::default()
    };
    let mut attempt = Attempt { operation, connection, names, at, request: start(operation, connection, prepared)? };
    attempt.add_query()?;
    attempt.add_connection_headers()?;
    if !operation.wiring.anonymous {
        attempt.authenticate()?;
    }
    Ok(attempt.request)
}

/// The names of what is fresh per attempt.
fn attempt(at: Time, random: u128) -> Map {
    Map::from_iter([
        ("uuid".to_owned(), Value::String(fresh_uuid(random))),
        ("unix".to_owned(), Value::from(at.as_secs())),
    ])
}

/// The request at its address.
fn start(operation: &Operation, connection: &Connection, prepared: &Prepared) -> Result<Request, String> {
    let base = connection.base_url.as_deref().or(operation.provider.base_url.as_deref());
    let url = match (base, origin(&prepared.path_and_query)) {
        (Some(base), None) => {
            check_base_url(base)?;
            join(base, &prepared.path_and_query)
        }
        (Some(base), Some(own)) if origin(base).as_ref() != Some(&own) => {
            return Err(format!("`{own}` is another host than that of the connection `{}`", connection.name));
        }
        (_, Some(_)) => {
            check_base_url(&prepared.path_and_query)?;
            prepared.path_and_query.clone()
        }
        (None, None) => {
            return Err(format!("The connection `{}` has no `base_url`: give it in the settings", connection.name));
        }
    };
    let (method, headers, body) = (prepared.method, prepared.headers.clone(), prepared.body.clone());
    Ok(Request { method, url, headers, body })
}

/// One attempt being made.
struct Attempt<'a> {
    operation: &'a Operation,
    connection: &'a Connection,
    names: Names<'a>,
    at: Time,
    request: Request,
}

impl Attempt<'_> {
    fn add_query(&mut self) -> Result<(), String> {
        for (name, expression) in &self.operation.provider.attempt_query {
            let value =
                expression.text(&self.names).map_err(|wrong| format!("The query parameter `{name}`: {wrong}"))?;
            add_query(&mut self.request.url, name, &value);
        }
        Ok(())
    }

    fn add_connection_headers(&mut self) -> Result<(), String> {
        for (name, value) in &self.connection.headers {
            if !self.request.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
                self.push(name, value.clone())?;
            }
        }
        Ok(())
    }

    fn authenticate(&mut self) -> Result<(), String> {
        let auth = &self.operation.provider.auth;
        let open = matches!(auth.scheme, Scheme::OfConnection);
        let scheme = if open { self.connection.scheme.as_deref().unwrap_or("none") } else { auth.scheme.as_str() };
        if open && scheme != "none" && self.connection.base_url.is_none() {
            let name = &self.connection.name;
            return Err(format!(
                "The connection `{name}` has credentials but no `base_url` to bind them to: give it one"
            ));
        }
        match scheme {
            "bearer" if auth.headers.is_empty() => self.bearer()?,
            "basic" => self.basic()?,
            "header" if auth.headers.is_empty() => self.key()?,
            "none" | "bearer" | "header" | "oauth_app" | "login" => {}
            "tc3" => self.sign()?,
            other => return Err(format!("`{other}` is no scheme that a connection can say")),
        }
        for (name, expression) in &auth.headers {
            let value = expression.text(&self.names).map_err(|wrong| format!("The header `{name}`: {wrong}"))?;
            self.push(name, value)?;
        }
        Ok(())
    }

    fn bearer(&mut self) -> Result<(), String> {
        let token = match self.names.token.and_then(|token| token.get("access_token")) {
            Some(token) => token.expose().to_owned(),
            None => self.credential("token")?.to_owned(),
        };
        self.push("Authorization", format!("Bearer {token}"))
    }

    fn basic(&mut self) -> Result<(), String> {
        let value = basic::value(self.credential("user")?, self.credential("password")?)?;
        self.push("Authorization", value)
    }

    /// A key in a header that the setting `header` names.
    fn key(&mut self) -> Result<(), String> {
        let header = self.names.settings.and_then(|settings| settings.get("header")).and_then(Value::as_str);
        let header = header.unwrap_or("Authorization").to_owned();
        let value = self.credential("value")?.to_owned();
        self.push(&header, value)
    }

    fn sign(&mut self) -> Result<(), String> {
        let Scheme::Tc3(tc3) = &self.operation.provider.auth.scheme else { return Ok(()) };
        let credentials = tc3::Credentials {
            secret_id: self.credential("secret_id")?,
            secret_key: self.credential("secret_key")?,
            token: self.names.credentials.and_then(|known| known.get("token")).map(Secret::expose),
        };
        let headers = tc3.headers(&self.operation.vendor_name, &credentials, &self.request, self.at)?;
        headers.into_iter().try_for_each(|(name, value)| self.push(name, value))
    }

    /// A credential that is there, not empty, and without blanks around it.
    fn credential(&self, name: &str) -> Result<&str, String> {
        let found = self.names.credentials.and_then(|known| known.get(name)).map(Secret::expose).unwrap_or_default();
        let connection = &self.connection.name;
        if found.is_empty() {
            return Err(format!("The connection `{connection}` lacks the credential `{name}`"));
        }
        if found.trim() != found {
            return Err(format!("The credential `{name}` of the connection `{connection}` has blanks around it"));
        }
        Ok(found)
    }

    fn push(&mut self, name: &str, value: String) -> Result<(), String> {
        let value = checked_header(name, value)?;
        self.request.headers.push((name.to_owned(), value));
        Ok(())
    }
}
