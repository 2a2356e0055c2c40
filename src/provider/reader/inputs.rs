//! The `inputs` section, in the words of JSON Schema and a few of our own.

use std::collections::BTreeMap;
use std::sync::Arc;

use regex::Regex;

use super::expressions::{condition, text_map, texts};
use super::words::{FormatWord, TypeWord};
use crate::diagnostic::{Diagnostics, Source, near_miss};
use crate::language::Fields;
use crate::language::operation::{INPUT, INPUTS};
use crate::language::provider::VALUE;
use crate::model::Value;
use crate::provider::descriptor::{Input, InputBounds, InputKind, InputPlace, TextPattern, TimeForm};
use crate::yaml::{Key, Node};

/// What inputs are read with: the file, and the types that `$ref` may name.
#[derive(Clone, Copy)]
pub(crate) struct Types<'a> {
    pub(crate) source: &'a Arc<Source>,
    pub(crate) named: &'a BTreeMap<String, Input>,
}

/// The inputs of an operation: `{ required: […], properties: {…} }`.
pub(crate) fn read_inputs(node: &Node, types: Types<'_>, diagnostics: &mut Diagnostics) -> Vec<Input> {
    let Some(mut fields) = Fields::open(node, types.source, diagnostics, &INPUTS) else { return Vec::new() };
    let inputs = properties(&mut fields, types, Level::Input);
    fields.finish();
    inputs
}

/// Whether an input of the operation is read, or what lies inside one.
#[derive(Clone, Copy, PartialEq)]
enum Level {
    Input,
    Inside,
}

/// The types of a provider, each of which may name those before it.
pub(crate) fn read_types(
    entries: &[(Key, Node)],
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Input> {
    let mut named = BTreeMap::new();
    for (key, node) in entries {
        let types = Types { source, named: &named };
        if let Some(input) = read_input(&key.text, node, types, Level::Inside, diagnostics) {
            named.insert(key.text.clone(), input);
        }
    }
    named
}

fn properties(fields: &mut Fields<'_, '_>, types: Types<'_>, level: Level) -> Vec<Input> {
    let entries = fields.map("properties").unwrap_or_default();
    let mut inputs = Vec::new();
    for (key, node) in entries {
        inputs.extend(read_input(&key.text, node, types, level, fields.diagnostics()));
    }
    let names: Vec<String> = inputs.iter().map(|input: &Input| input.name.clone()).collect();
    let span = fields.span();
    for name in texts(fields, "required") {
        match inputs.iter_mut().find(|input| input.name == name) {
            Some(input) => input.required = true,
            None => {
                let help =
                    near_miss(&name, names.iter().map(String::as_str)).map(|near| format!("Did you mean `{near}`?"));
                fields.error("unknown-name", span, format!("`required` names `{name}`, which is no property"), help);
            }
        }
    }
    inputs
}

fn read_input(name: &str, node: &Node, types: Types<'_>, level: Level, diagnostics: &mut Diagnostics) -> Option<Input> {
    let map = if level == Level::Input { &INPUT } else { &VALUE };
    let mut fields = Fields::open(node, types.source, diagnostics, map)?;
    let mut input = match fields.text("$ref") {
        Some(named) => reference(&mut fields, &named, types),
        None => typed(&mut fields, types),
    }
    // Its type was reported; as an input of any type it causes no further messages.
    .unwrap_or_else(|| blank(InputKind::Any, InputBounds::default()));
    name.clone_into(&mut input.name);
    if let Some(description) = fields.text("description") {
        input.description = description;
    }
    // Fields and elements are sent where their input is sent.
    if level == Level::Input {
        input.place = fields.choice("in").unwrap_or_default();
        input.wire_name = fields.text("wire_name");
        input.required_when = condition(&mut fields, "required_when", None);
        input.widens_when_absent = fields.text("widens_when_absent");
    }
    input.default = fields.value("default");
    input.sensitive |= fields.bool("sensitive").unwrap_or(false);
    input.deprecated = fields.text("deprecated");
    input.spellings = spellings(&mut fields);
    fields.finish();
    Some(input)
}

fn reference(fields: &mut Fields<'_, '_>, named: &str, types: Types<'_>) -> Option<Input> {
    if let Some(input) = types.named.get(named) {
        return Some(input.clone());
    }
    let span = fields.span();
    let help = near_miss(named, types.named.keys().map(String::as_str)).map(|near| format!("Did you mean `{near}`?"));
    fields.error("unknown-name", span, format!("`$ref` names `{named}`, which is no type of the provider"), help);
    None
}

fn spellings(fields: &mut Fields<'_, '_>) -> Vec<(String, String)> {
    text_map(fields, "spellings")
}

/// An input without a name, from its `type` and what bounds it.
fn typed(fields: &mut Fields<'_, '_>, types: Types<'_>) -> Option<Input> {
    fields.needed("type")?;
    let word = fields.choice("type")?;
    let span = fields.span();
    let format = fields.choice("format");
    let kind = match (word, format) {
        (TypeWord::String, None) => InputKind::String,
        (TypeWord::String, Some(FormatWord::UnixSeconds)) => InputKind::Time(TimeForm::UnixSecondsText),
        (TypeWord::String, Some(FormatWord::DateTime)) => InputKind::Time(TimeForm::DateTime),
        (TypeWord::String, Some(FormatWord::Date)) => InputKind::Time(TimeForm::Date),
        (TypeWord::Integer, Some(FormatWord::UnixSeconds)) => InputKind::Time(TimeForm::UnixSeconds),
        (TypeWord::Integer, Some(FormatWord::UnixMillis)) => InputKind::Time(TimeForm::UnixMillis),
        (
            TypeWord::String
            | TypeWord::Integer
            | TypeWord::Number
            | TypeWord::Boolean
            | TypeWord::Object
            | TypeWord::Array
            | TypeWord::Any,
            Some(_),
        ) => {
            fields.error("bad-value", span, "This `format` does not go with this `type`", None);
            return None;
        }
        (TypeWord::Integer, None) => InputKind::Integer,
        (TypeWord::Number, None) => InputKind::Number,
        (TypeWord::Boolean, None) => InputKind::Boolean,
        (TypeWord::Any, None) => InputKind::Any,
        (TypeWord::Object, None) => InputKind::Object {
            fields: properties(fields, types, Level::Inside),
            open: fields.bool("additionalProperties").unwrap_or(false),
        },
        (TypeWord::Array, None) => {
            let node = fields.needed("items")?;
            InputKind::List(Box::new(read_input("[]", node, types, Level::Inside, fields.diagnostics())?))
        }
    };
    let bounds = bounds(fields, word, matches!(kind, InputKind::Time(_)));
    Some(blank(kind, bounds))
}

/// An input with nothing but a type and bounds.
fn blank(kind: InputKind, bounds: InputBounds) -> Input {
    Input {
        name: String::new(),
        description: String::new(),
        kind,
        place: InputPlace::default(),
        wire_name: None,
        required: false,
        required_when: None,
        bounds,
        default: None,
        sensitive: false,
        widens_when_absent: None,
        deprecated: None,
        spellings: Vec::new(),
    }
}

fn bounds(fields: &mut Fields<'_, '_>, word: TypeWord, time: bool) -> InputBounds {
    let mut bounds = InputBounds { one_of: one_of(fields), ..InputBounds::default() };
    match word {
        TypeWord::String if !time => {
            bounds.min_length = fields.integer("minLength");
            bounds.max_length = fields.integer("maxLength");
            bounds.pattern = pattern(fields);
        }
        TypeWord::Array => {
            bounds.min_length = fields.integer("minItems");
            bounds.max_length = fields.integer("maxItems");
        }
        TypeWord::Integer | TypeWord::Number if !time => {
            bounds.minimum = whole(fields, "minimum");
            bounds.maximum = whole(fields, "maximum");
        }
        TypeWord::String
        | TypeWord::Integer
        | TypeWord::Number
        | TypeWord::Boolean
        | TypeWord::Object
        | TypeWord::Any => {}
    }
    if time {
        bounds.ahead_of_now = fields.bool("ahead_of_now").unwrap_or(false);
    }
    bounds
}

fn whole(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<i64> {
    fields.parsed(key, "a whole number", |text| text.parse().map_err(|_| "a whole number is wanted".to_owned()))
}

fn one_of(fields: &mut Fields<'_, '_>) -> Vec<Value> {
    fields.list("enum").unwrap_or_default().iter().map(Node::to_value).collect()
}

fn pattern(fields: &mut Fields<'_, '_>) -> Option<TextPattern> {
    let meaning = fields.text("pattern_means");
    let read = |text: &str| Regex::new(text).map_err(|error| error.to_string());
    Some(TextPattern { regex: fields.parsed("pattern", "a regular expression", read)?, meaning })
}
