//! Provider files changed in every way that shape allows: the reader and the schemas refuse the same ones.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jsonschema::Validator;
use runsheet::internals::diagnostic::{Diagnostics, Source};
use runsheet::internals::provider::{ProviderFile, Registry};
use runsheet::internals::yaml::parse;
use serde_json::{Value, json};

use crate::program::TestFolder;

/// What is wrong with the shape of a file; other codes are about names, which no schema knows.
const OF_SHAPE: [&str; 5] = ["unknown-key", "missing-key", "bad-type", "bad-value", "bad-template"];

/// What the reader refuses and a schema cannot: parts of its messages, each with the reason.
const BEYOND_A_SCHEMA: [(&str, &str); 9] = [
    ("has a meaning already", "codes may not overlap between entries of one table"),
    ("serves a login", "an operation's own file does not say that a login uses it"),
    ("is no time zone", "the zones are a database"),
    ("`now`:", "whether an instant exists is the calendar's business"),
    ("regex parse error", "a regular expression is no regular language"),
    ("nested too deep", "a depth is no shape"),
    ("`$inputs` is", "a body takes any shape but for this one key at any depth"),
    ("`repeat: lookup` needs", "a lookup that is wrong in its grammar counts as none"),
    ("is not known here", "which names there are is no shape"),
];

/// Maps whose keys are the author's own.
const OWN_KEYS: [&str; 14] = [
    "properties",
    "types",
    "settings",
    "credentials",
    "headers",
    "query",
    "attempt_query",
    "outputs",
    "inputs",
    "with",
    "spellings",
    "operations",
    "defaults",
    "where",
];

struct Shipped {
    /// `arctos/login.yaml`.
    path: String,
    value: Value,
}

fn shipped() -> Vec<Shipped> {
    let read = |file: &ProviderFile| {
        let source = Source::new(file.path.clone(), file.text.clone());
        let node = parse(&source, &mut Diagnostics::default()).unwrap();
        Shipped { path: file.path.clone(), value: node.to_value() }
    };
    Registry::builtin().files().iter().map(read).collect()
}

fn schema(name: &str) -> Validator {
    let made = TestFolder::new().run(&format!("schema {name}")).exits(0).json();
    jsonschema::draft7::new(&made).unwrap()
}

/// What the reader says of the shape of a file, beside its provider's own.
fn refused(file: &Shipped, value: &Value, all: &[Shipped]) -> Vec<String> {
    let text = |path: &str, value: &Value| ProviderFile { path: path.to_owned(), text: value.to_string() };
    let own = format!("{}/provider.yaml", file.path.split('/').next().unwrap());
    let mut files = vec![text(&file.path, value)];
    files
        .extend(all.iter().filter(|other| other.path == own && file.path != own).map(|other| text(&own, &other.value)));
    let mut found = Diagnostics::default();
    let _ = Registry::from_files(files, &mut found);
    let of_shape = found.errors().filter(|one| OF_SHAPE.contains(&one.code));
    let beyond = |message: &str| BEYOND_A_SCHEMA.iter().any(|(part, _)| message.contains(part));
    of_shape.filter(|one| !beyond(&one.message)).map(|one| one.message.clone()).collect()
}

/// Whether the reader refuses it for whatever reason.
fn refused_at_all(file: &Shipped, value: &Value, all: &[Shipped]) -> bool {
    let files = all
        .iter()
        .filter(|other| other.path != file.path && other.path.split('/').next() == file.path.split('/').next());
    let mut files: Vec<ProviderFile> =
        files.map(|other| ProviderFile { path: other.path.clone(), text: other.value.to_string() }).collect();
    files.push(ProviderFile { path: file.path.clone(), text: value.to_string() });
    Registry::from_files(files, &mut Diagnostics::default()).is_none()
}

/// The pointers of all nodes, each with the kind of place that it is; what is free in shape is not entered.
fn places(value: &Value) -> Vec<(String, String)> {
    fn walk(value: &Value, at: &str, kind: &str, own: bool, found: &mut Vec<(String, String)>) {
        found.push((at.to_owned(), kind.to_owned()));
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    let name = if own { "*" } else { key };
                    let free = matches!(key.as_str(), "body" | "default" | "enum")
                        || (kind.contains("examples") && key == "with");
                    let pointer = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                    let kind = format!("{kind}/{name}");
                    if free {
                        found.push((pointer, kind));
                    } else {
                        walk(
                            value,
                            &pointer,
                            &kind,
                            !own && OWN_KEYS.contains(&key.as_str()) && !has_parts(value),
                            found,
                        );
                    }
                }
            }
            Value::Array(items) => {
                for (place, item) in items.iter().enumerate() {
                    walk(item, &format!("{at}/{place}"), &format!("{kind}/-"), false, found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(value, "", "", false, &mut found);
    found
}

/// `inputs: { required, properties }`, which is no map of names.
fn has_parts(value: &Value) -> bool {
    value.get("properties").is_some()
}

/// A document with one node another, or gone.
fn changed(document: &Value, pointer: &str, to: Option<Value>) -> Value {
    let mut copy = document.clone();
    match to {
        Some(value) => *copy.pointer_mut(pointer).unwrap() = value,
        None => {
            let (above, key) = pointer.rsplit_once('/').unwrap();
            let key = key.replace("~1", "/").replace("~0", "~");
            match copy.pointer_mut(above).unwrap() {
                Value::Object(map) => drop(map.remove(&key)),
                Value::Array(items) => drop(items.remove(key.parse().unwrap())),
                _ => {}
            }
        }
    }
    copy
}

/// Every value that a place is tried with.
fn others() -> Vec<Value> {
    vec![
        Value::Null,
        json!("zzzz"),
        json!(""),
        json!(7),
        json!(-1),
        json!(true),
        json!([]),
        json!({}),
        json!({"zzzz": 1}),
        json!(["zzzz"]),
        json!([{}]),
        json!("{{ zzzz }}"),
        json!("lookup"),
    ]
}

/// All ways to change a document by one thing that were not tried at a place of that kind: a value, a key too few, a key
/// too many, a key that others have there.
fn mutants(
    file: &Shipped,
    seen: &BTreeMap<String, BTreeMap<String, Value>>,
    tried: &mut HashSet<String>,
) -> Vec<(String, Value)> {
    let document = &file.value;
    let mut made = Vec::new();
    let mut make = |what: String, pointer: &str, to: &dyn Fn() -> Option<Value>| {
        if tried.insert(what.clone()) {
            made.push((what, changed(document, pointer, to())));
        }
    };
    for (pointer, kind) in places(document) {
        // Places of one kind are many; each takes its share of the values.
        for (place, value) in others().into_iter().enumerate().filter(|(place, _)| (place + kind.len()) % 3 == 0) {
            make(format!("{kind} = #{place}"), &pointer, &|| Some(value.clone()));
        }
        if !pointer.is_empty() {
            make(format!("{kind} gone"), &pointer, &|| None);
        }
        let Some(Value::Object(map)) = document.pointer(&pointer) else { continue };
        let with = |key: &str, value: &Value| {
            let mut more = map.clone();
            more.insert(key.to_owned(), value.clone());
            Some(Value::Object(more))
        };
        make(format!("{kind} + zzzz"), &pointer, &|| with("zzzz", &json!(1)));
        let of = map.get("type").map(Value::to_string).unwrap_or_default();
        for (key, value) in seen.get(&kind).into_iter().flatten().filter(|(key, _)| !map.contains_key(*key)) {
            make(format!("{kind} {of} + {key}"), &pointer, &|| with(key, value));
        }
    }
    made
}

/// The keys that maps of each kind of place have, each with a value that it has somewhere.
fn keys_seen(files: &[&Shipped]) -> BTreeMap<String, BTreeMap<String, Value>> {
    let mut seen: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    for file in files {
        for (pointer, kind) in places(&file.value) {
            if let Some(Value::Object(map)) = file.value.pointer(&pointer) {
                let known = seen.entry(kind).or_default();
                for (key, value) in map {
                    known.entry(key.clone()).or_insert_with(|| value.clone());
                }
            }
        }
    }
    seen
}

/// Holds reader and schema against each other over all mutants of these files; how many there were, and were refused.
fn hold(schema: &Validator, files: &[&Shipped], all: &[Shipped]) -> (usize, usize) {
    let (seen, mut tried) = (keys_seen(files), HashSet::new());
    let (mut count, mut refusals, mut wrong) = (0, 0, BTreeSet::new());
    for file in files {
        for (what, mutant) in mutants(file, &seen, &mut tried) {
            count += 1;
            let (by_reader, by_schema) = (refused(file, &mutant, all), !schema.is_valid(&mutant));
            refusals += usize::from(by_schema);
            let disagree = match (by_reader.first(), by_schema) {
                (Some(message), false) => Some(format!("only the reader: {message}")),
                (None, true) if !refused_at_all(file, &mutant, all) => {
                    Some(format!("only the schema: {}", why(schema, &mutant)))
                }
                _ => None,
            };
            wrong.extend(disagree.map(|how| format!("{} {what}: {how}", file.path)));
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.into_iter().collect::<Vec<_>>().join("\n"));
    (count, refusals)
}

/// The first thing that a schema has against a document, cut short.
fn why(schema: &Validator, document: &Value) -> String {
    let first = schema.iter_errors(document).next().map(|error| error.to_string()).unwrap_or_default();
    first.chars().take(200).collect()
}

fn is_provider(file: &&Shipped) -> bool {
    file.path.ends_with("/provider.yaml")
}

#[test]
fn shipped_files_are_taken() {
    let (providers, operations) = (schema("provider"), schema("operation"));
    let all = shipped();
    for file in &all {
        let schema = if is_provider(&file) { &providers } else { &operations };
        let found: Vec<String> = schema.iter_errors(&file.value).map(|error| error.to_string()).collect();
        assert!(found.is_empty(), "{}: {found:#?}", file.path);
    }
    assert!(all.len() > 25, "{}", all.len());
}

#[test]
fn reader_and_schema_refuse_the_same_provider_files() {
    let all = shipped();
    let files: Vec<&Shipped> = all.iter().filter(is_provider).collect();
    let (count, refused) = hold(&schema("provider"), &files, &all);
    assert!(count > 400 && refused > 200, "{count} {refused}");
}

#[test]
fn reader_and_schema_refuse_the_same_operation_files() {
    let all = shipped();
    let files: Vec<&Shipped> = all.iter().filter(|file| !is_provider(file)).collect();
    let (count, refused) = hold(&schema("operation"), &files, &all);
    assert!(count > 700 && refused > 400, "{count} {refused}");
}
