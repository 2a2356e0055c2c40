//! The kinds of failure in a run, from its journal, also while the run goes on.

use std::sync::Arc;

use crate::engine::{PlanView, PriorRow, row_masks};
use crate::io::journal::{JournalError, Reader};
use crate::journal::{GoesOn, RowState};
use crate::model::{Masks, RowOutcome, RunId, StepScope};
use crate::plan::Plan;
use crate::report::{FailureKind, Failures, FirstOfKind, RowCommands, RowRecord, StepPlace, row_codes, with_run_id};

/// Adds to each kind of failure where to look and what comes next: the row file, the step's line in the playbook, and
/// the command.
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

/// What is known of a row that is the first of its kind: its masks, and what its code means. The tables of the step's
/// operation are asked first, then that of its rollback, then runsheet's own.
pub(super) fn first_of_kind(
    record: &RowRecord,
    masks: Masks,
    plan: &Plan,
    (run, commands): (&RunId, &RowCommands),
) -> FirstOfKind {
    let command = Some(commands.of(record.outcome, record.goes_on));
    let Some(code) = &record.code else { return FirstOfKind { masks, command, ..FirstOfKind::default() } };
    let message = record.message.as_deref().unwrap_or_default();
    let step = plan.steps.iter().find(|step| Some(&step.id) == record.step.as_ref());
    let mut calls = step.into_iter().flat_map(|step| std::iter::once(&step.call).chain(&step.rollback));
    if let Some(meaning) = calls.find_map(|call| call.operation.answers.meaning(code, message)) {
        return FirstOfKind { masks, meaning: meaning.means.clone(), advice: meaning.advice.clone(), command };
    }
    let own = row_codes().iter().find(|entry| entry.name == code);
    let meaning = own.map(|entry| entry.meaning.to_owned());
    let advice = own.map(|entry| with_run_id(entry.advice, run));
    FirstOfKind { masks, meaning, advice: advice.filter(|advice| !advice.is_empty()), command }
}

/// The outcomes that count as failures.
const OUTCOMES: [RowOutcome; 3] = [RowOutcome::Failed, RowOutcome::Partial, RowOutcome::Unknown];

/// The kinds of failure among the ended rows, the most frequent first.
///
/// # Errors
/// [`JournalError`] if the journal cannot be read.
pub fn collect_failures(reader: &Reader, plan: &Arc<Plan>, run: &RunId) -> Result<Vec<FailureKind>, JournalError> {
    gather_failures(reader, plan, run).map(Failures::most_frequent)
}

/// Counts the failures among the ended rows by kind.
///
/// # Errors
/// [`JournalError`] if the journal cannot be read.
pub fn gather_failures(reader: &Reader, plan: &Arc<Plan>, run: &RunId) -> Result<Failures, JournalError> {
    let before = reader.facts(StepScope::Before)?;
    let steps = PlanView::new(plan.clone(), None).step_values(StepScope::Before, &before);
    let view = PlanView::new(plan.clone(), Some(steps));
    let commands = RowCommands::of_run(run, plan.undoing.as_ref(), &reader.facts(StepScope::Run)?);
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
            goes_on: GoesOn::No,
            step: ended.step,
            code: ended.code,
            message: ended.message,
            request_id: None,
            attempts: 0,
            results: Vec::new(),
            times: None,
        };
        let earlier = PriorRow { scope: whose, key: &record.key, cells: Some(&row.cells), facts: &facts, run };
        let about = || Ok::<_, JournalError>(first_of_kind(&record, row_masks(&view, earlier), plan, (run, &commands)));
        failures.add(&record, plan.shown_key(&record.key), about)?;
    }
    Ok(failures)
}
