//! Sample cells: from the examples of operations, and others within the same bounds.

use crate::model::{Value, as_text};
use crate::provider::{Input, InputKind, TimeForm};

/// A time that lies ahead, as in the example playbooks.
const AHEAD: &str = "2035-03-31T18:00:00+08:00";
/// A day that lies ahead.
const AHEAD_DAY: &str = "2035-03-31";
/// From this number of characters on, a text counts as an id of fixed length.
const ID: usize = 20;

/// The cell of the first row.
pub(super) fn first_cell(input: &Input, example: Option<&Value>) -> String {
    match (&input.kind, example) {
        (InputKind::Time(TimeForm::Date), _) => AHEAD_DAY.to_owned(),
        (InputKind::Time(_), _) => AHEAD.to_owned(),
        (_, Some(value)) => as_text(value),
        (InputKind::Integer | InputKind::Number, None) => input.bounds.minimum.unwrap_or(1).to_string(),
        (InputKind::Boolean, None) => "true".to_owned(),
        (InputKind::Object { .. }, None) => "{}".to_owned(),
        (InputKind::List(_), None) => "[]".to_owned(),
        (InputKind::String | InputKind::Any, None) => {
            let least = usize::try_from(input.bounds.min_length.unwrap_or(0)).unwrap_or(0);
            format!("{:x<least$}", "sample")
        }
    }
}

/// The cell of a later row: a different one, where the bounds allow it.
pub(super) fn later_cell(input: &Input, first: &str, row: u32) -> String {
    candidates(first, row).into_iter().find(|cell| fits(input, cell)).unwrap_or_else(|| first.to_owned())
}

fn candidates(first: &str, row: u32) -> Vec<String> {
    let Some(last) = first.chars().last() else { return Vec::new() };
    let head = &first[..first.len() - last.len_utf8()];
    let counted = last.to_digit(10).map(|digit| format!("{head}{}", (digit + row) % 10));
    let (longer, same) = (format!("{first}-{}", row + 1), format!("{head}{}", row + 1));
    let more = if is_id(first) { [same, longer] } else { [longer, same] };
    counted.into_iter().chain(more).collect()
}

/// Whether a text looks like an id of fixed length.
pub(super) fn is_id(text: &str) -> bool {
    text.chars().count() >= ID && !text.contains(char::is_whitespace)
}

/// Whether a text is within the bounds of an input.
fn fits(input: &Input, text: &str) -> bool {
    let bounds = &input.bounds;
    let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    let number = text.parse::<i64>();
    let typed = match input.kind {
        InputKind::Integer => number.is_ok(),
        InputKind::String | InputKind::Any => true,
        InputKind::Number | InputKind::Boolean | InputKind::Time(_) | InputKind::Object { .. } | InputKind::List(_) => {
            false
        }
    };
    let below = |least: i64| number.as_ref().is_ok_and(|number| *number < least);
    let above = |most: i64| number.as_ref().is_ok_and(|number| *number > most);
    typed
        && bounds.one_of.is_empty()
        && bounds.min_length.is_none_or(|least| length >= least)
        && bounds.max_length.is_none_or(|most| length <= most)
        && !bounds.minimum.is_some_and(below)
        && !bounds.maximum.is_some_and(above)
        && bounds.pattern.as_ref().is_none_or(|pattern| pattern.regex.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Registry;

    #[test]
    fn every_later_cell_keeps_the_bounds_or_repeats_the_first() {
        for operation in Registry::builtin().operations() {
            let example = operation.examples.first().map(|example| &example.inputs);
            for input in &operation.inputs {
                let first = first_cell(input, example.and_then(|inputs| inputs.get(&input.name)));
                let second = later_cell(input, &first, 1);
                assert!(second == first || fits(input, &second), "{}: {second}", operation.full_name());
            }
        }
    }

    #[test]
    fn ids_differ_from_row_to_row() {
        let operation = |name: &str| Registry::builtin().operation(name).unwrap();
        let request = operation("http.request");
        let path = request.inputs.iter().find(|input| input.name == "path").unwrap();
        assert_eq!(later_cell(path, "/things", 1), "/things-2");
        assert_eq!(later_cell(path, "/things/1", 2), "/things/3");
    }
}
