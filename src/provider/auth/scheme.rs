//! The schemes: how a request shows who sends it.

use std::time::Duration;

use super::attempt::Attempt;
use super::login::Login;
use super::tc3::Tc3;
use super::token::Expiry;
use super::{basic, bearer, header, open};
use crate::model::words;
use crate::provider::expression::Expression;
use crate::yaml::Fields;

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

/// A scheme, with what a provider file says of it.
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
    /// One of [`OpenScheme`](super::OpenScheme), as the connection says.
    OfConnection,
}

impl Scheme {
    /// Reads `scheme` and the keys that go with it. What is wrong is reported.
    pub(crate) fn read(fields: &mut Fields<'_, '_>) -> Option<Self> {
        fields.required("scheme");
        Some(match fields.choice("scheme")? {
            SchemeWord::None => Self::None,
            SchemeWord::Bearer => Self::Bearer,
            SchemeWord::Basic => Self::Basic,
            SchemeWord::Header => Self::Header,
            SchemeWord::OauthApp => Self::OauthApp,
            SchemeWord::Login => Self::Login,
            SchemeWord::Tc3 => Self::Tc3(Tc3::read(fields)?),
            SchemeWord::OfConnection => Self::OfConnection,
        })
    }

    /// Adds to an attempt what shows who sends it. The token exchanges show theirs by declared headers.
    pub(super) fn show(&self, attempt: &mut Attempt<'_>) -> Result<(), String> {
        match self {
            Self::None | Self::OauthApp | Self::Login => Ok(()),
            Self::Bearer => bearer::show(attempt),
            Self::Basic => basic::show(attempt),
            Self::Header => header::show(attempt),
            Self::Tc3(tc3) => tc3.show(attempt),
            Self::OfConnection => open::show(attempt),
        }
    }

    /// Whether the connection says the scheme, under `auth` in the settings.
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

/// How a provider's calls are authenticated.
#[derive(Debug, Clone)]
pub struct Auth {
    /// The scheme.
    pub scheme: Scheme,
    /// Headers that carry what the scheme brings.
    pub(crate) headers: Vec<(String, Expression)>,
    /// Token exchanges, by the credentials they need.
    pub(crate) logins: Vec<Login>,
    /// Which value tells when a token runs out.
    pub(crate) expiry: Option<Expiry>,
    /// How long ahead of its end a token is fetched anew.
    pub(crate) refresh_ahead: Duration,
}

impl Auth {
    /// No authentication.
    #[must_use]
    pub fn none() -> Self {
        Self {
            scheme: Scheme::None,
            headers: Vec::new(),
            logins: Vec::new(),
            expiry: None,
            refresh_ahead: Duration::ZERO,
        }
    }
}
