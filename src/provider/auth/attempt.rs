//! The request of one attempt, with what the schemes may read and add.

use crate::model::{Request, Secret, Time, add_query};
use crate::provider::descriptor::{Connection, Operation};
use crate::provider::expression::Names;
use crate::provider::request::{checked_header, is_of_transport};

/// The request of one attempt while it is authenticated.
pub(super) struct AttemptRequest<'a> {
    pub(super) operation: &'a Operation,
    pub(super) connection: &'a Connection,
    pub(super) names: Names<'a>,
    pub(super) at: Time,
    pub(super) request: Request,
}

impl AttemptRequest<'_> {
    pub(super) fn add_query(&mut self) -> Result<(), String> {
        for (name, expression) in &self.operation.provider.attempt_query {
            let value =
                expression.text(&self.names).map_err(|wrong| format!("The query parameter `{name}`: {wrong}"))?;
            add_query(&mut self.request.url, name, &value);
        }
        Ok(())
    }

    pub(super) fn add_connection_headers(&mut self) -> Result<(), String> {
        for (name, value) in &self.connection.headers {
            if !self.request.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
                self.give(name, value.clone())?;
            }
        }
        Ok(())
    }

    /// Adds the headers that the provider's file declares.
    pub(super) fn add_declared_headers(&mut self) -> Result<(), String> {
        for (name, expression) in &self.operation.provider.auth.headers {
            let value = expression.text(&self.names).map_err(|wrong| format!("The header `{name}`: {wrong}"))?;
            self.give(name, value)?;
        }
        Ok(())
    }

    /// Whether the provider's file declares the authenticating headers itself.
    pub(super) fn has_declared_headers(&self) -> bool {
        !self.operation.provider.auth.headers.is_empty()
    }

    /// A credential's value.
    ///
    /// # Errors
    /// A message, if it is missing or empty, or has blanks around it.
    pub(super) fn credential(&self, name: &str) -> Result<&str, String> {
        let found = self.optional_credential(name).unwrap_or_default();
        let connection = &self.connection.name;
        if found.is_empty() {
            return Err(format!("The connection `{connection}` lacks the credential `{name}`"));
        }
        if found.trim() != found {
            return Err(format!("The credential `{name}` of the connection `{connection}` has blanks around it"));
        }
        Ok(found)
    }

    /// A credential's value as it was resolved; `None` if the connection has no such credential.
    pub(super) fn optional_credential(&self, name: &str) -> Option<&str> {
        self.names.credentials.and_then(|known| known.get(name)).map(Secret::expose)
    }

    /// Adds a header whose name comes from a file.
    ///
    /// # Errors
    /// A message, if only the transport may set it, or if its value would not arrive unchanged.
    pub(super) fn give(&mut self, name: &str, value: String) -> Result<(), String> {
        if is_of_transport(name) {
            return Err(format!("The header `{name}` is set by the transport and cannot be given"));
        }
        self.push(name, value)
    }

    pub(super) fn push(&mut self, name: &str, value: String) -> Result<(), String> {
        let value = checked_header(name, value)?;
        self.request.headers.push((name.to_owned(), value));
        Ok(())
    }
}
