//! `lower`, `upper`, `trim`, `replace`, `concat`: texts changed and joined.

use super::helper::{Helper, HelperCall, example};
use crate::model::Value;

pub(super) const LOWER: Helper = Helper {
    name: "lower",
    usage: "lower TEXT",
    about: "The text in lower case; null stays null.",
    examples: &[
        example("{{ lower \"ÄPFEL and PEARS\" }}", r#""äpfel and pears""#),
        example("{{ lower row.remark }}", "null"),
    ],
    min_values: 1,
    max_values: 1,
    run: |call| call.map_text(|text| size_of(text.chars().flat_map(char::to_lowercase)), str::to_lowercase),
};

pub(super) const UPPER: Helper = Helper {
    name: "upper",
    usage: "upper TEXT",
    about: "The text in upper case; null stays null.",
    examples: &[example("{{ upper row.branch }}", r#""TP-01""#)],
    min_values: 1,
    max_values: 1,
    run: |call| call.map_text(|text| size_of(text.chars().flat_map(char::to_uppercase)), str::to_uppercase),
};

pub(super) const TRIM: Helper = Helper {
    name: "trim",
    usage: "trim TEXT",
    about: "The text without blanks at its ends; null stays null.",
    examples: &[example("{{ trim row.name }}", r#""Ann Lee""#)],
    min_values: 1,
    max_values: 1,
    run: |call| call.map_text(str::len, |text| text.trim().to_owned()),
};

pub(super) const REPLACE: Helper = Helper {
    name: "replace",
    usage: "replace TEXT OLD NEW",
    about: "The text with every OLD replaced by NEW; null stays null.",
    examples: &[
        example("{{ replace row.branch \"-\" \"/\" }}", r#""tp/01""#),
        example("{{ replace \"a.b.c\" \".\" \"\" }}", r#""abc""#),
    ],
    min_values: 3,
    max_values: 3,
    run: replace,
};

fn replace(call: &HelperCall<'_>) -> Result<Value, String> {
    let (old, new) = (call.text(1)?, call.text(2)?);
    if old.is_empty() {
        return Err("what is replaced must not be empty".to_owned());
    }
    let size = |text: &str| {
        let found = text.matches(&*old).count();
        (text.len() - found * old.len()).saturating_add(found.saturating_mul(new.len()))
    };
    call.map_text(size, |text| text.replace(&*old, &new))
}

/// The number of bytes that characters take as UTF-8.
fn size_of(chars: impl Iterator<Item = char>) -> usize {
    chars.map(char::len_utf8).sum()
}

pub(super) const CONCAT: Helper = Helper {
    name: "concat",
    usage: "concat VALUE VALUE…",
    about: "The texts one after the other; null counts as nothing.",
    examples: &[
        example("{{ concat row.branch \":\" row.count }}", r#""tp-01:12""#),
        example("{{ concat \"<\" row.remark \">\" }}", r#""<>""#),
    ],
    min_values: 1,
    max_values: usize::MAX,
    run: concat,
};

fn concat(call: &HelperCall<'_>) -> Result<Value, String> {
    let mut out = call.new_text();
    for (index, value) in call.values().enumerate() {
        if !value.is_null() {
            out.push(&call.text(index)?)?;
        }
    }
    Ok(Value::String(out.into_text()))
}
