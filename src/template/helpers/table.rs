//! The table of all helpers, and the values that their examples use.

use serde_json::json;

use super::helper::Helper;
use super::{add, choose, compare, encode, list, logic, raw, text, time, uuid};
use crate::template::values::Scope;

/// Every helper of the language, ordered by family.
pub static HELPERS: &[Helper] = &[
    compare::EQ,
    compare::NE,
    compare::GT,
    compare::GTE,
    compare::LT,
    compare::LTE,
    logic::AND,
    logic::OR,
    logic::NOT,
    choose::DEFAULT,
    choose::COALESCE,
    text::LOWER,
    text::UPPER,
    text::TRIM,
    text::REPLACE,
    text::CONCAT,
    list::LEN,
    list::SPLIT,
    list::JOIN,
    list::LOOKUP,
    list::FIND,
    encode::JSON,
    encode::BASE64,
    encode::SHA256,
    raw::RAW,
    uuid::UUID,
    time::NOW,
    time::PARSE_TIME,
    add::ADD,
    time::END_OF_DAY,
    time::FORMAT_TIME,
    time::UNIX,
];

/// The scope with which the examples of the helpers are rendered.
#[cfg(any(test, feature = "internals"))]
#[must_use]
pub fn sample() -> Scope {
    let mut scope = Scope::new();
    scope.set(
        "row",
        json!({
            "name": "  Ann Lee ",
            "branch": "tp-01",
            "remark": null,
            "count": "12",
            "day": "2026-03-01",
            "deadline": "2026-03-01T18:00:00+08:00",
            "moderators": ["e1", "e2"],
            "customers": [
                { "name": "Ann", "phone": "0911211211" },
                { "name": "Bob", "phone": "0922322322" },
            ],
        }),
    );
    scope.set("steps", json!({ "task": { "outcome": "succeeded", "body": { "task_num": "T-1" } } }));
    scope.set("run", json!({ "id": "20260115-080000-000000", "started_at": "2026-01-15T08:00:00Z" }));
    scope.set_identity("20260115-080000-000000/A-1/task");
    scope
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    use crate::model::Value;
    use crate::template::Templates;
    use crate::template::helpers::HelperCall;
    use crate::template::values::memory_size;

    #[test]
    fn every_example_renders_as_documented() {
        let (mut templates, scope) = (Templates::new(), sample());
        for helper in HELPERS {
            assert!(!helper.examples.is_empty(), "{}", helper.name);
            for example in helper.examples {
                let template = templates.compile(example.template).unwrap();
                let expected: Value = serde_json::from_str(example.result).unwrap();
                assert_eq!(template.render(&templates, &scope), Ok(expected), "{}", example.template);
            }
        }
    }

    /// Calls every helper with values that make its result as large as possible. Each result is refused before memory
    /// is taken for it, or it is small; unbounded, some would take terabytes.
    #[test]
    fn every_helper_keeps_to_the_bound_of_a_text() {
        let many = Value::Array(vec![Value::from("\u{1}".repeat(64)); 64]);
        let nested = json!({"a": many, "phone": "\u{1}".repeat(4_000)});
        let found = json!([{"phone": "1", "x": "\u{1}".repeat(100)}]);
        let values = [
            Value::from(";".repeat(4_000)),
            Value::from("ΐ".repeat(2_000)),
            Value::from(";"),
            Value::from("phone"),
            Value::from("1"),
            Value::from("2026-03-01T18:00:00+08:00"),
            Value::from("UTC"),
            Value::from("YYYY-MM-DD HH:mm"),
            Value::from(format!("[{}]YYYY HH", "x".repeat(900))),
            many,
            nested,
            found,
            Value::Null,
        ];
        const MOST: usize = 5_000;
        let scope = sample();
        for helper in HELPERS {
            let (mut made, mut refused) = (0, 0);
            for arity in helper.min_values..=helper.max_values.min(3) {
                for turn in 0..values.len().pow(u32::try_from(arity).unwrap()) {
                    let pick = |place: u32| &values[turn / values.len().pow(place) % values.len()];
                    let args: Vec<Cow<'_, Value>> =
                        (0..u32::try_from(arity).unwrap()).map(|place| Cow::Borrowed(pick(place))).collect();
                    let given: usize = args.iter().map(|arg| memory_size(arg)).sum();
                    let call = HelperCall::new(helper, &args, &scope, MOST);
                    match (helper.run)(&call) {
                        // A helper that only returns one of its values makes nothing new.
                        Ok(value) if args.iter().any(|arg| contains(arg, &value)) => made += 1,
                        Ok(value) => {
                            made += 1;
                            let size = memory_size(&value);
                            assert!(size <= MOST + size_of::<Value>(), "`{}` made {size} of {given}", helper.name);
                        }
                        Err(message) => {
                            refused += usize::from(message.contains("grows beyond"));
                            assert!(call.explain(&message).chars().count() < 500, "`{}`: {message}", helper.name);
                        }
                    }
                }
            }
            assert!(made > 0, "`{}` was never tried with values that fit", helper.name);
            let grows = ["upper", "replace", "concat", "split", "join", "json", "base64"].contains(&helper.name);
            assert!(!grows || refused > 0, "`{}` was never refused", helper.name);
        }
    }

    fn contains(whole: &Value, part: &Value) -> bool {
        whole == part
            || match whole {
                Value::Array(items) => items.iter().any(|item| contains(item, part)),
                Value::Object(map) => map.values().any(|item| contains(item, part)),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
            }
    }

    #[test]
    fn what_would_take_terabytes_is_refused_before_memory_is_taken() {
        let (mut templates, mut scope) = (Templates::new(), sample());
        let long = "a".repeat(4 << 20);
        scope.set("row", json!({"long": long, "list": vec!["a"; 1 << 20], "control": "\u{1}".repeat(12 << 20)}));
        for text in [
            "{{ replace row.long \"a\" row.long }}",
            "{{ join row.list row.long }}",
            "{{ upper (replace row.long \"a\" row.long) }}",
            "{{ json (json row.control) }}",
            "{{ split row.long \"a\" }}",
            "{{#each row.list}}{{ @root.row.long }}{{/each}}",
            "{{ concat (replace row.long \"a\" \"bbbbbbbbbbbbbbbb\") row.long }}",
        ] {
            let template = templates.compile(text).unwrap();
            let message = template.render(&templates, &scope).unwrap_err().message;
            assert!(message.contains("beyond 64 MiB"), "{text}: {message}");
        }
        let args = format!("{{{{ concat {} }}}}", "(lower row.control) ".repeat(1_000));
        let message = templates.compile(&args).unwrap().render(&templates, &scope).unwrap_err().message;
        assert!(message.contains("beyond 64 MiB"), "{message}");
    }

    #[test]
    fn names_are_unique_and_usages_begin_with_them() {
        for (index, helper) in HELPERS.iter().enumerate() {
            assert!(HELPERS[..index].iter().all(|other| other.name != helper.name), "{}", helper.name);
            assert_eq!(helper.usage.split(' ').next(), Some(helper.name));
            assert!(helper.about.ends_with('.'), "{}", helper.name);
            assert!(helper.min_values <= helper.max_values);
        }
    }
}
