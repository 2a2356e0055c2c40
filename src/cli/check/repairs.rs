//! What a repair changed and what it left, as text and as JSON.

use serde_json::json;

use crate::diagnostic::{plural, plural_of, printable};
use crate::model::Value;
use crate::operate::{RepairedFile, Unrepaired};
use crate::rows::Repair;

/// The text of a repaired file: `fixed.csv: 3 cells of 2 rows changed`, and each kind of repair with its first cells.
pub(super) fn text(file: &RepairedFile) -> String {
    let RepairedFile { from, file, summary } = file;
    let mut text = match summary.cells {
        0 => format!("{}: a copy of {from}, nothing to repair", file.display()),
        cells => format!(
            "{}: {} of {} changed, the rest as in {from}",
            file.display(),
            plural_of(cells, "cell"),
            plural_of(summary.rows, "row"),
        ),
    };
    summary.changes.iter().for_each(|change| text.push_str(&kind(change)));
    text
}

/// A repaired file as JSON.
pub(super) fn json(file: &RepairedFile) -> Value {
    let sample = |change: &Repair| -> Vec<Value> {
        let shown = change.samples.iter();
        shown.map(|one| json!({"row": one.row, "line": one.line, "old": one.old, "new": one.new})).collect()
    };
    let change = |change: &Repair| {
        let (column, rule) = (&change.column, change.rule.as_str());
        json!({"column": column, "rule": rule, "cells": change.cells, "samples": sample(change)})
    };
    let RepairedFile { from, file, summary } = file;
    let changes: Vec<Value> = summary.changes.iter().map(change).collect();
    json!({"from": from, "file": file, "cells": summary.cells, "rows": summary.rows, "changes": changes})
}

/// One line for each code that a repair left; empty where nothing is left.
pub(super) fn unrepaired_text(left: &Unrepaired) -> String {
    let lines: String =
        left.each().map(|(code, count, why)| format!("\n  {code}: {}, {why}", plural(count, "message"))).collect();
    if lines.is_empty() { lines } else { format!("Left as they are:{lines}") }
}

/// The codes that a repair left, as JSON.
pub(super) fn unrepaired_json(left: &Unrepaired) -> Value {
    left.each().map(|(code, count, why)| json!({"code": code, "messages": count, "why": why})).collect()
}

fn kind(change: &Repair) -> String {
    let cells = plural_of(change.cells, "cell");
    let mut text = format!("\n  {}: {cells}, {}", change.column, change.rule.words());
    for sample in &change.samples {
        let (old, new) = (printable(&sample.old).into_owned(), printable(&sample.new).into_owned());
        text.push_str(&format!("\n    row {}: \"{old}\" → \"{new}\"", sample.row));
    }
    if change.cells > change.samples.len() as u64 {
        text.push_str("\n    …");
    }
    text
}
