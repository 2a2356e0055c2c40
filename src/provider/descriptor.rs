//! A provider: a vendor as its file describes it.

use std::borrow::Cow;
use std::time::Duration;

use super::auth::Auth;
use super::expression::Expression;
use crate::model::{Limits, Map, Value};
use crate::provider::connection::Connection;
use crate::provider::quota::Quota;

/// A setting that a provider knows.
#[derive(Debug, Clone)]
pub struct SettingDecl {
    /// Its name.
    pub name: String,
    /// Whether every call needs it, from the connection or the step.
    pub required: bool,
    /// What stands in for it.
    pub default: Option<Value>,
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
    /// Whether it only names the account: rows and answers may hold it too, and it stays in answers.
    pub public: bool,
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
    /// What a person should know, where its documentation stands.
    #[cfg_attr(not(any(test, feature = "internals")), allow(dead_code))]
    pub description: Option<String>,
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
    /// How many calls a day it takes over all its operations; how many is a setting where no document says it.
    pub quota: Option<Quota>,
    /// How long a call may take, unless the settings say otherwise.
    pub timeout: Option<Duration>,
    /// Headers of every call; a null one is left out.
    pub(crate) headers: Vec<(String, Expression)>,
    /// Query parameters made anew for every attempt.
    pub(crate) attempt_query: Vec<(String, Expression)>,
}

impl Provider {
    /// A step's settings over its connection's, and the provider's defaults under both. A null of the step brings back
    /// neither.
    #[must_use]
    pub fn settings_over<'a>(&self, connection: &'a Connection, step: &'a Map) -> Cow<'a, Map> {
        // A step's settings that were laid over the connection's already are the whole.
        let whole = connection.settings.keys().all(|name| step.contains_key(name));
        let mut all = Cow::Borrowed(if whole { step } else { &connection.settings });
        for (name, value) in step.iter().filter(|_| !whole) {
            all.to_mut().insert(name.clone(), value.clone());
        }
        for decl in &self.settings {
            if let Some(default) = decl.default.as_ref().filter(|_| !all.contains_key(&decl.name)) {
                all.to_mut().insert(decl.name.clone(), default.clone());
            }
        }
        all
    }

    /// The required settings that are missing among these.
    #[must_use]
    pub fn missing_settings(&self, settings: &Map) -> Vec<&str> {
        let given = |name: &str| settings.get(name).is_some_and(|value| !value.is_null());
        let missing = self.settings.iter().filter(|decl| decl.required && decl.default.is_none() && !given(&decl.name));
        missing.map(|decl| decl.name.as_str()).collect()
    }

    /// The first set of credentials that is given whole.
    #[must_use]
    pub fn credential_set(&self, given: impl Fn(&str) -> bool) -> Option<&CredentialSet> {
        self.credential_sets.iter().find(|set| set.credentials.iter().all(|name| given(name)))
    }
}
