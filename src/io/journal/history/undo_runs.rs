//! The undos of a run. An effect that was really taken back may be made again by other runs.

use std::path::Path;

use crate::io::journal::format::JournalError;
use crate::io::journal::format::columns::SUCCESSORS;
use crate::io::journal::read::Reader;
use crate::journal::{CallRef, EffectState, RowState};
use crate::model::{RunId, StepScope, Value};

/// The undo runs of one run, in the order in which they began.
pub(super) struct UndoRuns {
    of: RunId,
    readers: Vec<Reader>,
}

impl UndoRuns {
    /// Opens the undo runs that a run's journal names; `runs` is the folder of all runs. An undo whose journal cannot be
    /// read counts as if it had taken nothing back.
    ///
    /// # Errors
    /// [`JournalError`] if the run's own journal cannot be read.
    pub(super) fn of(run: &RunId, journal: &Reader, runs: &Path) -> Result<Self, JournalError> {
        let later = journal.meta(SUCCESSORS)?.unwrap_or_default();
        let names = later.as_array().into_iter().flatten().filter_map(Value::as_str);
        let readers = names.filter_map(|name| {
            let reader = Reader::open(&runs.join(name).join("journal.sqlite")).ok()?;
            let link = reader.meta("run").ok()??.get("link").cloned()?;
            (link["kind"] == "undo" && link["of"] == run.as_str()).then_some(reader)
        });
        Ok(Self { of: run.clone(), readers: readers.collect() })
    }

    /// The state of an effect after the undos; `None` if it was taken back.
    pub(super) fn state_after(&self, scope: StepScope, call: CallRef, state: EffectState) -> Option<EffectState> {
        let mut left = Some(state);
        for undo in &self.readers {
            let Ok(facts) = undo.facts(scope) else { continue };
            let row = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
            left = left.and_then(|state| state.after_undo(&row, call, &self.of));
        }
        left
    }
}
