//! Compares expected with actual values: every place at which they differ.

use crate::diagnostic::{Span, display_width, one_line};
use crate::model::Value;
use crate::yaml::{Node, NodeKind};

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::testing) struct Difference {
    /// The path in the sent request: `body.FlowId`.
    pub(in crate::testing) path: String,
    /// The place in the test file.
    pub(in crate::testing) span: Span,
    /// The expected value, as JSON or in words.
    pub(in crate::testing) expected: String,
    /// The actual value.
    pub(in crate::testing) got: String,
}

impl Difference {
    /// A difference of texts that need no quotes.
    pub(in crate::testing) fn of(path: &str, span: Span, expected: &str, got: &str) -> Self {
        let [expected, got] = [expected, got].map(|text| one_line(text).into_owned());
        Self { path: path.to_owned(), span, expected, got }
    }

    /// A difference of values.
    pub(in crate::testing) fn between(path: &str, span: Span, expected: &Value, got: &Value) -> Self {
        Self::of(path, span, &shown(expected), &shown(got))
    }

    /// Describes the difference in two lines.
    pub(in crate::testing) fn describe(&self) -> String {
        format!(
            "{}: expected {}\n{}  got {}",
            self.path,
            self.expected,
            " ".repeat(display_width(&self.path)),
            self.got
        )
    }
}

/// The longest value that is shown whole, in characters.
const LONGEST: usize = 300;

fn shown(value: &Value) -> String {
    if value.is_null() {
        return "nothing".to_owned();
    }
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}… ({} characters)", &text[..cut], text.chars().count()),
        None => text,
    }
}

/// Compares a value with what a test expects. Of a map, only the expected keys are compared, unless `exact`; of a
/// list, every element. Null expects that there is no value.
pub(in crate::testing) fn compare(expected: &Node, got: &Value, exact: bool, path: &str, found: &mut Vec<Difference>) {
    match (&expected.kind, got) {
        _ if expected.is_null() => nothing(expected.span, got, path, found),
        (NodeKind::Map(entries), Value::Object(map)) => {
            for (key, node) in entries {
                let value = map.get(&key.text).unwrap_or(&Value::Null);
                let path = format!("{path}.{}", key.text);
                if node.is_null() {
                    // A missing value has no place, so the message points at the key.
                    nothing(key.span, value, &path, found);
                } else {
                    compare(node, value, exact, &path, found);
                }
            }
            let more = map.iter().filter(|(key, _)| exact && !entries.iter().any(|(known, _)| known.text == **key));
            for (key, value) in more {
                found.push(Difference::between(&format!("{path}.{key}"), expected.span, &Value::Null, value));
            }
        }
        (NodeKind::List(items), Value::Array(values)) if items.len() == values.len() => {
            for (index, (item, value)) in items.iter().zip(values).enumerate() {
                compare(item, value, exact, &format!("{path}.{index}"), found);
            }
        }
        (NodeKind::List(items), Value::Array(values)) => {
            let (wanted, came) = (items.len(), values.len());
            let got = format!("{came}: {}", shown(&Value::Array(values.clone())));
            found.push(Difference::of(path, expected.span, &format!("{wanted} elements"), &got));
        }
        _ => {
            let wanted = expected.to_value();
            if !same(&wanted, got) {
                found.push(Difference::between(path, expected.span, &wanted, got));
            }
        }
    }
}

/// Expects that there is no value.
fn nothing(span: Span, got: &Value, path: &str, found: &mut Vec<Difference>) {
    if !got.is_null() {
        found.push(Difference::between(path, span, &Value::Null, got));
    }
}

/// Whether two values are equal; numbers by their value.
fn same(one: &Value, other: &Value) -> bool {
    one == other
        || matches!((one, other), (Value::Number(one), Value::Number(other))
            if one.as_f64().is_some_and(|number| number.abs() < 1e15 && Some(number) == other.as_f64()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::diagnostic::{Diagnostics, Source};

    fn differences(expected: &str, got: &Value, exact: bool) -> Vec<String> {
        let source = Source::new("t.yaml", expected);
        let node = crate::yaml::parse(&source, &mut Diagnostics::new()).unwrap();
        let mut found = Vec::new();
        compare(&node, got, exact, "body", &mut found);
        found.into_iter().map(|one| format!("{} {} | {}", one.path, one.expected, one.got)).collect()
    }

    #[test]
    fn every_difference_is_found_with_its_path() {
        let got = json!({"a": "1", "b": [1, {"c": true}], "d": null, "e": 2});
        assert_eq!(differences("a: 1", &got, false), ["body.a 1 | \"1\""]);
        assert_eq!(differences("b: [1, { c: false }]", &got, false), ["body.b.1.c false | true"]);
        assert_eq!(differences("b: [1]", &got, false), ["body.b 1 elements | 2: [1,{\"c\":true}]"]);
        assert_eq!(differences("e: ~\nf: x", &got, false), ["body.e nothing | 2", "body.f \"x\" | nothing"]);
        assert_eq!(differences("[1]", &got, false).len(), 1);
    }

    #[test]
    fn members_that_are_not_written_are_compared_only_if_exact() {
        let got = json!({"a": 1, "b": {"c": 2, "d": 3}});
        assert_eq!(differences("b: { c: 2 }", &got, false), Vec::<String>::new());
        assert_eq!(differences("a: 1\nb: { c: 2 }", &got, true), ["body.b.d nothing | 3"]);
        assert_eq!(differences("a: 1.0\nb: { c: 2, d: 3 }\nz: ~", &got, true), Vec::<String>::new());
    }

    #[test]
    fn both_values_stand_in_one_column_below_a_wide_path() {
        let source = Source::new("t.yaml", "a: 1");
        let node = crate::yaml::parse(&source, &mut Diagnostics::new()).unwrap();
        let difference = Difference::of("body.合同编号", node.span, "1", "2");
        assert_eq!(difference.describe(), "body.合同编号: expected 1\n               got 2");
    }

    #[test]
    fn long_ids_are_never_taken_for_each_other() {
        assert_eq!(differences("a: 10000000000000000000001", &json!({"a": 1e22}), false).len(), 1);
    }
}
