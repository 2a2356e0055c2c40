//! Checks the fields of a body: unknown, missing and of the wrong type.

use crate::model::{Map, Value};

/// A field's type.
#[derive(Debug, Clone, Copy)]
pub(in crate::sandbox) enum FieldType {
    Text,
    Integer,
    Unsigned,
    Flag,
    /// A number, or a text that spells one, because documents and examples differ.
    IntegerOrText,
    /// `true`, `false`, or a text that spells one.
    FlagOrText,
    Object(&'static [FieldSpec]),
    List(&'static FieldType),
}

/// One field of an object.
#[derive(Debug, Clone, Copy)]
pub(in crate::sandbox) struct FieldSpec {
    name: &'static str,
    kind: FieldType,
    required: bool,
}

/// A required field.
pub(in crate::sandbox) const fn must(name: &'static str, kind: FieldType) -> FieldSpec {
    FieldSpec { name, kind, required: true }
}

/// An optional field.
pub(in crate::sandbox) const fn may(name: &'static str, kind: FieldType) -> FieldSpec {
    FieldSpec { name, kind, required: false }
}

/// A mistake in a body, with the field's path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sandbox) enum BodyMistake {
    Unknown(String),
    Missing(String),
    Type(String, &'static str),
}

/// Checks an object against its fields.
///
/// # Errors
/// The first mistake.
pub(in crate::sandbox) fn check(object: &Map, fields: &[FieldSpec]) -> Result<(), BodyMistake> {
    check_at("", object, fields)
}

fn check_at(path: &str, object: &Map, fields: &[FieldSpec]) -> Result<(), BodyMistake> {
    for name in object.keys() {
        if !fields.iter().any(|field| field.name == name) {
            return Err(BodyMistake::Unknown(format!("{path}{name}")));
        }
    }
    for field in fields {
        let place = format!("{path}{}", field.name);
        match object.get(field.name) {
            Some(value) => check_value(&place, value, &field.kind)?,
            None if field.required => return Err(BodyMistake::Missing(place)),
            None => {}
        }
    }
    Ok(())
}

fn check_value(path: &str, value: &Value, kind: &FieldType) -> Result<(), BodyMistake> {
    let wrong = |expected| Err(BodyMistake::Type(path.to_owned(), expected));
    match (kind, value) {
        (FieldType::Text | FieldType::IntegerOrText | FieldType::FlagOrText, Value::String(_)) => Ok(()),
        (FieldType::Flag | FieldType::FlagOrText, Value::Bool(_)) => Ok(()),
        (FieldType::Integer | FieldType::IntegerOrText, Value::Number(number)) if number.as_i64().is_some() => Ok(()),
        (FieldType::Unsigned, Value::Number(number)) if number.as_u64().is_some() => Ok(()),
        (FieldType::Object(fields), Value::Object(object)) => check_at(&format!("{path}."), object, fields),
        (FieldType::List(kind), Value::Array(items)) => {
            items.iter().enumerate().try_for_each(|(at, item)| check_value(&format!("{path}.{at}"), item, kind))
        }
        (FieldType::Text, _) => wrong("String"),
        (FieldType::Integer | FieldType::Unsigned, _) => wrong("Integer"),
        (FieldType::Flag | FieldType::FlagOrText, _) => wrong("Boolean"),
        (FieldType::IntegerOrText, _) => wrong("String or Integer"),
        (FieldType::Object(_), _) => wrong("Object"),
        (FieldType::List(_), _) => wrong("Array"),
    }
}

/// The value of a text field; empty if it is absent.
pub(in crate::sandbox) fn text<'v>(object: &'v Map, name: &str) -> &'v str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const PERSON: &[FieldSpec] = &[must("name", FieldType::Text), may("age", FieldType::Unsigned)];
    const FIELDS: &[FieldSpec] = &[
        must("id", FieldType::Integer),
        may("flag", FieldType::Flag),
        may("code", FieldType::IntegerOrText),
        may("people", FieldType::List(&FieldType::Object(PERSON))),
    ];

    fn judge(body: &Value) -> Result<(), BodyMistake> {
        check(body.as_object().unwrap(), FIELDS)
    }

    #[test]
    fn a_mistake_is_named_with_its_path() {
        assert_eq!(judge(&json!({"id": 1, "Id": 2})), Err(BodyMistake::Unknown("Id".to_owned())));
        assert_eq!(judge(&json!({})), Err(BodyMistake::Missing("id".to_owned())));
        for bad in [json!("1"), json!(1.5), json!(null), json!(true), json!(1e3)] {
            assert_eq!(judge(&json!({ "id": bad })), Err(BodyMistake::Type("id".to_owned(), "Integer")));
        }
        let people = json!({"id": 1, "people": [{"name": "a"}, {"name": "b", "age": -1}]});
        assert_eq!(judge(&people), Err(BodyMistake::Type("people.1.age".to_owned(), "Integer")));
        let people = json!({"id": 1, "people": [{"nom": "a"}]});
        assert_eq!(judge(&people), Err(BodyMistake::Unknown("people.0.nom".to_owned())));
        assert_eq!(judge(&json!({"id": 1, "people": {}})), Err(BodyMistake::Type("people".to_owned(), "Array")));
    }

    #[test]
    fn fields_that_documents_allow_pass() {
        assert_eq!(judge(&json!({"id": 1, "flag": false, "code": "09", "people": []})), Ok(()));
        assert_eq!(judge(&json!({"id": -1, "code": 9, "people": [{"name": "", "age": 3}]})), Ok(()));
    }
}
