//! Writes values as YAML that can be pasted into a playbook or settings file.

use super::scalar::plain_value;
use crate::diagnostic::{did_you_mean, hidden_difference};
use crate::model::{Map, Value};

/// Appends a map to `text`, one key a line, indented by `indent` spaces.
pub fn write_map(entries: &Map, indent: usize, text: &mut String) {
    for (key, value) in entries {
        text.push_str(&" ".repeat(indent));
        text.push_str(&yaml_text(key));
        text.push(':');
        below(value, indent, text);
    }
}

/// A map on one line; nested values are written as JSON.
#[must_use]
pub fn flow_map(entries: &Map) -> String {
    let entries: Vec<String> =
        entries.iter().map(|(key, value)| format!("{}: {}", yaml_text(key), leaf(value))).collect();
    format!("{{ {} }}", entries.join(", "))
}

fn below(value: &Value, indent: usize, text: &mut String) {
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            text.push('\n');
            write_map(entries, indent + 2, text);
        }
        Value::Array(items) if !items.is_empty() => {
            text.push('\n');
            items.iter().for_each(|item| element(item, indent + 2, text));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            text.push(' ');
            text.push_str(&leaf(value));
            text.push('\n');
        }
    }
}

fn element(item: &Value, indent: usize, text: &mut String) {
    match item {
        Value::Object(entries) if !entries.is_empty() => {
            let mut inner = String::new();
            write_map(entries, indent + 2, &mut inner);
            text.push_str(&format!("{}- {}", " ".repeat(indent), inner.trim_start()));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            text.push_str(&format!("{}- {}\n", " ".repeat(indent), leaf(item)))
        }
    }
}

fn leaf(value: &Value) -> String {
    match value {
        Value::String(text) => yaml_text(text),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            other.to_string()
        }
    }
}

/// A text as a YAML key or value, in block or flow style: plain if it reads back as the same text, else quoted.
#[must_use]
pub fn yaml_text(text: &str) -> String {
    let plain = !text.is_empty()
        && text.chars().all(|c| c.is_alphanumeric() || "_-./@+ ".contains(c))
        && text.starts_with(|c: char| c.is_alphanumeric() || c == '/')
        && !text.ends_with(' ')
        && matches!(plain_value(text), Value::String(_));
    if plain { text.to_owned() } else { Value::String(text.to_owned()).to_string() }
}

/// The help for an unknown key that probably means `near`, written as YAML; says how the two differ if they look the
/// same.
#[must_use]
pub fn did_you_mean_key(word: &str, near: &str) -> String {
    match hidden_difference(word, near) {
        Some(_) => did_you_mean(word, near),
        None => did_you_mean(word, &yaml_text(near)),
    }
}

/// A template as a YAML value: in double quotes, or in single quotes if it contains double quotes or backslashes.
#[must_use]
pub fn yaml_template(template: &str) -> String {
    if template.contains(['"', '\\']) {
        format!("'{}'", template.replace('\'', "''"))
    } else {
        format!("\"{template}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Names that need care: signs of YAML, and what spreadsheets and shells leave in names.
    const HOSTILE: [&str; 22] = [
        "a b",
        "a: b",
        "a:",
        ":a",
        "#a",
        "a #b",
        "- a",
        "-a",
        "?",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "{a}",
        "[a]",
        "a,b",
        "it's",
        "say \"x\"",
        "back\\slash",
        "no",
        "007",
    ];

    #[track_caller]
    fn read(text: &str) -> Value {
        let source = crate::diagnostic::Source::new("a.yaml", text.to_owned());
        let mut diagnostics = crate::diagnostic::Diagnostics::new();
        let node = crate::yaml::parse(&source, &mut diagnostics);
        assert!(diagnostics.is_empty(), "{text}");
        node.unwrap().to_value()
    }

    #[test]
    fn a_text_of_any_kind_is_a_key_and_a_value_wherever_it_stands() {
        for text in HOSTILE.into_iter().chain(["預約 時間", "é", "null", "~", "", " a ", "a\tb", "2035-01-01", "=1+1"])
        {
            let word = yaml_text(text);
            assert_eq!(read(&format!("{word}: {{ optional: true }}\n")), json!({text: {"optional": true}}));
            assert_eq!(
                read(&format!("columns: {{ {word}: {{ optional: true }} }}\n"))["columns"][text]["optional"],
                true
            );
            assert_eq!(read(&format!("a: [x, {word}]\n")), json!({"a": ["x", text]}));
            assert_eq!(read(&format!("a: {word}\n")), json!({"a": text}));
        }
    }

    #[test]
    fn a_template_of_any_kind_is_a_value() {
        for template in ["{{ row.x }}", r#"{{ eq row.x "y" }}"#, r"{{ eq row.x 'it''s' }}", r#"{{ row.[a: #"'\b] }}"#] {
            assert_eq!(read(&format!("when: {}\n", yaml_template(template))), json!({"when": template}));
        }
    }

    #[test]
    fn values_come_back_as_they_were() {
        let inputs = json!({
            "a": "no", "b": "0911211211", "c": 15, "d": true, "e": {"f": ["x", {"g": "h: i", "j": null}]}, "k": "", "l": [], "m": "{{ row.x }}"
        });
        let mut text = String::new();
        write_map(inputs.as_object().unwrap(), 0, &mut text);
        let source = crate::diagnostic::Source::new("step.yaml", text);
        let mut diagnostics = crate::diagnostic::Diagnostics::new();
        let back = crate::yaml::parse(&source, &mut diagnostics).map(|node| node.to_value());
        assert!(diagnostics.is_empty(), "{}", source.text());
        assert_eq!(back, Some(inputs), "{}", source.text());
    }
}
