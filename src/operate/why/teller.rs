//! Tells the stories of many rows of one run. What all of them share is read once.

use std::sync::Arc;

use super::use_case::{row_now, story_run};
use crate::engine::{PlanView, PriorRow};
use crate::io::journal::{JournalError, RunLock};
use crate::journal::{Fact, ScopeShape};
use crate::model::{StepScope, Time};
use crate::operate::state_folder::KnownRun;
use crate::plan::{BoundList, Plan};
use crate::report::{Story, StoryRun, StorySource};

/// A run, open for the stories of its rows.
pub(crate) struct StoryTeller<'r> {
    known: &'r KnownRun,
    view: PlanView,
    shape: ScopeShape,
    of_run: Vec<(Time, Fact)>,
    run: StoryRun,
    running: bool,
}

impl<'r> StoryTeller<'r> {
    /// Reads what all stories share.
    ///
    /// # Errors
    /// [`JournalError`] where the journal cannot be read.
    pub(crate) fn new(known: &'r KnownRun, plan: &Arc<Plan>) -> Result<Self, JournalError> {
        let before = known.reader.facts(StepScope::Before)?;
        let steps = PlanView::new(plan.clone(), None).step_values(StepScope::Before, &before);
        Ok(Self {
            known,
            view: PlanView::new(plan.clone(), Some(steps)),
            shape: ScopeShape::of(plan, BoundList::Steps),
            of_run: known.reader.facts(StepScope::Run)?,
            run: story_run(known),
            running: RunLock::is_held(known.folder.path()),
        })
    }

    /// The story of the row at a position, without what other runs did with it.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] where the row is gone or was changed; other errors where the journal cannot be read.
    pub(crate) fn tell(&self, position: u64) -> Result<Story, JournalError> {
        let reader = &self.known.reader;
        let gone = || JournalError::Damaged(format!("the row at position {position} is gone"));
        let row = reader.row(position)?.ok_or_else(gone)?;
        let scope = StepScope::Row(position);
        let facts = reader.facts(scope)?;
        let frozen = &self.known.frozen;
        Ok(Story::tell(StorySource {
            view: &self.view,
            prior: PriorRow { scope, key: &row.key, cells: Some(&row.cells), facts: &facts, run: &frozen.run_id },
            number: Some(row.number),
            invalid: row.invalid.as_deref(),
            file: frozen.rows_name.clone(),
            run: self.run.clone(),
            running: self.running,
            run_facts: &self.of_run,
            now: row_now(&facts, &self.shape),
            elsewhere: Vec::new(),
            only_step: None,
            damaged: false,
            notes: Vec::new(),
        }))
    }
}
