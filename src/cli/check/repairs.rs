//! What a repair changed and what it left, for people and for programs.

use serde_json::json;

use crate::diagnostic::{plural, plural_of, printable};
use crate::model::Value;
use crate::operate::{FixedFile, Left};
use crate::rows::Repair;

/// `fixed.csv: 3 cells of 2 rows changed`, and each kind of repair with its first cells.
pub(super) fn text(file: &FixedFile) -> String {
    let FixedFile { from, file, mended } = file;
    let mut text = match mended.cells {
        0 => format!("{}: a copy of {from}, nothing to repair", file.display()),
        cells => format!(
            "{}: {} of {} changed, the rest as in {from}",
            file.display(),
            plural_of(cells, "cell"),
            plural_of(mended.rows, "row"),
        ),
    };
    mended.changes.iter().for_each(|change| text.push_str(&kind(change)));
    text
}

/// The same for programs.
pub(super) fn json(file: &FixedFile) -> Value {
    let sample = |change: &Repair| -> Vec<Value> {
        let shown = change.samples.iter();
        shown.map(|one| json!({"row": one.row, "line": one.line, "old": one.old, "new": one.new})).collect()
    };
    let change = |change: &Repair| {
        let (column, rule) = (&change.column, change.rule.as_str());
        json!({"column": column, "rule": rule, "cells": change.cells, "samples": sample(change)})
    };
    let FixedFile { from, file, mended } = file;
    let changes: Vec<Value> = mended.changes.iter().map(change).collect();
    json!({"from": from, "file": file, "cells": mended.cells, "rows": mended.rows, "changes": changes})
}

/// One line for each code that a repair left; empty where nothing is left.
pub(super) fn left_text(left: &Left) -> String {
    let lines: String =
        left.each().map(|(code, count, why)| format!("\n  {code}: {}, {why}", plural(count, "message"))).collect();
    if lines.is_empty() { lines } else { format!("Left as they are:{lines}") }
}

/// The same for programs.
pub(super) fn left_json(left: &Left) -> Value {
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
