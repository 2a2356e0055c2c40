//! The examples inside the binary: each a playbook of the folder `playbooks` with its tests and its lists.

use std::borrow::Cow;

/// An example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Example {
    /// Its name, which is that of its playbook without `.yaml`.
    pub(in crate::cli) name: &'static str,
    playbook: &'static str,
    tests: &'static str,
    lists: &'static [(&'static str, &'static [u8])],
}

/// An example from the files of `playbooks`: its name and its lists.
macro_rules! example {
    ($name:literal, $($list:literal),+) => {
        Example {
            name: $name,
            playbook: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/playbooks/", $name, ".yaml")),
            tests: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/playbooks/", $name, ".test.yaml")),
            lists: &[$(($list, include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/playbooks/", $list)))),+],
        }
    };
}

/// All examples, in the order in which they are listed.
pub(in crate::cli) const EXAMPLES: [Example; 8] = [
    example!("extend-deadlines", "extend-deadlines.csv"),
    example!("extend-signer-deadlines", "extend-signer-deadlines.csv"),
    example!("release-contracts", "release-contracts.csv"),
    example!("onboard-appointments", "appointments.csv", "customers.csv"),
    example!("close-appointments", "close-appointments.csv"),
    example!("approve-documents", "approve-documents.csv"),
    example!("return-documents", "return-documents.csv"),
    example!("return-approvals", "return-approvals.csv"),
];

impl Example {
    /// The sentence that the playbook says of itself.
    pub(in crate::cli) fn description(&self) -> &'static str {
        let said = self.playbook.lines().find_map(|line| line.strip_prefix("description: "));
        said.unwrap_or_default().trim()
    }

    /// The providers of its steps, each once.
    pub(super) fn providers(&self) -> Vec<&'static str> {
        let mut found = Vec::new();
        for line in self.playbook.lines() {
            let used = line.trim_start().trim_start_matches("- ").strip_prefix("uses: ");
            if let Some((provider, _)) = used.and_then(|operation| operation.split_once('.'))
                && !found.contains(&provider)
            {
                found.push(provider);
            }
        }
        found
    }

    /// The names of its files, the playbook first.
    pub(super) fn file_names(&self) -> Vec<String> {
        self.files().into_iter().map(|(name, _)| name).collect()
    }

    /// Its files with their names, the playbook first, as they are for the folder that they are written to.
    pub(super) fn files(&self) -> Vec<(String, Cow<'static, [u8]>)> {
        let yaml = |name: String, text: &str| (name, Cow::Owned(at_home(text).into_bytes()));
        let mut files = vec![
            yaml(format!("{}.yaml", self.name), self.playbook),
            yaml(format!("{}.test.yaml", self.name), self.tests),
        ];
        files.extend(self.lists.iter().map(|(name, bytes)| ((*name).to_owned(), Cow::Borrowed(*bytes))));
        files
    }
}

/// The text for a folder of its own: with the schemas beside it, and commands as they are typed in it.
fn at_home(text: &str) -> String {
    text.replacen("$schema=../schemas/", "$schema=schemas/", 1).replace(" playbooks/", " ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn the_examples_are_the_files_of_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks");
        let found: BTreeMap<String, Vec<u8>> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
            .collect();
        let mut embedded = BTreeMap::new();
        for example in &EXAMPLES {
            embedded.insert(format!("{}.yaml", example.name), example.playbook.as_bytes().to_vec());
            embedded.insert(format!("{}.test.yaml", example.name), example.tests.as_bytes().to_vec());
            embedded.extend(example.lists.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())));
        }
        assert_eq!(embedded.keys().collect::<Vec<_>>(), found.keys().collect::<Vec<_>>());
        assert!(embedded == found);
    }

    #[test]
    fn every_example_says_what_it_does_and_where_it_stands() {
        for example in &EXAMPLES {
            assert!(example.description().ends_with('.'), "{}", example.name);
            assert!(!example.providers().is_empty(), "{}", example.name);
            for (name, bytes) in example.files().iter().filter(|(name, _)| name.ends_with(".yaml")) {
                let text = std::str::from_utf8(bytes).unwrap();
                assert!(text.starts_with("# yaml-language-server: $schema=schemas/"), "{name}");
                assert!(!text.contains("playbooks/") && !text.contains("../"), "{name}: {text}");
            }
        }
    }
}
