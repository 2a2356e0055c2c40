//! Failures of single items in an answer that is a success as a whole.

use super::success::{SuccessRule, code_text};
use crate::model::{Disposition, Value, value_at};

/// The rule for the elements of a list in a successful answer.
#[derive(Debug, Clone)]
pub struct ItemRule {
    /// The path of the list; if it is absent or empty, no item failed.
    pub list: String,
    /// The rule by which an element that is an object succeeded. For elements that are texts, its codes are the texts
    /// of success.
    pub ok: SuccessRule,
    /// The path of an element's message; `None` if the element is the message.
    pub message: Option<String>,
    /// The disposition if every element failed.
    pub all_failed: Disposition,
    /// The disposition if some elements failed.
    pub some_failed: Disposition,
}

/// A failure of one or more elements.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ItemFailure {
    pub(crate) disposition: Disposition,
    pub(crate) message: Option<String>,
}

impl Default for ItemFailure {
    fn default() -> Self {
        Self { disposition: Disposition::Unknown, message: None }
    }
}

impl ItemRule {
    /// The failure of elements; `None` if all succeeded.
    pub(crate) fn failure(&self, body: &Value) -> Option<ItemFailure> {
        let list = match value_at(body, &self.list)? {
            Value::Null => return None,
            Value::Array(list) => list,
            // Without a list, nothing is known of the items.
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
                return Some(ItemFailure::default());
            }
        };
        let failed: Vec<&Value> = list.iter().filter(|element| !self.is_fine(element)).collect();
        let first = failed.first()?;
        let text = match &self.message {
            Some(path) => value_at(first, path).and_then(code_text),
            None => code_text(first),
        };
        let counted = format!("{} of {} items failed", failed.len(), list.len());
        let message = text.filter(|text| !text.is_empty()).map_or(counted.clone(), |text| format!("{counted}: {text}"));
        let disposition = if failed.len() == list.len() { self.all_failed } else { self.some_failed };
        Some(ItemFailure { disposition, message: Some(message) })
    }

    fn is_fine(&self, element: &Value) -> bool {
        match element {
            Value::Object(_) => self.ok.holds(element),
            Value::Null => true,
            scalar @ (Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => code_text(scalar)
                .is_some_and(|text| {
                    text.is_empty() || self.ok.is.iter().any(|fine| code_text(fine).as_ref() == Some(&text))
                }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rule() -> ItemRule {
        ItemRule {
            list: "body.list".into(),
            ok: SuccessRule { path: Some("result".into()), is: vec![json!("OK")], ..SuccessRule::default() },
            message: Some("description".into()),
            all_failed: Disposition::Rejected,
            some_failed: Disposition::Unknown,
        }
    }

    #[test]
    fn one_failed_item_is_no_success() {
        let mixed = json!({"body": {"list": [{"result": "OK"}, {"result": "NO", "description": "why"}]}});
        let failure = rule().failure(&mixed).unwrap();
        assert_eq!(failure.disposition, Disposition::Unknown);
        assert_eq!(failure.message.as_deref(), Some("1 of 2 items failed: why"));
        let all = json!({"body": {"list": [{"result": "NO"}, {}]}});
        assert_eq!(rule().failure(&all).unwrap().disposition, Disposition::Rejected);
        let odd = json!({"body": {"list": "OK"}});
        assert_eq!(rule().failure(&odd).unwrap().disposition, Disposition::Unknown);
    }

    #[test]
    fn no_items_and_fine_items_say_nothing() {
        for fine in [json!({}), json!({"body": {"list": []}}), json!({"body": {"list": [{"result": "OK"}]}})] {
            assert_eq!(rule().failure(&fine), None, "{fine}");
        }
        let texts = ItemRule { ok: SuccessRule::default(), message: None, list: "l".into(), ..rule() };
        assert_eq!(texts.failure(&json!({"l": ["", null]})), None);
        assert_eq!(
            texts.failure(&json!({"l": ["", "bad"]})).unwrap().message.as_deref(),
            Some("1 of 2 items failed: bad")
        );
    }
}
