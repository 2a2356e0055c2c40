//! Where a credential is used, which limits its characters.

use crate::provider::descriptor::{Connection, ConnectionScheme, Provider, Scheme};

/// Where a credential is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialUse {
    /// In a body, in a signature, or encoded: any text is allowed.
    Anywhere,
    /// Unchanged in a header: printable ASCII only.
    InHeader,
    /// As the whole value of a header, which may be `name=value`, quoted, or JSON.
    WholeHeader,
}

/// Where the calls of a connection use a credential of its provider.
#[must_use]
pub fn credential_use(provider: &Provider, connection: &Connection, credential: &str) -> CredentialUse {
    let auth = &provider.auth;
    let is_it = |path: &&[String]| matches!(path, [root, name] if root == "credentials" && name == credential);
    if auth.headers.iter().any(|(_, expression)| expression.names().iter().any(is_it)) {
        return CredentialUse::InHeader;
    }
    match &auth.scheme {
        Scheme::Bearer if auth.headers.is_empty() => of_scheme(ConnectionScheme::Bearer, credential),
        Scheme::Header if auth.headers.is_empty() => of_scheme(ConnectionScheme::Header, credential),
        Scheme::OfConnection => of_scheme(connection.scheme.unwrap_or_default(), credential),
        Scheme::Tc3(_) if ["secret_id", "token"].contains(&credential) => CredentialUse::InHeader,
        Scheme::None
        | Scheme::Bearer
        | Scheme::Basic
        | Scheme::Header
        | Scheme::OauthApp
        | Scheme::Login
        | Scheme::Tc3(_) => CredentialUse::Anywhere,
    }
}

fn of_scheme(scheme: ConnectionScheme, credential: &str) -> CredentialUse {
    match (scheme, credential) {
        (ConnectionScheme::Bearer, "token") => CredentialUse::InHeader,
        (ConnectionScheme::Header, "value") => CredentialUse::WholeHeader,
        (ConnectionScheme::None | ConnectionScheme::Bearer | ConnectionScheme::Basic | ConnectionScheme::Header, _) => {
            CredentialUse::Anywhere
        }
    }
}
