//! The secrets that must be masked in the answers of a connection: its credentials and its tokens.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::{CredentialRedactor, Secret};
use crate::provider::LoginStep;
use crate::provider::Provider;
use crate::provider::auth::{ResolvedCredentials, Token};

/// The number of latest tokens that are masked: a late answer may still echo an earlier one.
const MAX_TOKENS: usize = 8;

/// The secrets of one connection.
pub(super) struct Secrets {
    credentials: Vec<Secret>,
    /// The names of login outputs that are secret.
    secret_outputs: BTreeSet<String>,
    now: Mutex<(VecDeque<Vec<Secret>>, Arc<CredentialRedactor>)>,
}

impl Secrets {
    pub(super) fn of(provider: &Provider, credentials: &ResolvedCredentials, login: &[LoginStep]) -> Self {
        let public = |name: &String| provider.credentials.iter().any(|decl| decl.name == *name && decl.public);
        let secrets = credentials.iter().filter(|(name, _)| !public(name));
        let credentials: Vec<Secret> = secrets.map(|(_, secret)| secret.clone()).collect();
        let outputs = login.iter().flat_map(|step| &step.operation.outputs).filter(|output| output.sensitive);
        let secret_outputs = outputs.map(|output| output.name.clone()).chain(["access_token".to_owned()]).collect();
        let redactor = Arc::new(CredentialRedactor::of(&credentials));
        Self { credentials, secret_outputs, now: Mutex::new((VecDeque::new(), redactor)) }
    }

    /// Masks all secrets in an answer.
    pub(super) fn redactor(&self) -> Arc<CredentialRedactor> {
        Arc::clone(&self.now.lock().unwrap_or_else(PoisonError::into_inner).1)
    }

    /// Adds the secrets that a login step returned, even if the whole login failed later.
    pub(super) fn learn(&self, token: &Token) {
        let opening = token.values.iter().filter(|(name, _)| self.secret_outputs.contains(*name));
        let values: Vec<Secret> = opening.map(|(_, secret)| secret.clone()).collect();
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        now.0.push_back(values);
        if now.0.len() > MAX_TOKENS {
            now.0.pop_front();
        }
        let redactor = CredentialRedactor::of(self.credentials.iter().chain(now.0.iter().flatten()));
        now.1 = Arc::new(redactor);
    }
}
