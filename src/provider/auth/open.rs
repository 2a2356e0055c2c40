//! `connection`: the provider leaves the scheme to the connection, whose settings say one of a few.

use serde::{Deserialize, Serialize};

use super::attempt::Attempt;
use super::scheme::Scheme;
use crate::model::words;

words! {
    /// A scheme that a connection can say.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum OpenScheme {
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

impl OpenScheme {
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

    /// The setting that the connection must give as well.
    #[must_use]
    pub fn setting(self) -> Option<&'static str> {
        match self {
            Self::None | Self::Bearer | Self::Basic => None,
            Self::Header => Some("header"),
        }
    }

    fn scheme(self) -> Scheme {
        match self {
            Self::None => Scheme::None,
            Self::Bearer => Scheme::Bearer,
            Self::Basic => Scheme::Basic,
            Self::Header => Scheme::Header,
        }
    }
}

/// Adds what the connection's scheme shows. Credentials go only to an address to which the connection binds them.
pub(super) fn show(attempt: &mut Attempt<'_>) -> Result<(), String> {
    let said = attempt.connection.scheme.unwrap_or_default();
    if said != OpenScheme::None && attempt.connection.base_url.is_none() {
        let name = &attempt.connection.name;
        return Err(format!("The connection `{name}` has credentials but no `base_url` to bind them to: give it one"));
    }
    said.scheme().show(attempt)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{assert_read, assert_serialized};

    #[test]
    fn settings_and_plans_have_the_same_words() {
        assert_read(OpenScheme::named);
        assert_serialized::<OpenScheme>();
    }
}
