//! Whole files around the examples of the tables, and what their readers make of them.

use std::path::Path;

use runsheet::internals::diagnostic::{Diagnostics, Source};
use runsheet::internals::language::{Key, LanguageFile, Place};
use runsheet::internals::provider::{ProviderFile, Registry};
use runsheet::internals::settings::Settings;
use runsheet::internals::yaml::parse;
use runsheet::internals::{playbook, sandbox, testing};
use serde_json::{Value, json};

/// What is wrong with names and not with keys: an example stands for itself and names what its file does not have.
const OF_NAMES: [&str; 2] = ["unknown-name", "duplicate-id"];

/// A mistake that a reader reports.
#[derive(Debug)]
pub(crate) struct Mistake {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: String,
}

/// What a reader makes of a file.
pub(crate) struct Reading {
    pub(crate) errors: Vec<Mistake>,
    /// What was read, without places in the file.
    pub(crate) shown: String,
}

/// The argument of `runsheet schema` for a kind of file.
pub(crate) fn schema_name(file: LanguageFile) -> &'static str {
    match file {
        LanguageFile::Playbook => "playbook",
        LanguageFile::Settings => "settings",
        LanguageFile::Test => "test",
        LanguageFile::Provider => "provider",
        LanguageFile::Operation => "operation",
    }
}

/// Reads a text of YAML.
pub(crate) fn yaml(text: &str) -> Value {
    let mut found = Diagnostics::default();
    let node = parse(&Source::new("example", text), &mut found);
    node.unwrap_or_else(|| panic!("{text}: {}", found.render(false, 200))).to_value()
}

/// The example of the map at a place.
pub(crate) fn smallest(place: &Place) -> Value {
    yaml(place.map.example)
}

/// The example of a map with the example of one of its keys laid over it.
pub(crate) fn with_key(place: &Place, key: &Key) -> Value {
    laid(yaml(place.map.example), key)
}

fn laid(mut map: Value, key: &Key) -> Value {
    let of = key.example_with.or(of_a_vendor(key)).map(yaml).unwrap_or_else(|| json!({}));
    for over in [of, yaml(key.example)] {
        for (name, value) in over.as_object().unwrap() {
            // A null takes the key away.
            match value {
                Value::Null if name != key.name => drop(map.as_object_mut().unwrap().remove(name)),
                value => map[name] = value.clone(),
            }
        }
    }
    map
}

/// What a connection needs for keys that only some vendors have, whom the tables do not name.
fn of_a_vendor(key: &Key) -> Option<&'static str> {
    match key.example {
        "credentials: { token: { env: VENDOR_TOKEN } }" => Some("provider: arctos"),
        "daily_quota: 100000" => Some(
            "{ provider: fxiaoke, credentials: { app_id: { env: A }, app_secret: { env: B }, permanent_code: { env: C } } }",
        ),
        _ => None,
    }
}

/// A whole file with `value` at a place.
pub(crate) fn document(place: &Place, value: Value) -> Value {
    let root = place.file.root();
    put(yaml(root.example), root.name, root, &place.path, value)
}

fn put(
    map: Value,
    name: &str,
    table: &'static runsheet::internals::language::KeyMap,
    path: &[&str],
    value: Value,
) -> Value {
    let Some((first, rest)) = path.split_first() else { return value };
    let key = table.key(first).unwrap_or_else(|| panic!("{name} lacks `{first}`"));
    let mut map = laid(map, key);
    let inside = map[*first].clone();
    // Maps below this key, up to the next map of the language.
    let depth =
        rest.iter().take_while(|part| **part == "-" || part.bytes().all(|byte| byte.is_ascii_uppercase())).count();
    let (containers, below) = rest.split_at(depth);
    let tables = key.shape.maps();
    let next = tables.into_iter().find(|next| below.first().is_none_or(|key| next.key(key).is_some())).unwrap_or(table);
    let made = contained(inside, containers, |own| {
        let own = own.filter(Value::is_object).unwrap_or_else(|| yaml(next.example));
        if below.is_empty() { value.clone() } else { put(own, next.name, next, below, value.clone()) }
    });
    map[*first] = made;
    map
}

/// A value inside lists and maps of the author's own keys, which take the example's own names where it has some.
fn contained(value: Value, containers: &[&str], make: impl FnOnce(Option<Value>) -> Value) -> Value {
    let Some((first, rest)) = containers.split_first() else { return make(Some(value)) };
    if *first == "-" {
        let own = value.as_array().and_then(|items| items.first()).cloned().unwrap_or(Value::Null);
        return json!([contained(own, rest, make)]);
    }
    let known = value.as_object().filter(|_| *first != "INPUT");
    let (name, own) = match known.and_then(|map| map.iter().next()) {
        Some((name, own)) => (name.clone(), own.clone()),
        // The keys of `providers` are built-in providers.
        None if *first == "PROVIDER" => ("http".to_owned(), Value::Null),
        // An input of `http.request` that takes any value.
        None if *first == "INPUT" => ("body".to_owned(), Value::Null),
        None => (first.to_lowercase(), Value::Null),
    };
    json!({ name: contained(own, rest, make) })
}

/// Has a file read by its reader.
pub(crate) fn read(file: LanguageFile, value: &Value) -> Reading {
    let text = value.to_string();
    let source = Source::new("file.yaml", text.clone());
    let mut found = Diagnostics::default();
    let shown = match file {
        LanguageFile::Playbook => format!("{:?}", playbook::read(&source, &mut found)),
        LanguageFile::Test => format!("{:?}", testing::read(&source, &mut found)),
        LanguageFile::Settings => {
            let settings = Settings::read(Path::new("runsheet.yaml"), &text, &mut found);
            let own = settings.environments(Registry::builtin(), sandbox::environment(), &mut found);
            format!("{own:?}")
        }
        LanguageFile::Provider => provider(vec![("provider", text), operation_file(), login_file()], &mut found),
        LanguageFile::Operation => {
            provider(vec![provider_file(), ("own", text), operation_file(), login_file()], &mut found)
        }
    };
    let errors = found.errors().filter(|error| !OF_NAMES.contains(&error.code)).map(|error| Mistake {
        code: error.code,
        message: error.message.clone(),
        help: error.help.clone().unwrap_or_default(),
    });
    Reading { errors: errors.collect(), shown: without_places(&shown) }
}

fn provider(files: Vec<(&str, String)>, found: &mut Diagnostics) -> String {
    let files =
        files.into_iter().map(|(name, text)| ProviderFile { path: format!("acme/{name}.yaml"), text }).collect();
    let registry = Registry::from_files(files, found);
    let operations = registry.iter().flat_map(|registry| registry.operations().map(|one| format!("{one:?}")));
    let mut shown: Vec<String> = operations.collect();
    shown.sort();
    shown.concat()
}

fn provider_file() -> (&'static str, String) {
    ("provider", LanguageFile::Provider.root().example.to_owned())
}

/// An operation beside the provider under test, which examples may name.
fn operation_file() -> (&'static str, String) {
    ("status", LanguageFile::Operation.root().example.to_owned())
}

/// A login of the provider under test.
fn login_file() -> (&'static str, String) {
    let mut login = yaml(LanguageFile::Operation.root().example);
    login["internal"] = json!(true);
    ("login", login.to_string())
}

/// Takes spans, places and source texts out of what Debug prints.
fn without_places(shown: &str) -> String {
    let spans = regex::Regex::new(r"Span \{[^{}]*\}|Source \{.*?lines: \[[^\]]*\] \}").unwrap();
    spans.replace_all(shown, "…").into_owned()
}
