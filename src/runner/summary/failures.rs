//! The kinds of failure in a run, from its journal, also while the run goes on.

use std::sync::Arc;

use crate::engine::{PlanView, PriorRow, row_masks};
use crate::io::journal::{JournalError, Reader};
use crate::journal::RowState;
use crate::model::{RowOutcome, RunId, StepScope};
use crate::plan::Plan;
use crate::report::{FailureKind, Failures, RowRecord, StepPlace};

/// Adds to each kind of failure where to look: the row file and the step's line in the playbook.
pub fn locate_failures(kinds: &mut [FailureKind], plan: &Plan, rows_file: Option<&str>) {
    for kind in kinds {
        kind.rows_file = rows_file.map(str::to_owned);
        let step = plan.steps.iter().find(|step| Some(&step.id) == kind.step.as_ref());
        kind.step_at = step.map(|step| {
            let place = plan.source.place(step.span);
            StepPlace { file: place.file, line: place.line, column: place.column }
        });
    }
}

/// The outcomes that count as failures.
const OUTCOMES: [RowOutcome; 3] = [RowOutcome::Failed, RowOutcome::Partial, RowOutcome::Unknown];

/// The kinds of failure among the ended rows, the most frequent first.
///
/// # Errors
/// [`JournalError`] if the journal cannot be read.
pub fn collect_failures(reader: &Reader, plan: &Arc<Plan>, run: &RunId) -> Result<Vec<FailureKind>, JournalError> {
    let before = reader.facts(StepScope::Before)?;
    let steps = PlanView::new(plan.clone(), None).step_values(StepScope::Before, &before);
    let view = PlanView::new(plan.clone(), Some(steps));
    let mut failures = Failures::default();
    for position in reader.ended_as(&OUTCOMES.map(RowOutcome::as_str))? {
        let whose = StepScope::Row(position);
        let (Some(row), facts) = (reader.row(position)?, reader.facts(whose)?) else { continue };
        let Some(ended) = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact))).ended else { continue };
        let record = RowRecord {
            position,
            number: row.number,
            key: row.key,
            raw: row.raw,
            outcome: ended.outcome,
            step: ended.step,
            code: ended.code,
            message: ended.message,
            request_id: None,
            attempts: 0,
            results: Vec::new(),
        };
        let earlier = PriorRow { scope: whose, key: &record.key, cells: Some(&row.cells), facts: &facts, run };
        let about = || Ok::<_, JournalError>((row_masks(&view, earlier), plan.shown_key(&record.key).to_owned()));
        failures.add(&record, about)?;
    }
    Ok(failures.most_frequent())
}
