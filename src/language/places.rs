//! Where each map of the language may stand, and the search for a key by its name or path.

use std::sync::LazyLock;

use super::shape::{Key, KeyMap, Shape};
use super::{operation, playbook, provider, settings, test_file};

/// A kind of file of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LanguageFile {
    /// A playbook.
    Playbook,
    /// `runsheet.yaml`.
    Settings,
    /// A test file.
    Test,
    /// `provider.yaml`.
    Provider,
    /// The file of an operation.
    Operation,
}

impl LanguageFile {
    /// Every kind of file.
    pub const ALL: [Self; 5] = [Self::Playbook, Self::Settings, Self::Test, Self::Provider, Self::Operation];

    /// How messages call such a file.
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Self::Playbook => "a playbook",
            Self::Settings => "`runsheet.yaml`",
            Self::Test => "a test file",
            Self::Provider => "`provider.yaml`",
            Self::Operation => "an operation's file",
        }
    }

    /// The map that the whole file is.
    #[must_use]
    pub fn root(self) -> &'static KeyMap {
        match self {
            Self::Playbook => &playbook::PLAYBOOK,
            Self::Settings => &settings::SETTINGS,
            Self::Test => &test_file::TEST_FILE,
            Self::Provider => &provider::PROVIDER,
            Self::Operation => &operation::OPERATION,
        }
    }
}

/// A place where a map of the language may stand.
#[derive(Debug, Clone)]
pub struct Place {
    /// The file.
    pub file: LanguageFile,
    /// The keys from the top of the file to the map; `COLUMN` and the like stand for names of the author's own, `-` for
    /// an element of a list. Empty for the file itself.
    pub path: Vec<&'static str>,
    /// The map.
    pub map: &'static KeyMap,
}

impl Place {
    /// The path as it is written: `rows.columns.COLUMN`; elements of lists are left out.
    #[must_use]
    pub fn dotted(&self) -> String {
        self.path.iter().filter(|part| **part != "-").copied().collect::<Vec<_>>().join(".")
    }

    /// The key that holds the map, or the list or map of such maps: `lists` for `rows.lists.LIST`. Empty for a file.
    #[must_use]
    pub fn own_key(&self) -> &'static str {
        self.path.iter().rev().find(|part| **part != "-" && !is_placeholder(part)).copied().unwrap_or_default()
    }
}

/// Every place of every map, file by file, each map before those inside it. A map inside itself is entered once.
#[must_use]
pub fn every_place() -> &'static [Place] {
    static PLACES: LazyLock<Vec<Place>> = LazyLock::new(|| {
        let mut found = Vec::new();
        for file in LanguageFile::ALL {
            enter(file, file.root(), &mut Vec::new(), &mut Vec::new(), &mut found);
        }
        found
    });
    &PLACES
}

fn enter(
    file: LanguageFile,
    map: &'static KeyMap,
    path: &mut Vec<&'static str>,
    above: &mut Vec<&'static str>,
    found: &mut Vec<Place>,
) {
    if above.contains(&map.name) {
        return;
    }
    found.push(Place { file, path: path.clone(), map });
    above.push(map.name);
    for key in map.keys {
        path.push(key.name);
        walk(file, &key.shape, path, above, found);
        path.pop();
    }
    above.pop();
}

fn walk(
    file: LanguageFile,
    shape: &'static Shape,
    path: &mut Vec<&'static str>,
    above: &mut Vec<&'static str>,
    found: &mut Vec<Place>,
) {
    if let Shape::Map(map) = shape {
        enter(file, map, path, above, found);
    }
    let part = if let Shape::Each(each) = shape {
        Some(each.name)
    } else {
        matches!(shape, Shape::List { .. }).then_some("-")
    };
    path.extend(part);
    shape.inside().iter().for_each(|shape| walk(file, shape, path, above, found));
    if part.is_some() {
        path.pop();
    }
}

/// A key, and a place of its map.
#[derive(Debug, Clone)]
pub struct FoundKey {
    /// The place of the map that has the key.
    pub place: &'static Place,
    /// The key.
    pub key: &'static Key,
}

impl FoundKey {
    /// The path of the key as it is written: `rows.lists`.
    #[must_use]
    pub fn dotted(&self) -> String {
        let above = self.place.dotted();
        if above.is_empty() { self.key.name.to_owned() } else { format!("{above}.{}", self.key.name) }
    }
}

/// The keys that a name or the end of a path means: `lists`, `rows.columns.format`. Names of the author's own may be
/// left out of a path, or stand in it.
#[must_use]
pub fn keys_called(path: &str) -> Vec<FoundKey> {
    let exact = ending_with(path, false);
    if exact.is_empty() { ending_with(path, true) } else { exact }
}

/// The keys whose paths end as asked; `names` is whether parts may be names of the author's own.
fn ending_with(path: &str, names: bool) -> Vec<FoundKey> {
    let asked: Vec<&str> = path.split('.').collect();
    let Some((name, above)) = asked.split_last() else { return Vec::new() };
    let mut found = Vec::new();
    for place in every_place() {
        let Some(key) = place.map.key(name) else { continue };
        let path: Vec<&str> = place.path.iter().filter(|part| **part != "-").copied().collect();
        if ends_with(&path, above, names) {
            found.push(FoundKey { place, key });
        }
    }
    found
}

/// Whether a path ends with the parts that were asked for.
fn ends_with(path: &[&str], asked: &[&str], names: bool) -> bool {
    let (Some((asked_last, asked_above)), path) = (asked.split_last(), path.split_last()) else { return true };
    match path {
        None => false,
        Some((part, above)) if is_placeholder(part) => {
            ends_with(above, asked, names) || (names && !is_key(asked_last) && ends_with(above, asked_above, names))
        }
        Some((part, above)) => part == asked_last && ends_with(above, asked_above, names),
    }
}

/// Whether a word is a key of the language somewhere.
fn is_key(word: &str) -> bool {
    every_place().iter().any(|place| place.map.key(word).is_some())
}

/// Whether a part of a path stands for a name of the author's own.
fn is_placeholder(part: &str) -> bool {
    part.len() > 1 && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}
