//! The schema of settings: each connection's credentials, settings and defaults by its provider.

use std::collections::BTreeMap;

use serde_json::json;

use super::parts::{closed, count, duration, file, flag, keyed, limits, or_null, text, word};
use super::with::with;
use crate::model::{Map, Value};
use crate::provider::ConnectionScheme;
use crate::provider::{Operation, Provider, Registry, WireType};

/// The schema of settings for the known providers.
pub(in crate::cli) fn settings(registry: &Registry) -> Value {
    let mut definitions = Map::new();
    definitions.insert("credential".to_owned(), credential());
    let mut named = Map::new();
    let mut by_provider = Vec::new();
    for provider in registry.providers() {
        let own = json!({"$ref": format!("#/definitions/{}", provider.name)});
        definitions.insert(provider.name.clone(), connection(provider, registry));
        by_provider.push(json!({
            "if": {"properties": {"provider": {"const": provider.name}}, "required": ["provider"]},
            "then": own,
        }));
        // A connection is named for its provider, unless it says another.
        named.insert(
            provider.name.clone(),
            json!({
                "if": {"type": "object", "required": ["provider"]},
                "then": {"$ref": "#/definitions/connection"},
                "else": own,
            }),
        );
    }
    let names: Vec<&str> = registry.providers().map(|provider| provider.name.as_str()).collect();
    definitions.insert(
        "connection".to_owned(),
        json!({
            "type": "object",
            "required": ["provider"],
            "properties": {"provider": {"enum": names, "description": "Whose connection it is"}},
            "allOf": by_provider,
        }),
    );
    let connections = json!({
        "type": ["object", "null"],
        "properties": named,
        "additionalProperties": {"$ref": "#/definitions/connection"},
        "description": "One account at one provider each",
    });
    let environment =
        closed(vec![("confirm", flag("Whether a run asks before it sends")), ("connections", connections)], &[]);
    let nearer = json!({
        "type": ["array", "null"],
        "items": {"type": "string", "minLength": 1},
        "description": "Folders below this one whose own settings may define the same environments",
    });
    let body = closed(
        vec![("providers", own_providers()), ("nearer", nearer), ("environments", keyed(or_null(environment)))],
        &[],
    );
    file("Settings of runsheet", or_null(body), definitions)
}

/// The schema of `providers`: a folder, or a map of the folder and the built-in providers that its files may replace.
fn own_providers() -> Value {
    let replaces =
        closed(vec![("replaces", flag("Whether your files may stand for those of this built-in provider"))], &[]);
    let names = Registry::builtin().providers().map(|provider| (provider.name.clone(), replaces.clone()));
    let from = ("from".to_owned(), text("A folder with providers of your own"));
    json!({
        "anyOf": [
            text("A folder with providers of your own"),
            {"type": "object", "properties": std::iter::once(from).chain(names).collect::<Map>(), "additionalProperties": false},
        ],
        "description": "A folder with providers of your own",
    })
}

/// The schema of a credential: a text, or where it comes from.
fn credential() -> Value {
    let source = json!({
        "type": "object",
        "properties": {
            "env": {"type": "string", "minLength": 1, "description": "An environment variable"},
            "file": {"type": "string", "minLength": 1, "description": "A file"},
            "command": {"type": "array", "minItems": 1, "description": "A program and its arguments"},
        },
        "additionalProperties": false,
        "minProperties": 1,
        "maxProperties": 1,
    });
    json!({
        "anyOf": [source, {"type": ["string", "number", "boolean"]}],
        "description": "Where it comes from; a literal only where `base_url` is this machine",
    })
}

fn connection(provider: &Provider, registry: &Registry) -> Value {
    let own: Vec<&Operation> =
        registry.operations().filter(|one| one.provider.name == provider.name).map(AsRef::as_ref).collect();
    let source = json!({"$ref": "#/definitions/credential"});
    let mut keys = vec![
        ("provider", json!({"const": provider.name})),
        ("base_url", json!({"type": ["string", "null"], "description": provider.base_url.clone().unwrap_or_default()})),
        (
            "settings",
            some_of(provider.settings.iter().map(|one| (one.name.clone(), json!({"description": one.description})))),
        ),
        ("headers", keyed(json!({"type": ["string", "number", "boolean"]}))),
        ("defaults", defaults(&own)),
        ("limits", limits("On top of the provider's own")),
        ("timeout", duration("How long a call may take")),
        ("operations", some_of(own.iter().map(|one| (one.name.clone(), operation(one))))),
        ("proxy", source.clone()),
        ("ca_file", text("Certificates of your own, beside the settings")),
    ];
    if provider.quota.is_some() {
        keys.push(("daily_quota", count(1, "How many calls a day the vendor takes")));
    }
    if provider.auth.scheme.is_of_connection() {
        keys.push(("auth", auth()));
    } else {
        let credentials = provider
            .credentials
            .iter()
            .map(|one| (one.name.clone(), json!({"allOf": [source], "description": one.description})));
        keys.push(("credentials", some_of(credentials)));
    }
    let mut schema = or_null(closed(keys, &[]));
    schema["description"] = json!(provider.title);
    schema
}

/// The schema of `auth`, where the provider leaves the scheme open.
fn auth() -> Value {
    let source = json!({"$ref": "#/definitions/credential"});
    let mut keys = vec![("scheme", word(&ConnectionScheme::WORDS, "How calls are authenticated"))];
    for scheme in ConnectionScheme::ALL {
        keys.extend(scheme.setting().map(|setting| (setting, text("The header's name"))));
        keys.extend(scheme.credentials().iter().map(|name| (*name, source.clone())));
    }
    or_null(closed(keys, &["scheme"]))
}

/// The schema of `defaults`: the inputs of all operations of the provider.
fn defaults(own: &[&Operation]) -> Value {
    let mut properties: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for operation in own {
        if let Value::Object(inputs) = &with(operation)["properties"] {
            for (name, schema) in inputs {
                let known = properties.entry(name.clone()).or_default();
                if !known.contains(schema) {
                    known.push(schema.clone());
                }
            }
        }
    }
    some_of(properties.into_iter().map(|(name, mut known)| match known.len() {
        1 => (name, known.remove(0)),
        _ => (name, json!({"anyOf": known})),
    }))
}

fn operation(operation: &Operation) -> Value {
    let kind = word(&WireType::WORDS, "Its type on the wire");
    let spelling = json!({"anyOf": [{"type": ["string", "number", "boolean"]}, closed(vec![("name", text("Its name on the wire")), ("type", kind)], &[])]});
    let wire = operation.inputs.iter().map(|input| (input.name.clone(), spelling.clone()));
    closed(
        vec![
            (
                "path",
                json!({"type": ["string", "null"], "pattern": "^/[^?# ]*$", "description": "The path, where no document names it"}),
            ),
            ("limits", limits("Of this operation")),
            ("wire", some_of(wire)),
        ],
        &[],
    )
}

fn some_of(keys: impl Iterator<Item = (String, Value)>) -> Value {
    json!({"type": ["object", "null"], "properties": keys.collect::<Map>(), "additionalProperties": false})
}
