//! Where a run stands, from its folder alone.

use serde_json::json;

use crate::cli::state::{Known, later_runs};
use crate::cli::summary_file;
use crate::io::journal::RunLock;
use crate::model::{Map, RowOutcome, RunId, Value};
use crate::policy::Counts;
use crate::report::{FailureKind, Summary};

/// A run as its folder tells it.
pub(super) struct Standing {
    /// The run.
    pub(super) known: Known,
    /// `running`, `succeeded`, `failed` … or `broken off`.
    pub(super) state: &'static str,
    /// Rows that ended, by outcome; the total is all rows.
    pub(super) rows: Counts,
    /// The summary, where the run ended or stopped.
    pub(super) summary: Option<Summary>,
    /// What went wrong, where that was looked for and no summary tells it.
    pub(super) failures: Vec<FailureKind>,
}

/// Reads a run's standing; `None` where its journal cannot be read.
pub(super) fn standing(known: Known) -> Option<Standing> {
    let summary = summary_file::read(&known.folder);
    let state = match &summary {
        Some(summary) => summary.outcome.as_str(),
        // The lock is held as long as a process drives the run.
        None if RunLock::is_held(known.folder.path()) => "running",
        None => "broken off",
    };
    let rows = counted(&known, summary.as_ref())?;
    Some(Standing { known, state, rows, summary, failures: Vec::new() })
}

/// The rows by outcome: of a summary, which counts rows that did not end too, else of the journal.
fn counted(known: &Known, summary: Option<&Summary>) -> Option<Counts> {
    let mut rows = Counts { total: known.reader.row_count().ok()?, ..Counts::default() };
    let ended = known.reader.ended_counts().ok()?;
    for outcome in RowOutcome::ALL {
        let in_journal = ended.iter().find(|(word, _)| word == outcome.as_str()).map_or(0, |(_, count)| *count);
        rows.by_outcome[outcome as usize] = summary.map_or(in_journal, |summary| summary.rows.of(outcome));
    }
    Some(rows)
}

impl Standing {
    /// Rows that have not ended.
    pub(super) fn open_rows(&self) -> u64 {
        self.rows.total.saturating_sub(self.rows.ended())
    }

    /// The last run that was made from this one, where nothing is left to do in this one.
    pub(super) fn later(&self) -> Option<RunId> {
        let ended: u64 = self.known.reader.ended_counts().ok()?.iter().map(|(_, count)| count).sum();
        later_runs(&self.known).pop().filter(|_| ended == self.rows.total)
    }

    /// For programs.
    pub(super) fn json(&self) -> Value {
        let frozen = &self.known.frozen;
        let mut rows = Map::from_iter([("total".to_owned(), Value::from(self.rows.total))]);
        for outcome in RowOutcome::ALL {
            rows.insert(outcome.as_str().to_owned(), Value::from(self.rows.of(outcome)));
        }
        let failures = (!self.failures.is_empty()).then_some(&self.failures);
        json!({
            "run_id": frozen.run_id,
            "state": self.state,
            "playbook": frozen.playbook.name,
            "environment": frozen.environment.name,
            "started_at": frozen.started_at.to_string(),
            "rows": rows,
            "failures": failures,
            "link": frozen.link.as_ref().map(|link| json!({"kind": link.kind, "of": link.of})),
            "folder": self.known.folder.path(),
            "summary": self.summary,
        })
    }
}
