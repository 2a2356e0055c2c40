//! Makes JSON Schemas from the tables of the language.

use serde_json::json;

use crate::language::{Key, KeyDefault, KeyMap, LanguageFile, Null, Shape};
use crate::model::{Map, Value};
use crate::provider::{Provider, Registry};

/// The draft that editors and validators support.
const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// Makes the schema of a kind of file for the known providers.
pub(in crate::cli) fn file_schema(file: LanguageFile, registry: &Registry) -> Value {
    let root = file.root();
    let mut generator = Generator { registry, provider: None, shared: shared_maps(root), definitions: Map::new() };
    let mut schema = generator.keys(root);
    if file == LanguageFile::Settings {
        // A file with comments alone is read as null.
        schema = or_null(schema);
    }
    let mut made = Map::new();
    made.insert("$schema".to_owned(), json!(DRAFT));
    made.insert("title".to_owned(), json!(title(file)));
    if let Value::Object(schema) = schema {
        made.extend(schema);
    }
    if !generator.definitions.is_empty() {
        made.insert("definitions".to_owned(), Value::Object(generator.definitions));
    }
    Value::Object(made)
}

fn title(file: LanguageFile) -> &'static str {
    match file {
        LanguageFile::Playbook => "A playbook of runsheet",
        LanguageFile::Settings => "Settings of runsheet",
        LanguageFile::Test => "Tests of a playbook of runsheet",
        LanguageFile::Provider => "A provider of runsheet",
        LanguageFile::Operation => "An operation of a provider of runsheet",
    }
}

/// Makes the schema of one file.
pub(super) struct Generator<'r> {
    /// The known providers.
    pub(super) registry: &'r Registry,
    /// The provider whose connection is being described; `None` outside connections.
    pub(super) provider: Option<&'r Provider>,
    /// The names of the maps that stand in several places; each is a definition of its own.
    shared: Vec<&'static str>,
    /// The definitions, by their names.
    pub(super) definitions: Map,
}

impl Generator<'_> {
    /// A map of the language: a reference where it stands in several places.
    pub(super) fn map(&mut self, map: &'static KeyMap) -> Value {
        if !self.shared.contains(&map.name) {
            return self.keys(map);
        }
        if !self.definitions.contains_key(map.name) {
            // Set first, because a map may stand inside itself.
            self.definitions.insert(map.name.to_owned(), Value::Null);
            let made = self.keys(map);
            self.definitions.insert(map.name.to_owned(), made);
        }
        json!({"$ref": format!("#/definitions/{}", map.name)})
    }

    /// A map with its keys, and no other ones.
    pub(super) fn keys(&mut self, map: &'static KeyMap) -> Value {
        let mut properties = Map::new();
        for key in map.built() {
            if let Some(schema) = self.key(key) {
                properties.insert(key.name.to_owned(), schema);
            }
        }
        let required: Vec<&str> = map.built().filter(|key| key.required).map(|key| key.name).collect();
        let mut schema = json!({
            "type": "object",
            "description": map.doc,
            "properties": properties,
            "additionalProperties": false,
        });
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        let mut rules: Vec<Value> =
            map.rules.iter().map(|rule| serde_json::from_str(rule.schema).unwrap_or_default()).collect();
        rules.extend(self.rules_of_operations(map));
        if !rules.is_empty() {
            schema["allOf"] = Value::Array(rules);
        }
        schema
    }

    fn key(&mut self, key: &'static Key) -> Option<Value> {
        let mut schema = self.shape(&key.shape)?;
        match (key.null, key.required) {
            (Null::Absent, true) if matches!(key.shape, Shape::Text) => schema["pattern"] = json!(r"\S"),
            (Null::Absent, true) => {}
            (Null::Absent, false) | (Null::Value, _) => schema = or_null(schema),
            (Null::Refused, _) if matches!(key.shape, Shape::Any) => schema = json!({"not": {"type": "null"}}),
            (Null::Refused, _) => {}
        }
        let described = match key.without() {
            Some(KeyDefault::Words(words)) => format!("{}; by default {words}", key.doc),
            Some(KeyDefault::Value(value)) => format!("{}; by default `{value}`", key.doc),
            None => key.doc.to_owned(),
        };
        if schema.get("$ref").is_some() {
            // What stands beside a reference is not read.
            schema = json!({"allOf": [schema]});
        }
        schema["description"] = json!(described);
        Some(schema)
    }

    /// The schema of a shape, without null; `None` where the provider has no such key.
    pub(super) fn shape(&mut self, shape: &'static Shape) -> Option<Value> {
        Some(match shape {
            Shape::Text | Shape::Template => json!({"type": ["string", "number", "boolean"]}),
            Shape::Matching(pattern) => json!({"type": "string", "pattern": pattern}),
            Shape::Condition => json!({"type": "string", "pattern": r"^\{\{[\s\S]*\}\}$"}),
            Shape::Bool => json!({"type": "boolean"}),
            Shape::Count { least, most: None } => json!({"type": "integer", "minimum": least}),
            Shape::Count { least, most: Some(most) } => json!({"type": "integer", "minimum": least, "maximum": most}),
            Shape::Integer => json!({"type": "integer"}),
            Shape::Duration => json!({"type": "string", "pattern": "^ *[0-9]"}),
            Shape::Rate => json!({"type": "string", "pattern": "/"}),
            Shape::Share => json!({"type": ["string", "number"]}),
            Shape::Words(words) => json!({"enum": words.iter().map(|word| word.word).collect::<Vec<_>>()}),
            Shape::Names => names(1),
            Shape::AnyNames => names(0),
            Shape::List { of, least } => {
                let mut list = json!({"type": "array", "items": self.shape(of)?});
                if *least > 0 {
                    list["minItems"] = json!(least);
                }
                list
            }
            Shape::Map(map) => self.map(map),
            Shape::Each(each) => json!({"type": "object", "additionalProperties": self.shape(&each.of)?}),
            Shape::AnyOf(shapes) => {
                json!({"anyOf": shapes.iter().filter_map(|shape| self.shape(shape)).collect::<Vec<_>>()})
            }
            Shape::OrNull(shape) => or_null(self.shape(shape)?),
            Shape::Any => json!({}),
            Shape::AnyMap => json!({"type": "object"}),
            Shape::Version(version) => json!({"enum": [version]}),
            Shape::Slot(slot, _) => return self.slot(*slot),
        })
    }
}

fn names(least: u64) -> Value {
    let name = json!({"type": ["string", "number", "boolean"]});
    let mut several = json!({"type": "array", "items": name});
    if least > 0 {
        several["minItems"] = json!(least);
    }
    json!({"anyOf": [name, several]})
}

/// The schema, with null allowed.
pub(super) fn or_null(mut schema: Value) -> Value {
    if schema.get("$ref").is_some() {
        return json!({"anyOf": [schema, {"type": "null"}]});
    }
    if let Some(kind) = schema.get_mut("type") {
        match kind {
            Value::String(_) => *kind = json!([kind.clone(), "null"]),
            Value::Array(kinds) if !kinds.contains(&json!("null")) => kinds.push(json!("null")),
            Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {}
        }
    } else if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.push(Value::Null);
    } else if let Some(Value::Array(shapes)) = schema.get_mut("anyOf") {
        shapes.push(json!({"type": "null"}));
    }
    schema
}

/// The names of the maps that stand in more than one place below `root`, or inside themselves.
fn shared_maps(root: &'static KeyMap) -> Vec<&'static str> {
    let mut places: Vec<(&'static str, usize)> = Vec::new();
    count_map(root, &mut places);
    places.into_iter().filter(|(_, count)| *count > 1).map(|(name, _)| name).collect()
}

fn count_map(map: &'static KeyMap, places: &mut Vec<(&'static str, usize)>) {
    if let Some((_, count)) = places.iter_mut().find(|(name, _)| *name == map.name) {
        *count += 1;
        return;
    }
    places.push((map.name, 1));
    for key in map.keys {
        count_shape(&key.shape, places);
    }
}

fn count_shape(shape: &'static Shape, places: &mut Vec<(&'static str, usize)>) {
    if let Shape::Map(map) = shape {
        count_map(map, places);
    }
    shape.inside().iter().for_each(|shape| count_shape(shape, places));
}
