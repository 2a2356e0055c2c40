//! The authentication schemes.

use serde::{Deserialize, Serialize};

use crate::language::documents;
use crate::language::provider::SCHEMES;
use crate::language::settings::CONNECTION_SCHEMES;
use crate::model::words;

words! {
    /// The words for the schemes in provider files.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) enum SchemeWord {
        None = "none",
        Bearer = "bearer",
        Basic = "basic",
        Header = "header",
        OauthApp = "oauth_app",
        Login = "login",
        Tc3 = "tc3",
        OfConnection = "connection",
    }
}

documents!(SCHEMES, SchemeWord);

/// A scheme with its parameters.
#[derive(Debug, Clone)]
pub enum Scheme {
    /// Nothing is added.
    None,
    /// A token in `Authorization: Bearer`, given or fetched.
    Bearer,
    /// User and password.
    Basic,
    /// A key in a header.
    Header,
    /// A token for an app's id and secret.
    OauthApp,
    /// A token for a user's name and password.
    Login,
    /// TC3-HMAC-SHA256 over the exact bytes.
    Tc3(Tc3),
    /// The [`ConnectionScheme`] that the connection names.
    OfConnection,
}

impl Scheme {
    /// The credentials that it takes from the connection; empty where logins or the connection itself name them.
    #[must_use]
    pub(crate) fn credentials(&self) -> &'static [&'static str] {
        match self {
            Self::None | Self::OauthApp | Self::Login | Self::OfConnection => &[],
            Self::Bearer => ConnectionScheme::Bearer.credentials(),
            Self::Basic => ConnectionScheme::Basic.credentials(),
            Self::Header => ConnectionScheme::Header.credentials(),
            Self::Tc3(_) => &["secret_id", "secret_key"],
        }
    }

    /// Whether the connection chooses the scheme, under `auth` in the settings.
    #[must_use]
    pub fn is_of_connection(&self) -> bool {
        match self {
            Self::OfConnection => true,
            Self::None | Self::Bearer | Self::Basic | Self::Header | Self::OauthApp | Self::Login | Self::Tc3(_) => {
                false
            }
        }
    }
}

words! {
    /// A scheme that a connection can choose.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum ConnectionScheme {
        /// Nothing is added.
        #[default]
        None = "none",
        /// A token in `Authorization: Bearer`.
        Bearer = "bearer",
        /// User and password.
        Basic = "basic",
        /// A key in a header.
        Header = "header",
    }
}

documents!(CONNECTION_SCHEMES, ConnectionScheme);

impl ConnectionScheme {
    /// The credentials that the connection must give.
    #[must_use]
    pub fn credentials(self) -> &'static [&'static str] {
        match self {
            Self::None => &[],
            Self::Bearer => &["token"],
            Self::Basic => &["user", "password"],
            Self::Header => &["value"],
        }
    }

    /// The setting that the connection must also give; `None` if there is none.
    #[must_use]
    pub fn setting(self) -> Option<&'static str> {
        match self {
            Self::None | Self::Bearer | Self::Basic => None,
            Self::Header => Some("header"),
        }
    }
}

/// The parameters of the scheme, from a provider file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tc3 {
    /// The product's name in the scope, independent of the host.
    pub service: String,
    /// The product's API version.
    pub version: String,
}

/// Which value of a token exchange shows when the token expires.
#[derive(Debug, Clone)]
pub(crate) enum Expiry {
    /// Seconds from now.
    Seconds(String),
    /// A date. No document shows its form, so common forms are tried.
    At(String),
    /// The `exp` of a JWT, read without verification.
    Jwt(String),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{assert_read, assert_serialized};

    #[test]
    fn settings_and_plans_have_the_same_words() {
        assert_read(ConnectionScheme::named);
        assert_serialized::<ConnectionScheme>();
    }
}
