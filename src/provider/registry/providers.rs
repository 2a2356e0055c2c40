//! All providers that a run knows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::near_miss;
use crate::provider::descriptor::{Operation, Provider};

/// One file of a provider: `<provider>/provider.yaml` or `<provider>/<operation>.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ProviderFile {
    /// The path below the providers' folder.
    pub path: String,
    /// The text.
    pub text: String,
}

/// Why `uses:` does not name one operation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct UsesError {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// All providers that a run knows.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    pub(super) files: Vec<ProviderFile>,
    pub(super) providers: BTreeMap<String, Arc<Provider>>,
    /// By `provider.operation`.
    pub(super) operations: BTreeMap<String, Arc<Operation>>,
    /// Providers whose `provider.yaml` is a user's own; empty for the registry of a frozen run.
    pub(super) own: BTreeSet<String>,
}

impl Registry {
    /// Returns the files it was read from, to be frozen with a run.
    #[must_use]
    pub fn files(&self) -> &[ProviderFile] {
        &self.files
    }

    /// Every provider, by name.
    pub fn providers(&self) -> impl Iterator<Item = &Arc<Provider>> {
        self.providers.values()
    }

    /// Every operation for `uses:`, by `provider.operation`.
    pub fn operations(&self) -> impl Iterator<Item = &Arc<Operation>> {
        self.operations.values().filter(|operation| !operation.internal)
    }

    /// The operations that serve the providers themselves.
    pub fn internal_operations(&self) -> impl Iterator<Item = &Arc<Operation>> {
        self.operations.values().filter(|operation| operation.internal)
    }

    /// Returns the provider of that name.
    #[must_use]
    pub fn provider(&self, name: &str) -> Option<&Arc<Provider>> {
        self.providers.get(name)
    }

    /// Whether the provider of that name is described by a user's own file, which is not trusted with credentials.
    #[must_use]
    pub fn is_own(&self, name: &str) -> bool {
        self.own.contains(name)
    }

    /// Returns the operation that `uses:` names, by its own or the vendor's name.
    ///
    /// # Errors
    /// The name is unknown (with the nearest known one), or is the vendor's name of several operations (with all of
    /// them).
    pub fn operation(&self, uses: &str) -> Result<Arc<Operation>, UsesError> {
        let uses = uses.trim();
        if let Some(operation) = self.operations.get(uses).filter(|operation| !operation.internal) {
            return Ok(Arc::clone(operation));
        }
        let Some((provider, name)) = uses.split_once('.') else { return Err(self.no_provider(uses)) };
        if !self.providers.contains_key(provider) {
            return Err(self.unknown_provider(provider));
        }
        let named: Vec<_> = self.of(provider).filter(|operation| operation.vendor_name == name).collect();
        match named.as_slice() {
            [] => Err(self.unknown_operation(provider, name)),
            [one] => Ok(Arc::clone(one)),
            several => Err(ambiguous(uses, several)),
        }
    }

    /// Returns an operation of a provider by its own name, internal ones included.
    #[must_use]
    pub fn operation_of(&self, provider: &str, name: &str) -> Option<&Arc<Operation>> {
        self.operations.get(&format!("{provider}.{name}"))
    }

    fn of<'a>(&'a self, provider: &'a str) -> impl Iterator<Item = &'a Arc<Operation>> {
        self.operations().filter(move |operation| operation.provider.name == provider)
    }

    fn no_provider(&self, uses: &str) -> UsesError {
        let homes = self.operations().filter(|operation| operation.name == uses || operation.vendor_name == uses);
        let homes: Vec<String> = homes.map(|operation| format!("`{}`", operation.full_name())).collect();
        let help = match homes.as_slice() {
            [] => "Write `provider.operation`; `runsheet operations` lists them.".to_owned(),
            homes => format!("Did you mean {}?", homes.join(" or ")),
        };
        UsesError { message: format!("`{uses}` does not say whose operation it is"), help: Some(help) }
    }

    fn unknown_provider(&self, provider: &str) -> UsesError {
        let known: Vec<&str> = self.providers.keys().map(String::as_str).collect();
        let help = match near_miss(provider, known.iter().copied()) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!("The providers are {}.", listed(known.into_iter())),
        };
        UsesError { message: format!("There is no provider `{provider}`"), help: Some(help) }
    }

    fn unknown_operation(&self, provider: &str, name: &str) -> UsesError {
        let names =
            || self.of(provider).flat_map(|operation| [operation.name.as_str(), operation.vendor_name.as_str()]);
        let help = match near_miss(name, names()) {
            Some(near) => format!("Did you mean `{provider}.{near}`?"),
            None => format!("Its operations are {}.", listed(self.of(provider).map(|one| one.name.as_str()))),
        };
        UsesError { message: format!("`{provider}` has no operation `{name}`"), help: Some(help) }
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn ambiguous(uses: &str, several: &[&Arc<Operation>]) -> UsesError {
    let names: Vec<String> = several.iter().map(|operation| format!("`{}`", operation.full_name())).collect();
    UsesError {
        message: format!("`{uses}` is the vendor's name of {} operations: {}", names.len(), names.join(" and ")),
        help: Some("Write the one that you want.".to_owned()),
    }
}
