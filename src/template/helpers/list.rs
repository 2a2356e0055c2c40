//! `len`, `split`, `join`, `lookup`, `find`: helpers for lists and maps.

use super::compare::equal;
use super::helper::{Helper, HelperCall, example};
use crate::diagnostic::shortened;
use crate::model::{Value, as_text};
use crate::template::values::value_kind;

/// How many characters of a value a message shows.
const SHOWN: usize = 80;

pub(super) const LEN: Helper = Helper {
    name: "len",
    usage: "len VALUE",
    about: "How many elements a list or map has, or characters a text; 0 for null.",
    examples: &[
        example("{{ len row.customers }}", "2"),
        example("{{ len \"預約\" }}", "2"),
        example("{{ len row.remark }}", "0"),
    ],
    min_values: 1,
    max_values: 1,
    run: len,
};

fn len(call: &HelperCall<'_>) -> Result<Value, String> {
    match call.value(0) {
        Value::Null => Ok(Value::from(0)),
        Value::String(text) => Ok(Value::from(text.chars().count())),
        Value::Array(items) => Ok(Value::from(items.len())),
        Value::Object(map) => Ok(Value::from(map.len())),
        other @ (Value::Bool(_) | Value::Number(_)) => {
            Err(format!("it takes a list, a map or a text, and this is {}", value_kind(other)))
        }
    }
}

pub(super) const SPLIT: Helper = Helper {
    name: "split",
    usage: "split TEXT SEPARATOR",
    about: "The parts of a text between separators, as a list; `[]` for null and for an empty text.",
    examples: &[
        example("{{ split \"a;b;;c\" \";\" }}", r#"["a","b","","c"]"#),
        example("{{ split row.remark \";\" }}", "[]"),
    ],
    min_values: 2,
    max_values: 2,
    run: split,
};

fn split(call: &HelperCall<'_>) -> Result<Value, String> {
    let separator = call.text(1)?;
    if separator.is_empty() {
        return Err("the separator must not be empty".to_owned());
    }
    if call.is_null(0) {
        return Ok(Value::Array(Vec::new()));
    }
    let text = call.text(0)?;
    let count = text.matches(&*separator).count() + 1;
    call.check_size(text.len().saturating_add(count.saturating_mul(size_of::<Value>())))?;
    let parts = text.split(&*separator).filter(|_| !text.is_empty()).map(Value::from);
    Ok(Value::Array(parts.collect()))
}

pub(super) const JOIN: Helper = Helper {
    name: "join",
    usage: "join LIST SEPARATOR",
    about: "The elements of a list as one text; null stays null.",
    examples: &[
        example("{{ join row.moderators \", \" }}", r#""e1, e2""#),
        example("{{ join (split \"a;b\" \";\") \"\" }}", r#""ab""#),
    ],
    min_values: 2,
    max_values: 2,
    run: join,
};

fn join(call: &HelperCall<'_>) -> Result<Value, String> {
    let separator = call.text(1)?;
    if call.is_null(0) {
        return Ok(Value::Null);
    }
    let mut out = call.new_text();
    for (place, item) in call.list(0)?.iter().enumerate() {
        if place > 0 {
            out.push(&separator)?;
        }
        out.push_value(item)?;
    }
    Ok(Value::String(out.into_text()))
}

pub(super) const LOOKUP: Helper = Helper {
    name: "lookup",
    usage: "lookup VALUE KEY",
    about: "The entry of a map, or the element of a list counted from 0; null where there is none.",
    examples: &[
        example("{{ lookup steps.task.body \"task_num\" }}", r#""T-1""#),
        example("{{ lookup steps.task.body \"missing\" }}", "null"),
        example("{{ lookup row.moderators 1 }}", r#""e2""#),
    ],
    min_values: 2,
    max_values: 2,
    run: lookup,
};

fn lookup(call: &HelperCall<'_>) -> Result<Value, String> {
    let found = match call.value(0) {
        Value::Null => None,
        Value::Object(map) => map.get(&*call.text(1)?),
        Value::Array(items) => call.text(1)?.parse::<usize>().ok().and_then(|index| items.get(index)),
        other @ (Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            return Err(format!("it looks into a map or a list, and this is {}", value_kind(other)));
        }
    };
    Ok(found.cloned().unwrap_or_default())
}

pub(super) const FIND: Helper = Helper {
    name: "find",
    usage: "find LIST FIELD VALUE",
    about: "The one element of a list whose field equals the value; none or several are an error.",
    examples: &[example("{{ find row.customers \"phone\" \"0911211211\" }}", r#"{"name":"Ann","phone":"0911211211"}"#)],
    min_values: 3,
    max_values: 3,
    run: find,
};

fn find(call: &HelperCall<'_>) -> Result<Value, String> {
    let (items, field, wanted) = (call.list(0)?, call.text(1)?, call.value(2));
    let matches = |item: &&Value| item.get(&*field).is_some_and(|value| equal(value, wanted));
    let mut found = items.iter().filter(matches);
    let shown = || format!("whose `{}` is `{}`", shortened(&field, SHOWN), shortened(&as_text(wanted), SHOWN));
    match (found.next(), found.count()) {
        (Some(item), 0) => Ok(item.clone()),
        (Some(_), more) => Err(format!("{} elements {} where one is wanted", more + 1, shown())),
        (None, _) => Err(format!("no element {} among {}", shown(), items.len())),
    }
}
