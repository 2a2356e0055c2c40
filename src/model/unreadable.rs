//! The mark that replaces an answer that could not be read. Using it in a template is an error.

use super::value::{Map, Value};

/// The only key of the mark, which people see where an answer is shown. An answer that contains this key itself
/// cannot be used either.
const KEY: &str = "$unreadable";

/// Makes the mark, with the reason why the answer could not be read.
#[must_use]
pub(crate) fn unreadable(why: &str) -> Value {
    Value::Object(Map::from_iter([(KEY.to_owned(), Value::from(why))]))
}

/// Why the answer could not be read; `None` if the value is not the mark.
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
    fn only_the_mark_itself_is_recognised() {
        for other in [json!(null), json!({}), json!({"unreadable": "x"}), json!("unreadable"), json!([unreadable("x")])]
        {
            assert_eq!(why_unreadable(&other), None, "{other}");
        }
        assert_eq!(why_unreadable(&unreadable("it is compressed")), Some("it is compressed"));
    }
}
