//! What was repaired in a file, for people and for programs.

use std::path::PathBuf;

use serde_json::json;

use crate::cli::failure::plural;
use crate::diagnostic::printable;
use crate::model::Value;
use crate::rows::{Change, Mended};

/// A repaired file.
#[derive(Debug)]
pub(crate) struct FileFix {
    /// The file that it was, for people.
    pub(crate) from: String,
    /// The file that it is.
    pub(crate) file: PathBuf,
    /// What was repaired.
    pub(crate) mended: Mended,
}

impl FileFix {
    /// `fixed.csv: 3 cells of 2 rows changed`, and each kind of repair with its first cells.
    pub(crate) fn text(&self) -> String {
        let mended = &self.mended;
        let mut text = match mended.cells {
            0 => format!("{}: a copy of {}, nothing to repair", self.file.display(), self.from),
            cells => format!(
                "{}: {} of {} changed, the rest as in {}",
                self.file.display(),
                plural(usize::try_from(cells).unwrap_or(usize::MAX), "cell"),
                plural(usize::try_from(mended.rows).unwrap_or(usize::MAX), "row"),
                self.from
            ),
        };
        mended.changes.iter().for_each(|change| text.push_str(&kind(change)));
        text
    }

    pub(crate) fn to_json(&self) -> Value {
        let sample = |change: &Change| -> Vec<Value> {
            let shown = change.samples.iter();
            shown.map(|one| json!({"row": one.row, "line": one.line, "old": one.old, "new": one.new})).collect()
        };
        let change = |change: &Change| {
            let (column, rule) = (&change.column, change.rule.as_str());
            json!({"column": column, "rule": rule, "cells": change.cells, "samples": sample(change)})
        };
        let changes: Vec<Value> = self.mended.changes.iter().map(change).collect();
        let (cells, rows) = (self.mended.cells, self.mended.rows);
        json!({"from": self.from, "file": self.file, "cells": cells, "rows": rows, "changes": changes})
    }
}

fn kind(change: &Change) -> String {
    let cells = plural(usize::try_from(change.cells).unwrap_or(usize::MAX), "cell");
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
