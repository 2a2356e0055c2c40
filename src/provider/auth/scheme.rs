//! The schemes: how a request shows who sends it.

use std::time::Duration;

use super::login::Login;
use super::tc3::Tc3;
use super::token::Expiry;
use crate::provider::expression::Expression;

/// A scheme.
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
    /// One of `none`, `bearer`, `basic` and `header`, as the connection says.
    OfConnection,
}

impl Scheme {
    /// The scheme's word.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Bearer => "bearer",
            Self::Basic => "basic",
            Self::Header => "header",
            Self::OauthApp => "oauth_app",
            Self::Login => "login",
            Self::Tc3(_) => "tc3",
            Self::OfConnection => "connection",
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
