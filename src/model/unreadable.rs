//! The mark for an answer that could not be read: it stands where the answer would, and reading it is an error.

use super::value::{Map, Value};

/// The one key of the mark, which people see where an answer is shown. An answer that spells it itself cannot be read either.
const KEY: &str = "$unreadable";

/// The mark, with why the answer could not be read.
#[must_use]
pub(crate) fn unreadable(why: &str) -> Value {
    Value::Object(Map::from_iter([(KEY.to_owned(), Value::from(why))]))
}

/// Why this value could not be read; `None` where it is not the mark.
#[must_use]
pub(crate) fn why_unreadable(value: &Value) -> Option<&str> {
    let map = value.as_object().filter(|map| map.len() == 1)?;
    map.get(KEY)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_the_mark_is_the_mark() {
        for other in [json!(null), json!({}), json!({"unreadable": "x"}), json!("unreadable"), json!([unreadable("x")])]
        {
            assert_eq!(why_unreadable(&other), None, "{other}");
        }
        assert_eq!(why_unreadable(&unreadable("it is compressed")), Some("it is compressed"));
    }
}
