//! What a connection must not let through from its vendor: its credentials, and the tokens that it got for them.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::{CredentialRedactor, Secret};
use crate::provider::LoginStep;
use crate::provider::Provider;
use crate::provider::auth::{Resolved, Token};

/// Tokens that are kept in mind: a late answer may still echo an earlier one.
const TOKENS: usize = 8;

/// The secrets of one connection.
pub(super) struct Secrets {
    credentials: Vec<Secret>,
    /// Names of what the token exchange brings that opens anything.
    opening: BTreeSet<String>,
    now: Mutex<(VecDeque<Vec<Secret>>, Arc<CredentialRedactor>)>,
}

impl Secrets {
    pub(super) fn of(provider: &Provider, credentials: &Resolved, login: &[LoginStep]) -> Self {
        let public = |name: &String| provider.credentials.iter().any(|decl| decl.name == *name && decl.public);
        let secrets = credentials.iter().filter(|(name, _)| !public(name));
        let credentials: Vec<Secret> = secrets.map(|(_, secret)| secret.clone()).collect();
        let outputs = login.iter().flat_map(|step| &step.operation.outputs).filter(|output| output.sensitive);
        let opening = outputs.map(|output| output.name.clone()).chain(["access_token".to_owned()]).collect();
        let blackout = Arc::new(CredentialRedactor::of(&credentials));
        Self { credentials, opening, now: Mutex::new((VecDeque::new(), blackout)) }
    }

    /// What finds them in an answer.
    pub(super) fn blackout(&self) -> Arc<CredentialRedactor> {
        Arc::clone(&self.now.lock().unwrap_or_else(PoisonError::into_inner).1)
    }

    /// Takes in what an exchange brought, also where it did not come to its end.
    pub(super) fn learn(&self, token: &Token) {
        let opening = token.values.iter().filter(|(name, _)| self.opening.contains(*name));
        let values: Vec<Secret> = opening.map(|(_, secret)| secret.clone()).collect();
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        now.0.push_back(values);
        if now.0.len() > TOKENS {
            now.0.pop_front();
        }
        let blackout = CredentialRedactor::of(self.credentials.iter().chain(now.0.iter().flatten()));
        now.1 = Arc::new(blackout);
    }
}
