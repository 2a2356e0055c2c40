//! The pages of keys: one for each kind of file.

use std::collections::BTreeSet;

use runsheet::internals::language::{Key, KeyDefault, KeyMap, LanguageFile, Shape, every_place, in_words};

use super::is_current;
use super::markdown::{block, table};

#[test]
fn the_pages_of_keys_are_current() {
    for file in LanguageFile::ALL {
        let (name, title, begins) = introduction(file);
        is_current(name, &format!("# {title}\n\n{begins}\n\n{}\n", keys_of(file).trim_end()));
    }
}

/// The page of a file, its title, and what it begins with.
fn introduction(file: LanguageFile) -> (&'static str, &'static str, &'static str) {
    match file {
        LanguageFile::Playbook => (
            "playbook.md",
            "Keys of a playbook",
            "A playbook is a YAML file that says which calls are made for each row. [A playbook of your own](../start/your-own-playbook.md) \
             builds one step by step; this page lists every key. An unknown key is an error, and `runsheet explain KEY` shows the same on a \
             terminal. The text between `{{` and `}}` is described under [Templates](templates.md).",
        ),
        LanguageFile::Settings => (
            "settings.md",
            "Keys of the settings, `runsheet.yaml`",
            "The settings say where calls go, with which credentials, and how fast. `runsheet.yaml` lies beside the playbook or in a folder \
             above it; `--settings FILE` names another. Without `--env NAME` no settings are needed: the sandbox answers. [Going to a real \
             vendor](../start/a-real-vendor.md) shows how to write one.",
        ),
        LanguageFile::Test => (
            "test-files.md",
            "Keys of a test file",
            "A file `NAME.test.yaml` beside `NAME.yaml` gives rows and answers, and says which requests and outcomes must follow. \
             [Test a playbook](testing-playbooks.md) explains how tests are written and run; this page lists every key.",
        ),
        LanguageFile::Provider => (
            "provider.md",
            "Keys of `provider.yaml`",
            "A provider is a vendor, described in files: `provider.yaml` for what all its calls share, and one file for each operation. \
             [Add a vendor](../providers/add-a-vendor.md) shows how to write one; this page lists every key.",
        ),
        LanguageFile::Operation => (
            "operation.md",
            "Keys of an operation's file",
            "Each call of a provider has a file of its own, beside [`provider.yaml`](provider.md). [Add an \
             operation](../providers/add-an-operation.md) shows how to write one; this page lists every key.",
        ),
    }
}

/// Every map of a file, each once, in the order in which the file has them.
fn keys_of(file: LanguageFile) -> String {
    let places: Vec<_> = every_place().iter().filter(|place| place.file == file).collect();
    let mut seen = BTreeSet::new();
    let mut text = String::new();
    for place in &places {
        if !seen.insert(place.map.name) {
            continue;
        }
        let mut stands: Vec<String> = Vec::new();
        for other in places.iter().filter(|other| other.map.name == place.map.name && !other.path.is_empty()) {
            let path = format!("`{}`", other.dotted());
            if !stands.contains(&path) {
                stands.push(path);
            }
        }
        text.push_str(&map(place.map, &stands));
    }
    text
}

fn map(map: &KeyMap, stands: &[String]) -> String {
    let mut text = format!("## {}\n\n{}\n\n", map.name, map.doc);
    if !stands.is_empty() {
        let more = stands.len().saturating_sub(6);
        let mut shown = stands.iter().take(6).cloned().collect::<Vec<_>>().join(", ");
        if more > 0 {
            shown.push_str(&format!(" and {more} more"));
        }
        text.push_str(&format!("Its place: {shown}.\n\n"));
    }
    text.push_str(&format!("<!-- fragment: map:{} -->\n{}", map.name, block("yaml", map.example)));
    let rows = map.built().map(|key| {
        let required = if key.required { " (required)" } else { "" };
        let without = match key.without() {
            Some(KeyDefault::Words(words)) => format!(" Without it: {words}."),
            Some(KeyDefault::Value(value)) => format!(" Without it: `{value}`."),
            None => String::new(),
        };
        vec![
            format!("`{}`{required}", key.name),
            value(&key.shape),
            format!("{}.{without} For example `{}`.", key.doc, key.example),
        ]
    });
    text.push_str(&table(&["key", "value", "what it says"], rows));
    for key in map.built() {
        text.push_str(&words(key));
    }
    for rule in map.rules {
        text.push_str(&format!("{}.\n\n", rule.doc));
    }
    for key in map.keys.iter().filter(|key| key.not_built.is_some()) {
        text.push_str(&format!("`{}` is planned and refused: {}.\n\n", key.name, key.not_built.unwrap_or_default()));
    }
    text
}

/// A shape in words; maps of the language are links.
fn value(shape: &Shape) -> String {
    let mut text = in_words(shape);
    for map in shape.maps() {
        let name = map.name;
        text = text.replace(&format!("map `{name}`"), &format!("map [`{name}`](#{name})"));
    }
    text
}

/// The words of a key, with what each means.
fn words(key: &Key) -> String {
    let words = key.shape.words();
    if words.is_empty() {
        return String::new();
    }
    let rows = words.iter().map(|word| vec![format!("`{}`", word.word.escape_default()), format!("{}.", word.doc)]);
    table(&[&format!("`{}`", key.name), "what it means"], rows)
}
