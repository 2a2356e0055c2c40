//! A provider: a vendor as its file describes it.

use std::time::Duration;

use super::auth::Auth;
use crate::model::Limits;

/// A setting that a provider knows.
#[derive(Debug, Clone)]
pub struct SettingDecl {
    /// Its name.
    pub name: String,
    /// Whether every call needs it.
    pub required: bool,
    /// What stands in for it.
    pub default: Option<crate::model::Value>,
    /// What it is, for people.
    pub description: String,
}

/// A credential that a provider knows.
#[derive(Debug, Clone)]
pub struct CredentialDecl {
    /// Its name.
    pub name: String,
    /// What it is, for people.
    pub description: String,
}

/// Credentials that together suffice, and the settings they need.
#[derive(Debug, Clone, Default)]
pub struct CredentialSet {
    /// The credentials.
    pub credentials: Vec<String>,
    /// The settings.
    pub settings: Vec<String>,
}

/// A vendor.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Its name, ahead of the dot in `uses:`.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Where it answers, unless the settings say otherwise.
    pub base_url: Option<String>,
    /// How calls are authenticated.
    pub auth: Auth,
    /// The settings it knows.
    pub settings: Vec<SettingDecl>,
    /// The credentials it knows.
    pub credentials: Vec<CredentialDecl>,
    /// The sets of credentials of which one is needed; the first whose credentials are all given is used.
    pub credential_sets: Vec<CredentialSet>,
    /// Limits of every operation, unless it has its own.
    pub limits: Limits,
    /// How long a call may take, unless the settings say otherwise.
    pub timeout: Option<Duration>,
}
