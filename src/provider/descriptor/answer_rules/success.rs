//! When an answer is a success, and when two codes are equal.

use crate::model::{Map, Value, as_text, value_at, why_unreadable};

/// A rule of success for a body. Every part that is set must hold.
#[derive(Debug, Clone, Default)]
pub struct SuccessRule {
    /// The path that must have one of the codes.
    pub path: Option<String>,
    /// The codes; `1` equals `"1"`, `"00"` differs from `0`.
    pub is: Vec<Value>,
    /// A path that must be absent or null.
    pub absent: Option<String>,
    /// A path that must have a value.
    pub present: Option<String>,
}

impl SuccessRule {
    /// Whether the body is a success.
    #[must_use]
    pub fn holds(&self, body: &Value) -> bool {
        let there = |path: &str| value_at(body, path).is_some_and(|value| !value.is_null());
        let code = self.path.as_deref().is_none_or(|path| {
            value_at(body, path).is_some_and(|found| self.is.iter().any(|code| same_code(found, code)))
        });
        // A body that is not JSON does not show that something is absent.
        let lacks = |path: &str| !there(path) && !body.is_string() && why_unreadable(body).is_none();
        code && self.absent.as_deref().is_none_or(lacks) && self.present.as_deref().is_none_or(there)
    }

    /// Whether the body itself says success: by a code, or by a path that exists. A rule that only demands absence
    /// also holds for an empty body, so it does not count.
    #[must_use]
    pub(crate) fn says_success(&self, body: &Value) -> bool {
        (self.path.is_some() || self.present.is_some()) && self.holds(body)
    }

    /// The rule from an input of the form `{ path, is, absent, present }`.
    #[must_use]
    pub fn from_input(input: &Map) -> Self {
        let text = |key: &str| input.get(key).and_then(Value::as_str).map(str::to_owned);
        let is = match input.get("is") {
            Some(Value::Array(codes)) => codes.clone(),
            Some(code) => vec![code.clone()],
            None => Vec::new(),
        };
        Self { path: text("path"), is, absent: text("absent"), present: text("present") }
    }
}

/// Whether a found code is the expected one, compared as text: 1 equals "1", and "00" differs from 0.
#[must_use]
pub(crate) fn same_code(found: &Value, expected: &Value) -> bool {
    match (code_text(found), code_text(expected)) {
        (Some(found), Some(expected)) => found == expected,
        _ => false,
    }
}

/// A code as text: a text, a number (`1.0` as `1`) or a boolean; `None` for anything else.
#[must_use]
pub(crate) fn code_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(_) => {
            let text = as_text(value);
            let whole = text.split_once('.').filter(|(_, rest)| rest.bytes().all(|byte| byte == b'0'));
            Some(whole.map_or(text.clone(), |(whole, _)| whole.to_owned()))
        }
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rule() -> SuccessRule {
        SuccessRule { path: Some("h.code".into()), is: vec![json!("00")], ..SuccessRule::default() }
    }

    #[test]
    fn bodies_that_only_resemble_success_are_refused() {
        for body in [
            json!({"h": {"code": 0}}),
            json!({"h": {"code": "0"}}),
            json!({"h": {"code": ["00"]}}),
            json!({"h": {"code": null}}),
            json!({"h": "00"}),
            json!({}),
            json!([]),
            json!("00"),
            json!(null),
        ] {
            assert!(!rule().holds(&body), "{body}");
        }
        assert!(rule().holds(&json!({"h": {"code": "00"}})));
    }

    #[test]
    fn a_number_equals_its_text() {
        let rule = SuccessRule { path: Some("status".into()), is: vec![json!(1)], ..SuccessRule::default() };
        for body in [json!({"status": 1}), json!({"status": "1"}), json!({"status": 1.0})] {
            assert!(rule.holds(&body), "{body}");
        }
        for body in [json!({"status": "01"}), json!({"status": true}), json!({"status": 10}), json!({"status": 1.5})] {
            assert!(!rule.holds(&body), "{body}");
        }
    }

    #[test]
    fn a_rule_of_absence_is_satisfied_by_no_body_itself() {
        let absent = || Some("error".to_owned());
        for (rule, said) in [
            (SuccessRule::default(), false),
            (SuccessRule { absent: absent(), ..SuccessRule::default() }, false),
            (SuccessRule { present: Some("id".into()), ..SuccessRule::default() }, true),
            (SuccessRule { present: Some("id".into()), absent: absent(), ..SuccessRule::default() }, true),
            (SuccessRule { path: Some("code".into()), is: vec![json!(0)], ..SuccessRule::default() }, true),
            (SuccessRule { path: Some("code".into()), is: vec![json!(1)], ..SuccessRule::default() }, false),
        ] {
            assert_eq!(rule.says_success(&json!({"code": 0, "id": 7})), said, "{rule:?}");
        }
        let rule = SuccessRule { present: Some("id".into()), absent: absent(), ..SuccessRule::default() };
        assert!(!rule.says_success(&json!({"id": 7, "error": "no"})));
    }

    #[test]
    fn presence_and_absence_are_judged_together() {
        let rule =
            SuccessRule { absent: Some("R.Error".into()), present: Some("R.Id".into()), ..SuccessRule::default() };
        assert!(rule.holds(&json!({"R": {"Id": "x"}})));
        assert!(rule.holds(&json!({"R": {"Id": "x", "Error": null}})));
        assert!(!rule.holds(&json!({"R": {"Id": "x", "Error": {}}})));
        assert!(!rule.holds(&json!({"R": {}})));
        assert!(!rule.holds(&json!({})));
    }
}
