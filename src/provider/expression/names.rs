//! The names that expressions of provider files use, with their values.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::{Map, Secret, Value, value_at, words};

words! {
    /// The roots that an expression may name.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) enum NameRoot {
        Inputs = "inputs",
        Outputs = "outputs",
        Settings = "settings",
        Token = "token",
        Credentials = "credentials",
        Attempt = "attempt",
        Intent = "intent",
        Answer = "answer",
        Match = "match",
    }
}

/// The values of the names. A root that is `None` has no names.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Names<'a> {
    /// The call's inputs.
    pub(crate) inputs: Option<&'a Map>,
    /// The outputs of the call's answer.
    pub(crate) outputs: Option<&'a Map>,
    /// The connection's and the step's settings.
    pub(crate) settings: Option<&'a Map>,
    /// The values that the token exchange returned.
    pub(crate) token: Option<&'a BTreeMap<String, Secret>>,
    /// The connection's credentials.
    pub(crate) credentials: Option<&'a BTreeMap<String, Secret>>,
    /// The values that are new in each attempt: `uuid`, `unix`.
    pub(crate) attempt: Option<&'a Map>,
    /// The call that is looked up: `unix`, the second of its intent.
    pub(crate) intent: Option<&'a Map>,
    /// An answer's body.
    pub(crate) answer: Option<&'a Value>,
    /// The element of the answer that belongs to the call.
    pub(crate) found: Option<&'a Value>,
}

impl<'a> Names<'a> {
    /// The value of a name; null if it has none.
    pub(crate) fn get(&self, path: &[String]) -> Cow<'a, Value> {
        self.find(path).unwrap_or(Cow::Owned(Value::Null))
    }

    fn find(&self, path: &[String]) -> Option<Cow<'a, Value>> {
        let (root, rest) = path.split_first()?;
        match NameRoot::named(root)? {
            NameRoot::Inputs => under_map(self.inputs?, rest),
            NameRoot::Outputs => under_map(self.outputs?, rest),
            NameRoot::Settings => under_map(self.settings?, rest),
            NameRoot::Attempt => under_map(self.attempt?, rest),
            NameRoot::Intent => under_map(self.intent?, rest),
            NameRoot::Token => under_secrets(self.token?, rest),
            NameRoot::Credentials => under_secrets(self.credentials?, rest),
            NameRoot::Answer => under(self.answer?, rest),
            NameRoot::Match => under(self.found?, rest),
        }
    }
}

fn under_map<'a>(map: &'a Map, path: &[String]) -> Option<Cow<'a, Value>> {
    let (first, rest) = path.split_first()?;
    under(map.get(first)?, rest)
}

fn under<'a>(value: &'a Value, path: &[String]) -> Option<Cow<'a, Value>> {
    path.iter().try_fold(value, |at, segment| value_at(at, segment)).map(Cow::Borrowed)
}

fn under_secrets<'a>(secrets: &BTreeMap<String, Secret>, path: &[String]) -> Option<Cow<'a, Value>> {
    let [name] = path else { return None };
    secrets.get(name).map(|secret| Cow::Owned(Value::String(secret.expose().to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn path(text: &str) -> Vec<String> {
        text.split('.').map(str::to_owned).collect()
    }

    #[test]
    fn missing_names_are_null() {
        let inputs = json!({"a": {"b": 1}}).as_object().cloned().unwrap();
        let names = Names { inputs: Some(&inputs), ..Names::default() };
        for absent in ["inputs", "inputs.b", "inputs.a.c", "inputs.a.b.c", "settings.a", "token.x", "nothing.x"] {
            assert!(names.get(&path(absent)).is_null(), "{absent}");
        }
        assert_eq!(*names.get(&path("inputs.a.b")), json!(1));
    }
}
