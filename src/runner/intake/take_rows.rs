//! Reads and checks rows, passes valid ones on to be stored, and counts what they will do.

use std::collections::BTreeSet;

use super::repeats::CallsOfRow;
use super::row_source::{RowInFile, RowSource};
use super::tally::IntakeTally;
use super::text_conditions::TextConditions;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, hidden_difference};
use crate::io::journal::EffectHistory;
use crate::io::marks::ListWriter;
use crate::journal::FrozenRow;
use crate::model::Time;
use crate::plan::{BoundStep, CheckedRow, InputsWanted, Plan, RowCheck};
use crate::provider::{DangerKind, Effect};
use crate::rows::{InvalidRow, Reading, Row};

/// The most rows of a batch.
const BATCH_ROWS: usize = 100;

/// Bytes of rows at which a batch is passed on, however few rows it has.
const BATCH_BYTES: usize = 512 * 1024;

/// Selects rows of a file.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// The most rows to take; `None` for all.
    pub limit: Option<u64>,
    /// The keys to take; empty for all.
    pub only: Vec<String>,
    /// The number of the first row to take, as a spreadsheet counts: with a header, the first row is 2. `None` for the first
    /// row.
    pub from_row: Option<u64>,
}

/// The rows to take, and how.
pub struct Intake<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The rows.
    pub source: &'a mut RowSource,
    /// Which of them are taken.
    pub selection: &'a Selection,
    /// Whether rows with mistakes are taken as failed.
    pub skip_invalid: bool,
    /// The instant against which rules of time are checked.
    pub now: Time,
    /// The number of rows whose calls are kept as samples.
    pub samples: usize,
    /// The effects of other runs; `None` if they do not matter.
    pub history: Option<&'a mut EffectHistory>,
    /// Where the rows are listed with their effects; `None` if they are not listed.
    pub list: Option<&'a mut ListWriter>,
}

/// Reads and checks all rows. Valid ones go to `sink` in batches, in order; mistakes go to `diagnostics`.
///
/// # Errors
/// The error of `sink`.
pub fn take_rows<E>(
    intake: Intake<'_>,
    diagnostics: &mut Diagnostics,
    sink: &mut dyn FnMut(Vec<FrozenRow>) -> Result<(), E>,
) -> Result<IntakeTally, E> {
    let mut pass = IntakePass {
        check: RowCheck::new(intake.plan, intake.now)
            .of_columns(&intake.source.columns(), intake.history.is_some() || intake.list.is_some()),
        text_conditions: TextConditions::of(intake.plan),
        tally: IntakeTally { bucket_calls: vec![0; intake.plan.rate_buckets.len()], ..IntakeTally::default() },
        missing: intake.selection.only.iter().cloned().collect(),
        intake,
    };
    pass.check_once(diagnostics);
    let (mut batch, mut bytes) = (Vec::new(), 0);
    while !pass.is_full() {
        let Some(reading) = pass.intake.source.next(diagnostics) else { break };
        let Some(frozen) = pass.take(reading, diagnostics) else { continue };
        bytes += frozen.raw.len();
        batch.push(frozen);
        if batch.len() == BATCH_ROWS || bytes >= BATCH_BYTES {
            bytes = 0;
            sink(std::mem::take(&mut batch))?;
        }
    }
    pass.warn_over_budget(diagnostics);
    pass.warn_no_rows(diagnostics);
    pass.text_conditions.report(pass.intake.plan, diagnostics);
    pass.tally.missing_keys = pass.missing.into_iter().collect();
    sink(batch)?;
    Ok(pass.tally)
}

/// An intake in progress.
struct IntakePass<'a> {
    intake: Intake<'a>,
    check: RowCheck<'a>,
    text_conditions: TextConditions,
    tally: IntakeTally,
    /// Requested keys that were not found yet.
    missing: BTreeSet<String>,
}

impl IntakePass<'_> {
    fn check_once(&mut self, diagnostics: &mut Diagnostics) {
        for (list, steps) in [&self.intake.plan.before, &self.intake.plan.after].into_iter().enumerate() {
            let source = &*self.intake.source;
            let checked = self.check.once(steps, &|step| source.is_done_once(list, step), diagnostics);
            self.count(steps, &checked);
            self.look_up(steps, None, "", &checked);
        }
    }

    /// Warns if the rows would exceed the effect budget, so that the run would stop early.
    fn warn_over_budget(&self, diagnostics: &mut Diagnostics) {
        let plan = self.intake.plan;
        for (word, most) in &plan.bounds.budget {
            let planned = self.tally.effects.get(word).copied().unwrap_or_default();
            if planned > *most {
                let message = format!("The rows would make {planned} × {word}, and the budget lets through {most}");
                let place = plan.effect_budget_places.get(word).map(|span| plan.source.place(*span));
                let help = "The run stops before the first call that would exceed it; rows under way then are partial.";
                let warning = Diagnostic::warning("over-budget", message).help(help);
                diagnostics.push(place.into_iter().fold(warning, |warning, place| warning.at(place, "")));
            }
        }
    }

    /// Warns if the selection leaves no row: such a run succeeds, but is hardly intended.
    fn warn_no_rows(&self, diagnostics: &mut Diagnostics) {
        let told = diagnostics.iter().any(|one| one.code == "no-rows");
        let chosen = self.intake.selection.limit.is_some() || self.intake.selection.from_row.is_some();
        if self.intake.plan.has_rows && self.tally.rows == 0 && chosen && !told && !diagnostics.has_errors() {
            let help = "The header is row 1; with `--fail-empty` it is an error";
            let message = "`--from-row` and `--limit` leave no row to take";
            diagnostics.push(Diagnostic::warning("no-rows", message).help(help));
        }
    }

    fn is_full(&self) -> bool {
        let selection = self.intake.selection;
        let all_found = !selection.only.is_empty() && self.missing.is_empty();
        all_found || selection.limit.is_some_and(|limit| self.tally.rows >= limit)
    }

    /// Whether a row is selected. Remembers keys that only look like a requested one.
    fn is_selected(&mut self, number: u64, key: Option<&str>) -> bool {
        let selection = self.intake.selection;
        if selection.from_row.is_some_and(|from| number < from) {
            return false;
        }
        if selection.only.is_empty() {
            return true;
        }
        let Some(key) = key else { return false };
        let asked = self.missing.remove(key);
        if !asked {
            let alike = self.missing.iter().find_map(|wanted| Some((wanted.clone(), hidden_difference(wanted, key)?)));
            self.tally.alike_keys.extend(alike);
        }
        asked
    }

    fn take(&mut self, reading: Reading, diagnostics: &mut Diagnostics) -> Option<FrozenRow> {
        match reading {
            Reading::Row(row) if self.is_selected(row.number, Some(&row.key)) => self.take_row(row, diagnostics),
            Reading::Invalid(row) if self.is_selected(row.number, row.key.as_deref()) => {
                self.take_invalid(row, diagnostics)
            }
            Reading::Row(_) | Reading::Invalid(_) => None,
        }
    }

    fn take_row(&mut self, mut row: Row, diagnostics: &mut Diagnostics) -> Option<FrozenRow> {
        let mut own = Diagnostics::default();
        self.text_conditions.observe(&row.cells);
        let mut cells = std::mem::take(&mut row.cells);
        let sampled = self.tally.samples.len() < self.intake.samples;
        let wanted = if sampled { InputsWanted::All } else { InputsWanted::Deciding };
        let in_file = RowInFile { row: &row, source: self.intake.source };
        let checked = self.check.row(&in_file, &mut cells, wanted, &mut own);
        let mut frozen =
            FrozenRow { position: row.position, number: row.number, key: row.key, raw: row.raw, cells, invalid: None };
        self.tally.rows += 1;
        if own.has_errors() {
            return self.take_with_mistakes(frozen, own, diagnostics);
        }
        diagnostics.append(own);
        let plan = self.intake.plan;
        self.count(&plan.steps, &checked);
        let again = self.look_up(&plan.steps, Some(frozen.number), &frozen.key, &checked);
        self.count_dangers(&checked, again);
        if sampled {
            self.tally.samples.push((frozen.clone(), checked.calls));
        }
        frozen.invalid = None;
        Some(frozen)
    }

    fn take_invalid(&mut self, row: InvalidRow, diagnostics: &mut Diagnostics) -> Option<FrozenRow> {
        let mut own = Diagnostics::default();
        own.extend(row.diagnostics);
        let (position, number, raw) = (row.position, row.number, row.raw);
        let key = row.key.unwrap_or_else(|| format!("row {number}"));
        self.tally.rows += 1;
        self.take_with_mistakes(
            FrozenRow { position, number, key, raw, cells: crate::model::Map::new(), invalid: None },
            own,
            diagnostics,
        )
    }

    /// Takes a row with mistakes as failed if that was requested; otherwise reports its mistakes.
    fn take_with_mistakes(
        &mut self,
        row: FrozenRow,
        own: Diagnostics,
        diagnostics: &mut Diagnostics,
    ) -> Option<FrozenRow> {
        self.tally.invalid += 1;
        if self.intake.skip_invalid {
            let why = own.iter().find(|one| one.severity == Severity::Error).map(|one| one.message.clone());
            return Some(FrozenRow { invalid: Some(why.unwrap_or_default()), ..row });
        }
        diagnostics.append(own);
        None
    }

    fn count(&mut self, steps: &[BoundStep], checked: &CheckedRow) {
        for call in &checked.calls {
            let Some(step) = steps.get(call.step) else { continue };
            match self.tally.calls.get_mut(step.call.operation.full_name()) {
                Some(calls) => *calls += 1,
                None => drop(self.tally.calls.insert(step.call.operation.full_name().to_owned(), 1)),
            }
            self.tally.bucket_calls[step.call.rate_bucket] += 1;
            for word in step.call.counted(&self.intake.plan.bounds.budget, &call.inputs) {
                *self.tally.effects.entry(word).or_default() += 1;
            }
            for input in step.call.operation.widened(&call.inputs) {
                let key = (step.call.operation.full_name().to_owned(), input.to_owned());
                *self.tally.widened.entry(key).or_default() += 1;
            }
        }
        for step in checked.skipped.iter().filter_map(|place| steps.get(*place)) {
            *self.tally.skipped.entry(step.id.clone()).or_default() += 1;
        }
    }

    /// Lists the row's effects and looks its calls up; true if another run made one of them.
    fn look_up(&mut self, steps: &[BoundStep], row: Option<u64>, key: &str, checked: &CheckedRow) -> bool {
        let asking = CallsOfRow { plan: self.intake.plan, steps, row, key };
        if let Some(list) = self.intake.list.as_deref_mut() {
            asking.list(&checked.calls, list);
        }
        let Some(history) = self.intake.history.as_deref_mut() else { return false };
        self.tally.repeats.look_up(&asking, &checked.calls, history)
    }

    fn count_dangers(&mut self, checked: &CheckedRow, again: bool) {
        let mut dangerous = again;
        for call in &checked.calls {
            let Some(step) = self.intake.plan.steps.get(call.step) else { continue };
            let operation = &step.call.operation;
            if operation.effect_for(&call.inputs) == Effect::Read {
                continue;
            }
            for danger in operation.dangers(&call.inputs) {
                dangerous |= danger.kind != DangerKind::Irreversible;
                let counts_as = danger.counts_as.clone().unwrap_or_else(|| operation.full_name().to_owned());
                *self.tally.dangers.entry((danger.kind, counts_as)).or_default() += 1;
            }
        }
        self.tally.dangerous_rows += u64::from(dangerous);
    }
}
