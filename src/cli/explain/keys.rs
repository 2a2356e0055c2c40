//! Explains a key of the files that people write, or a map of keys.

use serde_json::json;

use crate::diagnostic::{padded, widest};
use crate::language::{FoundKey, Key, KeyDefault, KeyMap, LanguageFile, Place, every_place, in_words, keys_called};
use crate::model::Value;

/// A key or a map of the language, with the places where it stands.
pub(super) enum LanguageEntry {
    /// A key of one map.
    Key {
        /// The map.
        map: &'static KeyMap,
        /// The key.
        key: &'static Key,
        /// Where it stands: `rows.lists` of a playbook.
        stands: Vec<String>,
    },
    /// A map of keys.
    Map {
        /// The map.
        map: &'static KeyMap,
        /// Where it stands.
        stands: Vec<String>,
    },
}

/// Every key and map that a name or path means: `lists`, `rows.columns.format`, `column`.
pub(super) fn entries_called(asked: &str) -> Vec<LanguageEntry> {
    let mut found = Vec::new();
    for place in every_place().iter().filter(|place| place.map.name == asked) {
        add_map(place, &mut found);
    }
    for one in keys_called(asked) {
        add_key(one, &mut found);
    }
    found
}

fn add_map(place: &Place, found: &mut Vec<LanguageEntry>) {
    let same = found.iter_mut().find_map(|entry| match entry {
        LanguageEntry::Map { map, stands } if map.name == place.map.name => Some(stands),
        LanguageEntry::Map { .. } | LanguageEntry::Key { .. } => None,
    });
    match same {
        Some(stands) => stands.push(place_in_words(place)),
        None => found.push(LanguageEntry::Map { map: place.map, stands: vec![place_in_words(place)] }),
    }
}

fn add_key(one: FoundKey, found: &mut Vec<LanguageEntry>) {
    let place = format!("`{}` of {}", one.dotted(), one.place.file.what());
    let same = found.iter_mut().find_map(|entry| match entry {
        LanguageEntry::Key { map, key, stands } if map.name == one.place.map.name && key.name == one.key.name => {
            Some(stands)
        }
        LanguageEntry::Key { .. } | LanguageEntry::Map { .. } => None,
    });
    match same {
        Some(stands) => stands.push(place),
        None => found.push(LanguageEntry::Key { map: one.place.map, key: one.key, stands: vec![place] }),
    }
}

fn place_in_words(place: &Place) -> String {
    let path = place.dotted();
    if path.is_empty() { place.file.what().to_owned() } else { format!("`{path}` of {}", place.file.what()) }
}

/// Every map of the language, then every key of every map, each once.
pub(super) fn every_entry() -> Vec<LanguageEntry> {
    let mut found = Vec::new();
    for place in every_place() {
        add_map(place, &mut found);
    }
    for place in every_place() {
        for key in place.map.keys {
            add_key(FoundKey { place, key }, &mut found);
        }
    }
    found
}

/// The names of all maps and keys, for hints and completions.
pub(crate) fn names() -> Vec<&'static str> {
    let mut names: Vec<&'static str> = Vec::new();
    for place in every_place() {
        names.push(place.map.name);
        names.extend(place.map.keys.iter().map(|key| key.name));
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// The kinds of files and the commands that explain them, for the list of everything.
pub(super) fn list() -> String {
    let mut text = "a key of a file that you write\n".to_owned();
    for file in LanguageFile::ALL {
        let map = file.root();
        text.push_str(&format!("  {:9}  the keys of {}: runsheet explain {}\n", map.name, file.what(), map.name));
    }
    text
}

/// An entry as text.
pub(super) fn text(entry: &LanguageEntry) -> String {
    match entry {
        LanguageEntry::Key { map, key, stands } => key_text(map, key, stands),
        LanguageEntry::Map { map, stands } => map_text(map, stands),
    }
}

fn key_text(map: &KeyMap, key: &Key, stands: &[String]) -> String {
    let mut text = format!("{}: a key of {}\n\n{}.\n", key.name, map.what, key.doc);
    if let Some(message) = key.not_built {
        text.push_str(&format!("\n{message}.\n"));
    }
    text.push_str(&format!("\n    {}\n\n", key.example));
    text.push_str(&places(stands));
    text.push_str(&format!("value      {}\n", in_words(&key.shape)));
    if key.required {
        text.push_str("required   yes\n");
    }
    if let Some(KeyDefault::Value(default) | KeyDefault::Words(default)) = key.without() {
        text.push_str(&format!("default    {default}\n"));
    }
    text.push_str(&format!("since      version {} of the language\n", key.since));
    for word in key.shape.words() {
        text.push_str(&format!("\n  {}  {}", word.word.escape_default(), word.doc));
    }
    if !key.shape.words().is_empty() {
        text.push('\n');
    }
    for inner in key.shape.maps() {
        text.push_str(&format!("\nkeys of {}\n{}", inner.what, key_list(inner)));
    }
    text.trim_end().to_owned()
}

fn map_text(map: &KeyMap, stands: &[String]) -> String {
    let mut text = format!("{}: {}\n\n{}\n\n", map.name, map.what, map.doc);
    for line in map.example.trim_end().lines() {
        text.push_str(&format!("    {line}\n"));
    }
    text.push('\n');
    text.push_str(&places(stands));
    text.push_str(&format!("\n{}", key_list(map)));
    for rule in map.rules {
        text.push_str(&format!("\n{}.", rule.doc));
    }
    text.trim_end().to_owned()
}

/// The line with the places: at most four, the shortest paths first, and the number of the others.
fn places(stands: &[String]) -> String {
    let mut sorted: Vec<&String> = stands.iter().collect();
    sorted.sort_by_key(|path| path.len());
    let mut lines: Vec<String> = sorted.iter().take(4).map(|path| format!("stands at  {path}\n")).collect();
    if sorted.len() > 4 {
        lines.push(format!("           and {} more places\n", sorted.len() - 4));
    }
    lines.concat()
}

fn key_list(map: &KeyMap) -> String {
    let keys: Vec<&Key> = map.built().collect();
    let width = widest(keys.iter().map(|key| key.name));
    let line = |key: &&Key| {
        let required = if key.required { " (required)" } else { "" };
        format!("  {}  {}{required}\n", padded(key.name, width), key.doc)
    };
    keys.iter().map(line).collect()
}

/// An entry as JSON.
pub(super) fn json(entry: &LanguageEntry) -> Value {
    match entry {
        LanguageEntry::Key { map, key, stands } => json!({
            "kind": "key",
            "name": key.name,
            "map": map.name,
            "stands_at": stands,
            "value": in_words(&key.shape),
            "words": key.shape.words().iter().map(|word| json!({"word": word.word, "meaning": word.doc})).collect::<Vec<_>>(),
            "required": key.required,
            "default": key.default,
            "since": key.since,
            "meaning": key.doc,
            "example": key.example,
            "built": key.not_built.is_none(),
        }),
        LanguageEntry::Map { map, stands } => json!({
            "kind": "map",
            "name": map.name,
            "stands_at": stands,
            "keys": map.names(),
            "meaning": map.doc,
            "example": map.example,
        }),
    }
}
