//! The table of all helpers, and the values that their examples use.

use serde_json::json;

use super::helper::Helper;
use super::{add, choose, compare, encode, list, logic, text, time, uuid};
use crate::template::scope::Scope;

/// Every helper of the language, by family.
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
    uuid::UUID,
    time::NOW,
    time::PARSE_TIME,
    add::ADD,
    time::END_OF_DAY,
    time::FORMAT_TIME,
    time::UNIX,
];

/// The scope that the examples of the helpers render over.
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
    use crate::model::Value;
    use crate::template::Templates;

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

    #[test]
    fn names_are_unique_and_usages_begin_with_them() {
        for (index, helper) in HELPERS.iter().enumerate() {
            assert!(HELPERS[..index].iter().all(|other| other.name != helper.name), "{}", helper.name);
            assert_eq!(helper.usage.split(' ').next(), Some(helper.name));
            assert!(helper.about.ends_with('.'), "{}", helper.name);
            assert!(helper.least <= helper.most);
        }
    }
}
