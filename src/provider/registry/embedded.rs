//! The provider files inside the binary.

use super::providers::ProviderFile;

/// Path and text of every file under `schemas/providers`.
const FILES: &[(&str, &str)] = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/providers.in"));

/// The files, as a registry reads them.
pub(crate) fn embedded() -> Vec<ProviderFile> {
    FILES.iter().map(|(path, text)| ProviderFile { path: (*path).to_owned(), text: (*text).to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_provider_file_is_embedded_as_it_is() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/providers");
        let mut found = BTreeMap::new();
        for folder in std::fs::read_dir(&root).unwrap() {
            for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
                let path = file.unwrap().path();
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
        let embedded: BTreeMap<String, String> = embedded().into_iter().map(|file| (file.path, file.text)).collect();
        let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&embedded), names(&found), "schemas/providers.in lists every file");
        assert_eq!(embedded, found);
    }
}
