//! All providers that a run knows.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::descriptor::Provider;
use super::operation::Operation;

/// One file of a provider: `<provider>/provider.yaml` or `<provider>/<operation>.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ProviderFile {
    /// The path below the providers' folder.
    pub path: String,
    /// The text.
    pub text: String,
}

/// Why `uses:` names no operation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LookupError {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// All providers that a run knows.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    files: Vec<ProviderFile>,
    providers: BTreeMap<String, Arc<Provider>>,
    operations: BTreeMap<String, Arc<Operation>>,
}

impl Registry {
    /// The providers inside the binary.
    #[must_use]
    pub fn builtin() -> &'static Arc<Self> {
        static BUILTIN: LazyLock<Arc<Registry>> = LazyLock::new(|| Arc::new(Registry::default()));
        &BUILTIN
    }

    /// The files it was read from, for freezing.
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

    /// The provider of that name.
    #[must_use]
    pub fn provider(&self, name: &str) -> Option<&Arc<Provider>> {
        self.providers.get(name)
    }

    /// The operation that `uses:` names, by its own or the vendor's name.
    ///
    /// # Errors
    /// An unknown name, with the nearest known one; a vendor's name of several operations, with all of them.
    pub fn operation(&self, uses: &str) -> Result<Arc<Operation>, LookupError> {
        let unknown = || LookupError { message: format!("There is no operation `{uses}`"), help: None };
        self.operations.get(uses).cloned().ok_or_else(unknown)
    }
}
