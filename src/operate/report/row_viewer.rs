//! Turns a row's record into what a page shows of it: masked, shortened, without characters that act. The page that is a file
//! and the live page both take their rows from here.

use super::kind_key::KindKey;
use super::run_source::RunSource;
use super::shown_cells::ShownCells;
use crate::io::journal::JournalError;
use crate::model::{MASK, Masks, Time};
use crate::report::RowRecord;
use crate::report::page::{ShownRow, ShownTexts, TableOutline};
use crate::runner::RecordedRow;

/// A row as a page shows it, with the key of its kind of failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ViewedRow {
    /// Place in the list, from 0.
    pub position: u64,
    /// What is shown of it.
    pub shown: ShownRow,
    /// What its kind of failure is found by; `None` if it is of none.
    pub kind: Option<KindKey>,
    /// Whether it has not ended. Its outcome is then what it would be if the run broke off now.
    pub open: bool,
}

/// Makes rows of one run fit to be shown.
pub(super) struct RowViewer {
    cells: ShownCells,
    started: Time,
    masks_keys: bool,
}

impl RowViewer {
    /// A viewer of the rows of a run.
    pub(super) fn new(source: &RunSource) -> Self {
        Self {
            cells: ShownCells::of(source, false),
            started: source.known.frozen.started_at,
            masks_keys: source.plan.masks_keys(),
        }
    }

    /// The heads of the list's columns.
    pub(super) fn heads(&self) -> Vec<String> {
        self.cells.heads()
    }

    /// What is shown of a row.
    ///
    /// # Errors
    /// [`JournalError`] where the row's masks cannot be read.
    pub(super) fn view(&self, row: &RecordedRow<'_>) -> Result<ViewedRow, JournalError> {
        let RecordedRow { record, open, masks, .. } = row;
        let masks = masks()?;
        let cells = self.cells.cells(&record.raw, &masks);
        let masked = |text: &Option<String>| text.as_ref().map(|text| masks.text(text).into_owned());
        let (code, message) = (masked(&record.code), masked(&record.message));
        let texts = ShownTexts {
            key: if self.masks_keys { MASK } else { &record.key },
            cells: &cells,
            step: record.step.as_deref(),
            code: code.as_deref(),
            message: message.as_deref(),
        };
        let ended_ms = record.times.map(|(_, last)| millis(self.started, last));
        let shown = ShownRow::new(record.number, record.outcome, &texts, record.attempts, ended_ms);
        Ok(ViewedRow { position: record.position, shown, kind: KindKey::of(record), open: *open })
    }
}

impl RowViewer {
    /// Adds a row to the outline of a table. The masks of the row are not asked for: they cost much, and the column of the key
    /// is masked as a whole or not at all.
    pub(super) fn outline(&self, record: &RowRecord, outline: &mut TableOutline) {
        let cells =
            if outline.may_have_key_column() { self.cells.cells(&record.raw, &Masks::default()) } else { Vec::new() };
        outline.add(if self.masks_keys { MASK } else { &record.key }, &cells);
    }
}

/// The milliseconds from one instant to another; negative if it is earlier.
fn millis(from: Time, to: Time) -> i64 {
    (to.as_micros() - from.as_micros()).div_euclid(1_000)
}
