//! Restores from the journal what a run has counted so far: ended rows, its progress through the waves, its used
//! effect budget.

use super::drive::Drive;
use crate::engine::{CallTotals, FailureTally, PlanView, PriorRow, count_failed_row, row_masks};
use crate::io::journal::{JournalError, Reader, RowEnd};
use crate::journal::{Fact, FactDetail, RowState};
use crate::model::{MASK, RowOutcome, RunId, StepScope, Time, Value};
use crate::playbook::RunBounds;
use crate::policy::{Counts, EffectBudget, EffectCounts, FailureSignature, StopReason, WaveProgress, WaveRowEnd};

/// Restores the number of ended rows for each outcome.
///
/// # Errors
/// [`JournalError`] if the journal cannot be read.
pub fn restore_counts(reader: &Reader) -> Result<Counts, JournalError> {
    let mut counts = Counts { total: reader.row_count()?, ..Counts::default() };
    for (word, count) in reader.ended_counts()? {
        let outcome = RowOutcome::of_word(&word).map_err(JournalError::Damaged)?;
        counts.by_outcome[outcome as usize] += count;
    }
    Ok(counts)
}

/// Restores a run's progress through its waves; `None` if it has no waves or sends only lookups.
pub(super) fn restore_waves(
    reader: &Reader,
    drive: &Drive,
    counts: Counts,
) -> Result<Option<WaveProgress>, JournalError> {
    let Some(waves) = drive.bounds.waves.as_ref().filter(|_| !drive.lookups_only) else { return Ok(None) };
    let rows = if drive.recut_waves { counts.total - counts.ended() } else { counts.total };
    let mut course = WaveProgress::cut(waves, rows, drive.bounds.stop_when.new_kind);
    for (at, reason) in recorded_stops(reader)? {
        course.stopped(at, &reason);
    }
    reader.each_end(|row| {
        let end = row.outcome.map(|outcome| end_of_row(reader, row, outcome)).transpose()?;
        match end {
            Some((end, _)) if drive.recut_waves => course.row_before(&end),
            end => course.row(row.position, end.as_ref().map(|(end, at)| (end, *at))),
        }
        Ok(())
    })?;
    Ok(Some(course))
}

/// Every early stop of the run, with its time.
///
/// # Errors
/// [`JournalError`] if the journal cannot be read.
pub fn recorded_stops(reader: &Reader) -> Result<Vec<(Time, StopReason)>, JournalError> {
    let facts = reader.facts(StepScope::Run)?.into_iter();
    let stopped =
        facts.filter_map(|(at, fact)| if let Fact::Stopped(reason) = fact { Some((at, reason)) } else { None });
    Ok(stopped.collect())
}

/// How and when a row ended. The kind of failure and the time are read only for rows in trouble.
fn end_of_row(reader: &Reader, row: RowEnd, outcome: RowOutcome) -> Result<(WaveRowEnd, Time), JournalError> {
    let mut end = WaveRowEnd { outcome, refused: row.invalid, kind: FailureSignature::default() };
    let mut ended_at = Time::default();
    if outcome.is_trouble() {
        for (at, fact) in reader.facts(StepScope::Row(row.position))? {
            if let Fact::RowEnded(ended) = fact {
                end.kind = FailureSignature { step: ended.step, code: ended.code };
                ended_at = at;
            }
        }
    }
    Ok((end, ended_at))
}

/// Restores the calls that the run has, with those that ended before this process, and the kinds of failure so far.
pub(super) fn restore_calls(reader: &Reader, drive: &Drive) -> Result<(CallTotals, FailureTally), JournalError> {
    let mut failures = FailureTally::default();
    let mut calls = match drive.lookups_only {
        true => CallTotals::of_lookups(&drive.plan),
        false => CallTotals::new(&drive.plan, &drive.expected_calls),
    };
    let before = reader.facts(StepScope::Before)?;
    for (scope, facts) in [(StepScope::Before, &before), (StepScope::After, &reader.facts(StepScope::After)?)] {
        calls.add_earlier(scope, &RowState::fold(facts.iter().map(|(at, fact)| (*at, fact))));
    }
    if reader.last_started_row()?.is_none() {
        return Ok((calls, failures));
    }
    let steps = PlanView::new(drive.plan.clone(), None).step_values(StepScope::Before, &before);
    let view = PlanView::new(drive.plan.clone(), Some(steps));
    let run = RunId::from_text(drive.plan.run.get("id").and_then(Value::as_str).unwrap_or_default());
    reader.each_stored_row(FactDetail::Summary, |stored, facts| {
        let scope = StepScope::Row(stored.position);
        let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
        calls.add_earlier(scope, &state);
        let Some(ended) = state.ended.as_ref().filter(|ended| ended.outcome.is_trouble()) else { return Ok(()) };
        let row = stored.unpacked()?;
        let kind = FailureSignature { step: ended.step.clone(), code: ended.code.clone() };
        if row.invalid.is_some() {
            failures.add(ended.outcome, kind, str::to_owned);
            return Ok(());
        }
        let prior = PriorRow { scope, key: &row.key, cells: Some(&row.cells), facts, run: &run };
        let shown = |code: &str| match reader.facts(scope) {
            Ok(facts) => row_masks(&view, PriorRow { facts: &facts, ..prior }).text(code).into_owned(),
            Err(_) => MASK.to_owned(),
        };
        count_failed_row(&view, prior, ended, (&mut calls, &mut failures), shown);
        Ok::<(), JournalError>(())
    })?;
    Ok((calls, failures))
}

/// Restores how much of a run's budget is spent: every effect that any process of the run made or may have made.
pub(super) fn restore_effect_budget(reader: &Reader, bounds: &RunBounds) -> Result<EffectBudget, JournalError> {
    let mut spent = EffectCounts::new();
    if bounds.budget.is_empty() {
        return Ok(EffectBudget::default());
    }
    let mut add = |facts: &[(Time, Fact)]| {
        let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
        for (word, count) in state.effects() {
            *spent.entry(word).or_default() += count;
        }
    };
    for scope in [StepScope::Before, StepScope::After] {
        add(&reader.facts(scope)?);
    }
    reader.each_stored_row(FactDetail::Summary, |_, facts| {
        add(facts);
        Ok::<(), JournalError>(())
    })?;
    Ok(EffectBudget::new(&bounds.budget, &spent))
}
