//! The messages with one cause, shown as one: their number, the first places for people, all messages for programs.

use super::message::{AboutRow, Diagnostic, Severity, place_json};
use crate::diagnostic::location::Place;
use crate::diagnostic::text::{plural, shortened};
use crate::model::Value;

/// How many places of a group are shown to people.
pub(super) const PLACES_SHOWN: usize = 3;
/// How many characters of a row's key are shown to people.
const KEY_SHOWN: usize = 60;

/// The messages with one cause.
#[derive(Debug, Clone)]
pub struct CauseGroup<'d> {
    /// The kept messages in the order of their places; at least one.
    pub(super) all: Vec<&'d Diagnostic>,
    /// The number of messages, including those not kept.
    pub(super) count: usize,
}

impl<'d> CauseGroup<'d> {
    /// The first message, which is shown for all.
    #[must_use]
    pub fn first(&self) -> &'d Diagnostic {
        self.all[0]
    }

    /// The number of messages, including those not kept.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The severity of the messages.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.first().severity
    }

    /// The message of the first, with the key of its row and the number of messages.
    #[must_use]
    pub fn message(&self) -> String {
        let first = self.first();
        let mut text = first.message.clone();
        if let Some(row) = &first.row {
            let unplaced = !first.places.iter().any(|(place, _)| place.file == row.file);
            let file = if unplaced { format!(" of {}", row.file) } else { String::new() };
            let named = |key: &String| first.message.contains(&format!("`{}`", shortened(key, KEY_SHOWN)));
            match &row.key {
                Some(key) if named(key) && !unplaced => {}
                Some(key) => text.push_str(&format!(" (key `{}`{file})", shortened(key, KEY_SHOWN))),
                None if unplaced => text.push_str(&format!(" ({})", row.file)),
                None => {}
            }
        }
        if self.count > 1 {
            let what = if first.row.is_some() { "row" } else { "place" };
            let shown =
                if self.count > PLACES_SHOWN { format!(", the first {PLACES_SHOWN} are shown") } else { String::new() };
            text.push_str(&format!("; {} in all have this cause{shown}", plural(self.count, what)));
        }
        text
    }

    /// The places of the first messages, then the places that all messages share.
    #[must_use]
    pub fn places(&self) -> Vec<(Place, String)> {
        let (mut own, mut shared) = (Vec::new(), Vec::new());
        for (index, one) in self.all.iter().take(PLACES_SHOWN).enumerate() {
            for (place, label) in &one.places {
                match &one.row {
                    Some(row) if place.file != row.file => shared.push((place.clone(), label.clone())),
                    Some(row) if index > 0 || self.count > 1 => own.push((place.clone(), row_label(label, row))),
                    Some(_) | None => own.push((place.clone(), label.clone())),
                }
            }
        }
        shared.dedup_by(|one, other| one.0 == other.0);
        own.into_iter().chain(shared).collect()
    }

    /// The first message as in `Diagnostic::to_json`, with `row`, `key` and `count`. If there are several,
    /// `occurrences` has each message's own `row`, `key`, `message`, `file`, `line`, `column` and `end`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut json = self.first().to_json();
        json["count"] = self.count.into();
        if self.count > 1 {
            json["occurrences"] = self.all.iter().map(|one| occurrence(one)).collect();
        }
        json
    }
}

/// The label of a place, with the row's number and key unless it has them already.
fn row_label(label: &str, row: &AboutRow) -> String {
    let key = row.key.as_ref().map(|key| format!(", key `{}`", shortened(key, KEY_SHOWN))).unwrap_or_default();
    let named = format!("row {}", row.number);
    if label.ends_with(&named) {
        return format!("{label}{key}");
    }
    let ahead = if label.is_empty() { String::new() } else { format!("{label}: ") };
    format!("{ahead}{named}{key}")
}

fn occurrence(one: &Diagnostic) -> Value {
    let place = one.places.first().map(|(place, label)| place_json(place, label));
    let of = |key: &str| place.as_ref().map_or(Value::Null, |place| place[key].clone());
    let (row, key) = one.row.as_ref().map_or((None, None), |row| (Some(row.number), row.key.clone()));
    serde_json::json!({
        "row": row,
        "key": key,
        "message": one.message,
        "file": of("file"),
        "line": of("line"),
        "column": of("column"),
        "end": of("end"),
    })
}
