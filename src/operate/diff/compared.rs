//! One of the two runs that are compared, open for reading.

use std::path::Path;
use std::sync::Arc;

use super::report::DiffedRun;
use super::rows::ComparedRow;
use crate::io::journal::{JournalError, KeyedRow};
use crate::journal::{Fact, RowState, ScopeShape, derive_outcome};
use crate::model::{RowOutcome, StepScope};
use crate::operate::interface::Refusal;
use crate::operate::runs::{Listed, read_listed};
use crate::operate::state_folder::{KnownRun, find_run};
use crate::operate::stored_run::restore_for_reading;
use crate::plan::{BoundList, Plan};
use crate::report::FailureKind;
use crate::runner::gather_failures;

/// A run that is compared.
pub(super) struct ComparedRun {
    pub(super) known: KnownRun,
    /// Its plan; `None` where this version can no longer read its playbook.
    plan: Option<(Arc<Plan>, ScopeShape)>,
    state: String,
}

impl ComparedRun {
    /// Opens a run.
    ///
    /// # Errors
    /// As `find_run`.
    pub(super) fn open(state: &Path, word: &str, unmask: bool) -> Result<Self, Refusal> {
        let known = find_run(state, word)?;
        let status = match read_listed(state, &known.frozen.run_id) {
            Listed::Run(status) => status.state.as_str().to_owned(),
            Listed::Unreadable(..) | Listed::NotARun => String::new(),
        };
        let plan = restore_for_reading(&known.frozen, unmask).map(|restored| {
            let shape = ScopeShape::of(&restored.plan, BoundList::Steps);
            (Arc::new(restored.plan), shape)
        });
        Ok(Self { known, plan, state: status })
    }

    /// Whether the keys of its rows may be shown. Those of a run that can no longer be read may not.
    pub(super) fn shows_keys(&self) -> bool {
        self.plan.as_ref().is_some_and(|(plan, _)| !plan.masks_keys())
    }

    /// Whether this version can still read its playbook.
    pub(super) fn has_plan(&self) -> bool {
        self.plan.is_some()
    }

    /// Whether it is under way.
    pub(super) fn is_under_way(&self) -> bool {
        self.state == crate::operate::runs::RunState::Running.as_str()
    }

    /// The run as it is reported.
    pub(super) fn about(&self) -> Result<DiffedRun, JournalError> {
        let frozen = &self.known.frozen;
        Ok(DiffedRun {
            run: frozen.run_id.clone(),
            playbook: frozen.playbook.name.clone(),
            environment: frozen.environment.name.clone(),
            state: self.state.clone(),
            rows: self.known.reader.row_count()?,
            link: frozen.link.as_ref().map(|link| (link.kind, link.of.clone())),
        })
    }

    /// A row with its outcome, also where it has not ended.
    pub(super) fn row(&self, row: KeyedRow) -> Result<ComparedRow, JournalError> {
        let outcome = match row.outcome {
            Some(outcome) => Some(outcome),
            None => self.outcome_so_far(row.position)?,
        };
        Ok(ComparedRow { row, outcome })
    }

    /// How a row that has not ended stands; `None` where it has begun and the plan that would tell cannot be read.
    fn outcome_so_far(&self, position: u64) -> Result<Option<RowOutcome>, JournalError> {
        let facts = self.known.reader.facts(StepScope::Row(position))?;
        if let Some(Fact::ContinuedIn(later)) = facts.last().map(|(_, fact)| fact) {
            return Ok(Some(later.outcome));
        }
        match &self.plan {
            _ if facts.is_empty() => Ok(Some(RowOutcome::NotStarted)),
            Some((_, shape)) => {
                let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
                Ok(Some(derive_outcome(&state, shape)))
            }
            None => Ok(None),
        }
    }

    /// All its kinds of failure; `None` where its playbook can no longer be read.
    pub(super) fn kinds(&self) -> Result<Option<Vec<FailureKind>>, JournalError> {
        let Some((plan, _)) = &self.plan else { return Ok(None) };
        gather_failures(&self.known.reader, plan, &self.known.frozen.run_id)
            .map(|found| Some(found.listed(usize::MAX).0))
    }
}
