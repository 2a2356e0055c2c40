//! The messages of one cause as one: how many there are, the first of them with their places, all of them for programs.

use super::message::{AboutRow, Diagnostic, Severity, place_json};
use crate::diagnostic::location::Place;
use crate::diagnostic::text::{plural, shortened};
use crate::model::Value;

/// How many of its places a block shows to people.
pub(super) const PLACES_SHOWN: usize = 3;
/// How much of a key is shown to people.
const KEY_SHOWN: usize = 60;

/// The messages of one cause.
#[derive(Debug, Clone)]
pub struct CauseGroup<'d> {
    /// Those that are kept, in the order of their places; at least one.
    pub(super) all: Vec<&'d Diagnostic>,
    /// How many there are, those not kept included.
    pub(super) count: usize,
}

impl<'d> CauseGroup<'d> {
    /// The first of them, which speaks for the others.
    #[must_use]
    pub fn first(&self) -> &'d Diagnostic {
        self.all[0]
    }

    /// How many messages it stands for.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.first().severity
    }

    /// The first one's sentence with its row's key, and how many others there are.
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

    /// The places of the first messages, then those that all of them share.
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

    /// The first one as `Diagnostic::to_json`, with `row`, `key`, `count` and, where there are several, `occurrences`:
    /// of each message its own `row`, `key`, `message`, `file`, `line`, `column` and `end`.
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

/// A place's label with the row's number and key, as far as it does not name them.
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
