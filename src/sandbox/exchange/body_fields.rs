//! Which fields a body has and of which types: unknown, missing and ill-typed ones are found.

use crate::model::{Map, Value};

/// A field's type.
#[derive(Debug, Clone, Copy)]
pub(in crate::sandbox) enum Kind {
    Text,
    Integer,
    Unsigned,
    Flag,
    /// A number or a text that spells one: documents differ from their examples.
    IntegerOrText,
    /// `true`, `false`, or their texts.
    FlagOrText,
    Object(&'static [Field]),
    List(&'static Kind),
}

/// One field of an object.
#[derive(Debug, Clone, Copy)]
pub(in crate::sandbox) struct Field {
    name: &'static str,
    kind: Kind,
    required: bool,
}

/// A field that must be there.
pub(in crate::sandbox) const fn must(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: true }
}

/// A field that may be there.
pub(in crate::sandbox) const fn may(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: false }
}

/// The first thing that is wrong with a body, with the field's path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sandbox) enum Wrong {
    Unknown(String),
    Missing(String),
    Type(String, &'static str),
}

/// Holds an object against its fields.
pub(in crate::sandbox) fn check(object: &Map, fields: &[Field]) -> Result<(), Wrong> {
    check_at("", object, fields)
}

fn check_at(path: &str, object: &Map, fields: &[Field]) -> Result<(), Wrong> {
    for name in object.keys() {
        if !fields.iter().any(|field| field.name == name) {
            return Err(Wrong::Unknown(format!("{path}{name}")));
        }
    }
    for field in fields {
        let place = format!("{path}{}", field.name);
        match object.get(field.name) {
            Some(value) => check_value(&place, value, &field.kind)?,
            None if field.required => return Err(Wrong::Missing(place)),
            None => {}
        }
    }
    Ok(())
}

fn check_value(path: &str, value: &Value, kind: &Kind) -> Result<(), Wrong> {
    let wrong = |expected| Err(Wrong::Type(path.to_owned(), expected));
    match (kind, value) {
        (Kind::Text | Kind::IntegerOrText | Kind::FlagOrText, Value::String(_)) => Ok(()),
        (Kind::Flag | Kind::FlagOrText, Value::Bool(_)) => Ok(()),
        (Kind::Integer | Kind::IntegerOrText, Value::Number(number)) if number.as_i64().is_some() => Ok(()),
        (Kind::Unsigned, Value::Number(number)) if number.as_u64().is_some() => Ok(()),
        (Kind::Object(fields), Value::Object(object)) => check_at(&format!("{path}."), object, fields),
        (Kind::List(kind), Value::Array(items)) => {
            items.iter().enumerate().try_for_each(|(at, item)| check_value(&format!("{path}.{at}"), item, kind))
        }
        (Kind::Text, _) => wrong("String"),
        (Kind::Integer | Kind::Unsigned, _) => wrong("Integer"),
        (Kind::Flag | Kind::FlagOrText, _) => wrong("Boolean"),
        (Kind::IntegerOrText, _) => wrong("String or Integer"),
        (Kind::Object(_), _) => wrong("Object"),
        (Kind::List(_), _) => wrong("Array"),
    }
}

/// A text field's value, empty where it is absent.
pub(in crate::sandbox) fn text<'v>(object: &'v Map, name: &str) -> &'v str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const PERSON: &[Field] = &[must("name", Kind::Text), may("age", Kind::Unsigned)];
    const FIELDS: &[Field] = &[
        must("id", Kind::Integer),
        may("flag", Kind::Flag),
        may("code", Kind::IntegerOrText),
        may("people", Kind::List(&Kind::Object(PERSON))),
    ];

    fn judge(body: &Value) -> Result<(), Wrong> {
        check(body.as_object().unwrap(), FIELDS)
    }

    #[test]
    fn what_is_wrong_is_named_with_its_path() {
        assert_eq!(judge(&json!({"id": 1, "Id": 2})), Err(Wrong::Unknown("Id".to_owned())));
        assert_eq!(judge(&json!({})), Err(Wrong::Missing("id".to_owned())));
        for bad in [json!("1"), json!(1.5), json!(null), json!(true), json!(1e3)] {
            assert_eq!(judge(&json!({ "id": bad })), Err(Wrong::Type("id".to_owned(), "Integer")));
        }
        let people = json!({"id": 1, "people": [{"name": "a"}, {"name": "b", "age": -1}]});
        assert_eq!(judge(&people), Err(Wrong::Type("people.1.age".to_owned(), "Integer")));
        let people = json!({"id": 1, "people": [{"nom": "a"}]});
        assert_eq!(judge(&people), Err(Wrong::Unknown("people.0.nom".to_owned())));
        assert_eq!(judge(&json!({"id": 1, "people": {}})), Err(Wrong::Type("people".to_owned(), "Array")));
    }

    #[test]
    fn what_documents_allow_passes() {
        assert_eq!(judge(&json!({"id": 1, "flag": false, "code": "09", "people": []})), Ok(()));
        assert_eq!(judge(&json!({"id": -1, "code": 9, "people": [{"name": "", "age": 3}]})), Ok(()));
    }
}
