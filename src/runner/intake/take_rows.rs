//! Taking rows in: each is read, checked and handed on to be frozen; what they will do is tallied.

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

/// Rows handed on at a time, at most.
const ROWS_A_TIME: usize = 100;

/// The bytes of rows from which on they are handed on, however few they are.
const BYTES_A_TIME: usize = 512 * 1024;

/// Which of a file's rows are taken.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// At most so many.
    pub limit: Option<u64>,
    /// Only these keys.
    pub only: Vec<String>,
    /// From the row with this number on, as a spreadsheet counts.
    pub from_row: Option<u64>,
}

/// What is taken in.
pub struct Intake<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The rows.
    pub source: &'a mut RowSource,
    /// Which of them.
    pub selection: &'a Selection,
    /// Whether rows with mistakes are let in as failed.
    pub skip_invalid: bool,
    /// The instant against which rules of time are checked.
    pub now: Time,
    /// Rows whose calls are kept as samples.
    pub samples: usize,
    /// What other runs have made, where that is asked.
    pub history: Option<&'a mut EffectHistory>,
    /// Where the rows are listed with what they make, where they are.
    pub list: Option<&'a mut ListWriter>,
}

/// Reads and checks all rows. Good ones go to `sink` in batches, in order. What is wrong goes to `diagnostics`.
///
/// # Errors
/// What the sink gave.
pub fn take_rows<E>(
    intake: Intake<'_>,
    diagnostics: &mut Diagnostics,
    sink: &mut dyn FnMut(Vec<FrozenRow>) -> Result<(), E>,
) -> Result<IntakeTally, E> {
    let mut taking = Taking {
        check: RowCheck::new(intake.plan, intake.now)
            .of_columns(&intake.source.columns(), intake.history.is_some() || intake.list.is_some()),
        text_conditions: TextConditions::of(intake.plan),
        tally: IntakeTally { budget_calls: vec![0; intake.plan.rate_buckets.len()], ..IntakeTally::default() },
        missing: intake.selection.only.iter().cloned().collect(),
        intake,
    };
    taking.check_once(diagnostics);
    let (mut batch, mut bytes) = (Vec::new(), 0);
    while !taking.is_full() {
        let Some(reading) = taking.intake.source.next(diagnostics) else { break };
        let Some(frozen) = taking.take(reading, diagnostics) else { continue };
        bytes += frozen.raw.len();
        batch.push(frozen);
        if batch.len() == ROWS_A_TIME || bytes >= BYTES_A_TIME {
            bytes = 0;
            sink(std::mem::take(&mut batch))?;
        }
    }
    taking.tell_of_the_budget(diagnostics);
    taking.tell_of_no_rows(diagnostics);
    taking.text_conditions.tell(taking.intake.plan, diagnostics);
    taking.tally.missing_keys = taking.missing.into_iter().collect();
    sink(batch)?;
    Ok(taking.tally)
}

struct Taking<'a> {
    intake: Intake<'a>,
    check: RowCheck<'a>,
    text_conditions: TextConditions,
    tally: IntakeTally,
    missing: BTreeSet<String>,
}

impl Taking<'_> {
    fn check_once(&mut self, diagnostics: &mut Diagnostics) {
        for (list, steps) in [&self.intake.plan.before, &self.intake.plan.after].into_iter().enumerate() {
            let source = &*self.intake.source;
            let checked = self.check.once(steps, &|step| source.is_done_once(list, step), diagnostics);
            self.count(steps, &checked);
            self.look_up(steps, None, "", &checked);
        }
    }

    /// The run would stop before its end: better known ahead.
    fn tell_of_the_budget(&self, diagnostics: &mut Diagnostics) {
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

    /// A run of no rows succeeds, and is hardly meant.
    fn tell_of_no_rows(&self, diagnostics: &mut Diagnostics) {
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

    /// Whether a row is among those selected.
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
        self.text_conditions.see(&row.cells);
        let mut cells = std::mem::take(&mut row.cells);
        let sampled = self.tally.samples.len() < self.intake.samples;
        let wanted = if sampled { InputsWanted::All } else { InputsWanted::Deciding };
        let in_file = RowInFile { row: &row, source: self.intake.source };
        let checked = self.check.row(&in_file, &mut cells, wanted, &mut own);
        let mut frozen =
            FrozenRow { position: row.position, number: row.number, key: row.key, raw: row.raw, cells, invalid: None };
        self.tally.rows += 1;
        if own.has_errors() {
            return self.let_in(frozen, own, diagnostics);
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
        self.let_in(
            FrozenRow { position, number, key, raw, cells: crate::model::Map::new(), invalid: None },
            own,
            diagnostics,
        )
    }

    /// A row with mistakes: let in as failed where that was asked for, else told of.
    fn let_in(&mut self, row: FrozenRow, own: Diagnostics, diagnostics: &mut Diagnostics) -> Option<FrozenRow> {
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
            self.tally.budget_calls[step.call.rate_bucket] += 1;
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

    /// Whether another run made one of the calls.
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
