//! Provider files: read with messages about their own lines; what reads without one holds its examples or says why.

use std::str;

use runsheet::internals::diagnostic::Diagnostics;
use runsheet::internals::provider::{ProviderFile, Registry};

use super::parts::parts;

pub(crate) fn holds(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let files: Vec<ProviderFile> = parts(text, "provider.yaml")
        .into_iter()
        .map(|(name, text)| ProviderFile { path: format!("acme/{name}"), text })
        .collect();
    for file in &files {
        super::tree::is_sound(&file.path, &file.text);
    }
    let mut told = Diagnostics::default();
    let registry = Registry::from_files(files.clone(), &mut told);
    assert_eq!(registry.is_none(), told.has_errors());
    let texts: Vec<(&str, &str)> = files.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect();
    super::messages::are_sound(&told, &texts);
    let mut again = Diagnostics::default();
    Registry::from_files(files, &mut again);
    assert_eq!(told.to_json(), again.to_json());
    for operation in registry.iter().flat_map(|registry| registry.operations().chain(registry.internal_operations())) {
        assert!(registry.as_ref().is_some_and(|known| known.provider(&operation.provider.name).is_some()));
        assert!(operation.example_failures().iter().all(|failure| !failure.is_empty()));
    }
}
