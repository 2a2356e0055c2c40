//! Masks people's data: whole values, and the same values inside longer texts.
//!
//! A text that equals a value is always masked. In a text that was built from values, their places are always masked.
//!
//! Inside other texts, a value is masked as written and as escaped for JSON, URLs and HTML: from 8 characters on
//! anywhere, from 4 to 7 only as a word of its own, and from 2 on if it has a letter beyond ASCII, as Chinese names
//! do. Shorter values and words such as `true` or `none` are left, because masking them would make every sentence
//! unreadable. Of a long value its beginning is enough, because messages cut values short.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::super::value::{Map, Value, as_text};
use super::views::{has_signs, merged, ranges, replaced};

/// Replaces a masked value.
pub const MASK: &str = "***";

/// Fewest characters of a value that is masked inside words.
const ANYWHERE: usize = 8;
/// Fewest characters of a value that is masked as a word of its own.
const AS_WORD: usize = 4;
/// The same for a value with a letter beyond ASCII, where scripts have no word boundaries.
const BEYOND_ASCII: usize = 2;
/// Characters at the start of a value by which it is found, as the rest may be cut off.
const HEAD: usize = 24;
/// From this length on, in bytes, a text may have been cut in the middle of a value.
const CUT: usize = 400;
/// Words that carry no personal data.
const PLAIN_WORDS: [&str; 6] = ["true", "false", "null", "none", "unknown", "n/a"];

/// The values to mask.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Masks {
    texts: BTreeSet<String>,
    /// Texts built from values, with the byte ranges of the values in them.
    made: BTreeMap<String, Vec<Range<usize>>>,
}

impl Masks {
    /// Adds a value and all values inside it. Null, `true`, `false` and blank texts are ignored.
    pub fn add(&mut self, value: &Value) {
        match value {
            Value::Object(map) => map.values().for_each(|value| self.add(value)),
            Value::Array(items) => items.iter().for_each(|item| self.add(item)),
            Value::Null | Value::Bool(_) => {}
            Value::String(_) | Value::Number(_) => {
                let text = as_text(value);
                let text = text.trim();
                if !text.is_empty() && !is_plain_word(text) {
                    self.texts.insert(text.to_owned());
                }
            }
        }
    }

    /// Adds a text built from values, with their byte ranges, which are masked whatever their length.
    pub fn add_made(&mut self, text: String, places: Vec<Range<usize>>) {
        self.made.insert(text, places);
    }

    /// Adds everything from another set.
    pub fn extend(&mut self, others: Self) {
        self.texts.extend(others.texts);
        self.made.extend(others.made);
    }

    /// Whether there is nothing to mask.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.made.is_empty()
    }

    /// Masks the values in a text.
    #[must_use]
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.is_empty() {
            return Cow::Borrowed(text);
        }
        if self.texts.contains(text.trim()) {
            return Cow::Borrowed(MASK);
        }
        let signs = self.texts.iter().chain(self.made.keys()).any(|text| has_signs(text.as_bytes()));
        let mut found = ranges(text.as_bytes(), signs, &mut |view, found| self.find(view, found));
        if let Some(places) = self.made.get(text) {
            found.extend(places.iter().cloned());
            found = merged(found);
        }
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(String::from_utf8_lossy(&replaced(text.as_bytes(), &found, MASK)).into_owned())
    }

    /// Masks the values inside a JSON value, also in field names. A number that equals a value becomes the mask.
    #[must_use]
    pub fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text).into_owned()),
            Value::Number(number) if self.texts.contains(&number.to_string()) => Value::from(MASK),
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(map) => {
                let masked = map.iter().map(|(name, value)| (self.text(name).into_owned(), self.value(value)));
                Value::Object(masked.collect::<Map>())
            }
            other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other.clone(),
        }
    }

    fn find(&self, view: &[u8], found: &mut Vec<Range<usize>>) {
        for (text, places) in self.made.iter().filter(|(text, _)| is_telling(text)) {
            let mut from = 0;
            while let Some(at) = view.get(from..).and_then(|rest| position(rest, text.as_bytes())) {
                found.extend(places.iter().map(|place| from + at + place.start..from + at + place.end));
                from += at + 1;
            }
        }
        for text in self.texts.iter().filter(|text| is_telling(text)) {
            each_place(view, text, found);
            if text.contains(' ') {
                each_place(view, &text.replace(' ', "+"), found);
            }
            if view.len() >= CUT {
                found.extend(begun_at_the_end(view, text));
            }
        }
    }
}

fn is_plain_word(text: &str) -> bool {
    PLAIN_WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether a value is long enough to be masked inside longer texts.
fn is_telling(text: &str) -> bool {
    let least = if is_ascii_alone(text) { AS_WORD } else { BEYOND_ASCII };
    text.chars().count() >= least
}

fn is_ascii_alone(text: &str) -> bool {
    !text.chars().any(|char| !char.is_ascii() && char.is_alphanumeric())
}

fn each_place(view: &[u8], text: &str, found: &mut Vec<Range<usize>>) {
    let head = text.char_indices().nth(HEAD).map_or(text, |(end, _)| &text[..end]);
    let needle = head.as_bytes();
    let as_word = text.chars().count() < ANYWHERE;
    let mut from = 0;
    while let Some(at) = view.get(from..).and_then(|rest| position(rest, needle)) {
        let rest = text.as_bytes()[needle.len()..].iter().zip(&view[from + at + needle.len()..]);
        let more = rest.take_while(|(one, other)| one == other).count();
        let range = from + at..from + at + needle.len() + more;
        if !as_word || (parts(view, range.start) && parts(view, range.end)) {
            found.push(range.clone());
        }
        from = range.start + 1;
    }
}

/// The range at the end of a text that holds the beginning of a value; `None` if there is none.
fn begun_at_the_end(view: &[u8], text: &str) -> Option<Range<usize>> {
    let lengths = (AS_WORD..text.len()).rev();
    let length = lengths.into_iter().find(|length| view.ends_with(&text.as_bytes()[..*length]))?;
    Some(view.len() - length..view.len())
}

fn position(text: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let last = text.len().checked_sub(needle.len())?;
    (0..=last).find(|at| text[*at] == first && text[*at..].starts_with(needle))
}

/// Whether a word may start or end here: there are not ASCII letters or digits on both sides.
fn parts(text: &[u8], at: usize) -> bool {
    let is_word = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    !(is_word(at.checked_sub(1)) && is_word(Some(at)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn masks(values: &[Value]) -> Masks {
        let mut masks = Masks::default();
        values.iter().for_each(|value| masks.add(value));
        masks
    }

    #[test]
    fn a_vendors_words_are_masked_in_every_form() {
        let masks = masks(&[json!("0911222333"), json!("王小明"), json!("Mei Lin"), json!("a\"b/c@x.tw")]);
        for (text, shown) in [
            ("phone 0911222333 is invalid", "phone *** is invalid"),
            ("tel:+8860911222333x", "tel:+886***x"),
            ("客户王小明不存在", "客户***不存在"),
            (r"name \u738b\u5c0f\u660e", "name ***"),
            ("?name=%E7%8E%8B%E5%B0%8F%E6%98%8E&to=Mei+Lin", "?name=***&to=***"),
            (r#"{"mail":"a\"b\/c@x.tw"}"#, r#"{"mail":"***"}"#),
            ("mail=a%22b%2Fc%40x.tw;", "mail=***;"),
        ] {
            assert_eq!(masks.text(text), shown);
        }
    }

    #[test]
    fn short_values_and_common_words_are_left_in_texts() {
        let masks =
            masks(&[json!("no"), json!(15), json!("true"), json!("able"), json!(""), json!(" "), json!("None")]);
        for text in ["no such order: 15 at most, true or none", "unable to pay", "parable"] {
            assert_eq!(masks.text(text), text);
        }
        assert_eq!(masks.text("not able: (able)"), "not ***: (***)");
        assert_eq!(masks.text("no"), MASK);
        assert_eq!(masks.value(&json!([15, 150, "15", "true", true])), json!([MASK, 150, MASK, "true", true]));
    }

    #[test]
    fn whole_values_are_masked_wherever_they_stand() {
        let masks = masks(&[json!({"a": ["0911211211", {"b": "Ann Smith"}]}), json!("12345678901234567890")]);
        let shown = masks.value(&json!({"a": ["to Ann Smith", {"0911211211": null}], "n": 7}));
        assert_eq!(shown, json!({"a": ["to ***", {"***": null}], "n": 7}));
        assert_eq!(masks.value(&serde_json::from_str("[12345678901234567890]").unwrap_or_default()), json!([MASK]));
    }

    #[test]
    fn overlapping_values_are_masked_together() {
        let masks = masks(&[json!("0911222"), json!("0911222333"), json!("222333444")]);
        assert_eq!(masks.text("x 0911222333444 y"), "x *** y");
    }

    #[test]
    fn a_value_that_a_message_cuts_short_is_found_by_its_beginning() {
        let masks = masks(&[json!("No. 1, Zhongshan Road, Taipei City, 3rd floor")]);
        assert_eq!(masks.text("`No. 1, Zhongshan Road, Taipei…` is no date"), "`***…` is no date");
        assert_eq!(masks.text("No. 1, Zhongshan"), "No. 1, Zhongshan");
        let long = "x ".repeat(250);
        assert_eq!(masks.text(&format!("{long}No. 1, Zhong")), format!("{long}***"));
    }

    #[test]
    fn texts_built_from_values_are_masked_at_their_places_however_short() {
        let mut masks = masks(&[json!("09")]);
        masks.add_made("/p/09/list of 12".to_owned(), vec![3..5, 14..16]);
        assert_eq!(masks.text("/p/09/list of 12"), "/p/***/list of ***");
        assert_eq!(masks.text("GET /v1/p/09/list of 12?page=09"), "GET /v1/p/***/list of ***?page=09");
        assert_eq!(masks.text("/p/09/list%20of%2012"), "/p/***/list%20of%20***");
        assert_eq!(masks.text("/p/10/list of 12"), "/p/10/list of 12");
        assert_eq!(
            masks.value(&json!({"a": "/p/09/list of 12", "b": [12, "09"]})),
            json!({"a": "/p/***/list of ***", "b": [12, MASK]})
        );
    }

    #[test]
    fn without_values_nothing_changes() {
        assert!(matches!(Masks::default().text("a\\u0041%41"), Cow::Borrowed("a\\u0041%41")));
        assert!(Masks::default().is_empty());
    }

    proptest! {
        #[test]
        fn no_long_value_remains_in_any_text(head in "\\PC{0,12}", value in "[a-z0-9@.]{8,20}", tail in "\\PC{0,12}") {
            let shown = masks(&[json!(value)]).text(&format!("{head} {value} {tail}")).into_owned();
            prop_assert!(!shown.contains(&value));
        }
    }
}
