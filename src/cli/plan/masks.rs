//! What a plan does not show: cells of sensitive columns and values of sensitive inputs, wherever they stand.

use std::collections::BTreeSet;

use crate::cli::prepare::AboutRows;
use crate::journal::FrozenRow;
use crate::model::{Map, Value, as_text};
use crate::provider::{Input, Kind};

/// What stands instead of a masked value.
const MASK: &str = "***";

/// The texts that are masked in one row's requests.
#[derive(Debug, Clone, Default)]
pub(super) struct Masks {
    texts: BTreeSet<String>,
    off: bool,
}

impl Masks {
    /// The sensitive cells of a row and of its lists; none with `--unmask`.
    pub(super) fn of(row: &FrozenRow, about: &AboutRows, unmask: bool) -> Self {
        let mut masks = Self { texts: BTreeSet::new(), off: unmask };
        for column in about.columns.iter().filter(|column| column.sensitive) {
            masks.add(row.cells.get(&column.name));
        }
        for list in &about.lists {
            let elements = row.cells.get(&list.name).and_then(Value::as_array);
            for element in elements.into_iter().flatten() {
                for column in list.columns.iter().filter(|column| column.sensitive) {
                    masks.add(element.get(&column.name));
                }
            }
        }
        masks
    }

    /// With the values of an operation's sensitive inputs.
    pub(super) fn with_inputs(&self, declared: &[Input], inputs: &Map) -> Self {
        let mut masks = self.clone();
        for input in declared {
            masks.add_input(input, inputs.get(&input.name));
        }
        masks
    }

    fn add_input(&mut self, input: &Input, value: Option<&Value>) {
        if input.sensitive {
            self.add(value);
        }
        match (&input.kind, value) {
            (Kind::Object { fields, .. }, Some(Value::Object(map))) => {
                fields.iter().for_each(|field| self.add_input(field, map.get(&field.name)));
            }
            (Kind::List(element), Some(Value::Array(items))) => {
                items.iter().for_each(|item| self.add_input(element, Some(item)));
            }
            _ => {}
        }
    }

    fn add(&mut self, value: Option<&Value>) {
        match value {
            Some(Value::Object(map)) => map.values().for_each(|value| self.add(Some(value))),
            Some(Value::Array(items)) => items.iter().for_each(|item| self.add(Some(item))),
            Some(Value::Null | Value::Bool(_)) | None => {}
            Some(value) => {
                let text = as_text(value);
                if !text.is_empty() {
                    self.texts.insert(text);
                }
            }
        }
    }

    /// A text with every masked text in it replaced.
    pub(super) fn text(&self, text: &str) -> String {
        if self.off {
            return text.to_owned();
        }
        // The longest first, so that no part of one remains of another.
        let mut masked: Vec<&String> = self.texts.iter().collect();
        masked.sort_by_key(|text| std::cmp::Reverse(text.len()));
        masked.into_iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), MASK))
    }

    /// A value with every masked text in it replaced; a number that is one becomes the mask.
    pub(super) fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Number(number) if !self.off && self.texts.contains(&number.to_string()) => Value::from(MASK),
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(map) => {
                Value::Object(map.iter().map(|(key, value)| (key.clone(), self.value(value))).collect())
            }
            other => other.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn masks(texts: &[&str], off: bool) -> Masks {
        Masks { texts: texts.iter().map(|&text| text.to_owned()).collect(), off }
    }

    #[test]
    fn masked_texts_vanish_wherever_they_stand() {
        let masks = masks(&["0911211211", "Ann", "Anna"], false);
        let masked = masks.value(&json!({"a": ["to Anna", {"b": 911211211, "c": "0911211211"}], "d": "Ann"}));
        assert_eq!(masked, json!({"a": ["to ***", {"b": 911211211, "c": "***"}], "d": "***"}));
    }

    #[test]
    fn numbers_are_masked_whole_and_unmask_shows_all() {
        assert_eq!(masks(&["15"], false).value(&json!([15, 150])), json!(["***", 150]));
        assert_eq!(masks(&["15"], true).value(&json!([15, "15"])), json!([15, "15"]));
    }
}
