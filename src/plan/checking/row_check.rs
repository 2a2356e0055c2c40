//! Checks a row before anything is sent: renders its calls as far as that is possible without answers.

use std::collections::{HashMap, HashSet};

use super::blank_cells::BlankCells;
use super::column_proofs::{CallProof, ColumnProofs, StepProof};
use super::row_cells::RowCells;
use crate::diagnostic::{AboutRow, Diagnostic, Diagnostics, Span};
use crate::model::{Map, Masks, Time, Value, contains_deferred, deferred, is_deferred, is_truthy};
use crate::plan::binding::header_problems;
use crate::plan::bound::{BoundCall, BoundStep, BoundTree, Plan, columns_of, template_at, whole};
use crate::plan::rendering::{Answers, RenderFailure, cannot_hold, kind_of, render, render_one};
use crate::provider::InputProblem;
use crate::rows::{Column, KeyIndex};
use crate::template::Scope;

/// How much of the inputs of a row's calls a check returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputsWanted {
    /// All inputs and settings.
    All,
    /// The inputs that decide what a call is (its key, effect, repeat, dangers). Others may be left out if the
    /// columns prove them valid.
    Deciding,
}

/// One call that a row will make, as far as it is known before any answer.
#[derive(Debug, Clone)]
pub struct CheckedCall {
    /// Index into the list of steps.
    pub step: usize,
    /// The converted inputs; those that come from an answer are deferred.
    pub inputs: Map,
    /// The connection's settings overridden by the step's; empty if inputs were left out.
    pub settings: Map,
    /// Whether an input comes from an answer.
    pub deferred: bool,
}

/// What a row will do.
#[derive(Debug, Clone, Default)]
pub struct CheckedRow {
    /// Its calls, in the order of the steps and their elements.
    pub calls: Vec<CheckedCall>,
    /// Indices of the steps that `when` skips.
    pub skipped: Vec<usize>,
}

/// The check of the rows of a run, one after another.
pub struct RowCheck<'p> {
    pub(super) plan: &'p Plan,
    now: Time,
    scope: Scope,
    /// Mistakes that do not depend on the row, so they are reported once.
    pub(super) reported_once: HashSet<(Span, &'static str)>,
    /// By the place of each call checked before: whether its path, query or headers may differ by row.
    lines: HashMap<Span, bool>,
    /// The column of the list, and the index of the element that `item` is.
    pub(super) element: Option<(String, usize)>,
    /// The natural keys of earlier rows, by step, each with its row.
    pub(super) effects: HashMap<usize, KeyIndex>,
    /// What the types of the columns prove about every row.
    proven: ColumnProofs,
}

impl<'p> RowCheck<'p> {
    /// Starts a check; `now` is the time that inputs such as deadlines are compared with.
    #[must_use]
    pub fn new(plan: &'p Plan, now: Time) -> Self {
        let mut scope = Scope::new();
        scope.set("vars", Value::Object(plan.vars.clone()));
        scope.set("run", Value::Object(plan.run.clone()));
        Self {
            plan,
            now,
            scope,
            reported_once: HashSet::new(),
            lines: HashMap::new(),
            element: None,
            effects: HashMap::new(),
            proven: ColumnProofs::default(),
        }
    }

    /// Uses what the types of the columns prove, so that less is rendered for each row. `hashed` is whether the whole
    /// request of a call without a natural key is needed.
    #[must_use]
    pub fn of_columns(mut self, columns: &[Column], hashed: bool) -> Self {
        self.proven = ColumnProofs::of(self.plan, columns, hashed, self.now);
        self
    }

    /// Checks one row. Its typed `cells` are moved out during the check and put back. Mistakes go to `diagnostics`.
    pub fn row(
        &mut self,
        row: &dyn RowCells,
        cells: &mut Map,
        wanted: InputsWanted,
        diagnostics: &mut Diagnostics,
    ) -> CheckedRow {
        let before = diagnostics.len();
        let proven = std::mem::take(&mut self.proven);
        let known = if wanted == InputsWanted::Deciding { &proven } else { &ColumnProofs::default() };
        self.scope.set("row", Value::Object(std::mem::take(cells)));
        let mut checked = CheckedRow::default();
        for (place, step) in self.plan.steps.iter().enumerate().filter(|(place, _)| !row.is_done(*place)) {
            self.step(place, step, known.step(place), Some(row), &mut checked, diagnostics);
        }
        for (place, (_, tree)) in self.plan.results.iter().enumerate() {
            if row.has_blanks() || !known.result(place) {
                self.render(tree, Some(row), diagnostics);
            }
        }
        self.proven = proven;
        self.name_row(row, diagnostics.from(before));
        let masks = self.sensitive_inputs(&self.plan.steps, diagnostics.len() > before);
        if let Some(Value::Object(lent)) = self.scope.take("row") {
            *cells = lent;
        }
        self.mask(masks, &checked, self.plan.steps.as_slice(), Some(cells), before, diagnostics);
        checked
    }

    /// Adds number, key and file of the row to the messages about it.
    fn name_row(&self, row: &dyn RowCells, found: &mut [Diagnostic]) {
        let key = || row.key().filter(|key| !key.is_empty()).map(|key| self.plan.shown_key(key).to_owned());
        for diagnostic in found.iter_mut().filter(|one| one.about.is_some()) {
            match &mut diagnostic.row {
                Some(about) => about.key = about.key.take().or_else(key),
                None => {
                    diagnostic.row = row.file().map(|file| AboutRow { number: row.number(), key: key(), file });
                }
            }
        }
    }

    /// The masks of the sensitive inputs of the steps; `None` if no message was added.
    fn sensitive_inputs(&mut self, steps: &[BoundStep], has_messages: bool) -> Option<Masks> {
        has_messages.then(|| {
            let mut masks = Masks::default();
            self.plan.mask_steps(steps, &mut self.scope, &mut masks);
            masks
        })
    }

    /// Masks sensitive values in the messages from `before` on, because they may quote rendered values.
    fn mask(
        &self,
        masks: Option<Masks>,
        checked: &CheckedRow,
        steps: &[BoundStep],
        cells: Option<&Map>,
        before: usize,
        diagnostics: &mut Diagnostics,
    ) {
        let Some(mut masks) = masks else { return };
        masks.extend(self.plan.masks(cells));
        for call in &checked.calls {
            let Some(step) = steps.get(call.step) else { continue };
            self.plan.mask_inputs(&step.call.operation, &call.inputs, &mut masks);
            self.plan.mask_converted(step, &step.call, &call.inputs, &mut masks);
        }
        for diagnostic in diagnostics.from(before) {
            diagnostic.message = masks.text(&diagnostic.message).into_owned();
            diagnostic.help = diagnostic.help.take().map(|help| masks.text(&help).into_owned());
            if let Some(row) = &mut diagnostic.row {
                row.key = row.key.take().map(|key| masks.text(&key).into_owned());
            }
            diagnostic
                .places
                .iter_mut()
                .for_each(|(place, _)| *place = place.changed(|text| masks.text(text).into_owned()));
        }
    }

    /// Checks the steps that run once, except those that are done.
    pub fn once(
        &mut self,
        steps: &'p [BoundStep],
        is_done: &dyn Fn(usize) -> bool,
        diagnostics: &mut Diagnostics,
    ) -> CheckedRow {
        self.scope.remove("row");
        let before = diagnostics.len();
        let mut checked = CheckedRow::default();
        for (place, step) in steps.iter().enumerate().filter(|(place, _)| !is_done(*place)) {
            self.step(place, step, None, None, &mut checked, diagnostics);
        }
        let masks = self.sensitive_inputs(steps, diagnostics.len() > before);
        self.mask(masks, &checked, steps, None, before, diagnostics);
        checked
    }

    fn step(
        &mut self,
        place: usize,
        step: &BoundStep,
        known: Option<&StepProof>,
        row: Option<&dyn RowCells>,
        checked: &mut CheckedRow,
        diagnostics: &mut Diagnostics,
    ) {
        if let Some((when, span)) = &step.when {
            if cannot_hold(when, &self.plan.templates, &self.scope) {
                checked.skipped.push(place);
                return;
            }
            match render_one(when, *span, &self.plan.templates, &self.scope, Answers::Pending) {
                Ok(value) if !is_deferred(&value) && !is_truthy(&value) => {
                    checked.skipped.push(place);
                    return;
                }
                Ok(_) => {}
                Err(failure) => return self.render_failure(&failure, when, row, diagnostics),
            }
        }
        let Some(items) = self.items(step, row, diagnostics) else { return };
        if let Some((each, _)) = &step.for_each
            && let Some(list) = columns_of(each).next()
            && BlankCells::of(row, &self.scope)
                .is_some_and(|blanks| blanks.in_tree(&step.call.with, Some(list), diagnostics))
        {
            return;
        }
        let list = step.for_each.as_ref().and_then(|(each, _)| each.column());
        for (index, item) in items.into_iter().enumerate() {
            if let Some(item) = item {
                self.scope.set("item", item);
                self.element = list.map(|list| (list.to_owned(), index));
            }
            self.call(place, &step.call, known.and_then(|known| known.call.as_ref()), row, Some(checked), diagnostics);
            if let Some(rollback) = &step.rollback {
                let known = known.and_then(|known| known.rollback.as_ref());
                self.call(place, rollback, known, row, None, diagnostics);
            }
        }
        self.scope.remove("item");
        self.element = None;
    }

    /// The elements of `for_each`: a single `None` without a `for_each`. `None` if a mistake was reported.
    fn items(
        &mut self,
        step: &BoundStep,
        row: Option<&dyn RowCells>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Vec<Option<Value>>> {
        let Some((each, span)) = &step.for_each else { return Some(vec![None]) };
        if let Some(blanks) = BlankCells::of(row, &self.scope) {
            blanks.in_template(each, diagnostics);
        }
        match render_one(each, *span, &self.plan.templates, &self.scope, Answers::Pending) {
            Ok(Value::Array(items)) => Some(items.into_iter().map(Some).collect()),
            Ok(Value::Null) => Some(Vec::new()),
            Ok(value) if contains_deferred(&value) => Some(vec![Some(deferred())]),
            Ok(other) => {
                let message = format!("`for_each` needs a list, this gives {}", kind_of(&other));
                self.render_failure(&RenderFailure { span: *span, message, blank: None }, each, row, diagnostics);
                None
            }
            Err(failure) => {
                self.render_failure(&failure, each, row, diagnostics);
                None
            }
        }
    }

    fn call(
        &mut self,
        place: usize,
        call: &BoundCall,
        known: Option<&CallProof>,
        row: Option<&dyn RowCells>,
        checked: Option<&mut CheckedRow>,
        diagnostics: &mut Diagnostics,
    ) {
        let Some(prepared) = self.prepare(place, call, known, row, diagnostics) else { return };
        if let Ok(made) = &prepared {
            let connection = &self.plan.connections[call.connection];
            let mut problems = header_problems(call, connection, &made.inputs);
            if problems.is_empty() {
                problems = self.line_problems(call, made);
            }
            problems.iter().for_each(|problem| self.input_problem(call, problem, row, diagnostics));
        }
        match (prepared, checked) {
            (Ok(made), Some(checked)) => {
                self.check_twice(place, call, &made.inputs, row, diagnostics);
                checked.calls.push(made);
            }
            (Ok(_), None) => {}
            (Err(problems), _) => {
                problems.iter().for_each(|problem| self.input_problem(call, problem, row, diagnostics));
            }
        }
    }

    /// The problems with the path, the query and the headers of a call. If they cannot differ by row, they are
    /// checked once.
    fn line_problems(&mut self, call: &BoundCall, made: &CheckedCall) -> Vec<InputProblem> {
        match self.lines.get(&call.span) {
            Some(false) => return Vec::new(),
            Some(true) => {}
            None => drop(self.lines.insert(call.span, changes_by_row(call))),
        }
        let settings = call.merged_settings.as_deref().unwrap_or(&made.settings);
        call.operation.head_problems(&self.plan.connections[call.connection], settings, &made.inputs)
    }

    /// Renders and converts the inputs of a call, except those that are proven; `None` if a blank cell or a template
    /// failure was reported.
    fn prepare(
        &mut self,
        step: usize,
        call: &BoundCall,
        known: Option<&CallProof>,
        row: Option<&dyn RowCells>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Result<CheckedCall, Vec<InputProblem>>> {
        let connection = &self.plan.connections[call.connection];
        let Some(known) = known else {
            let Some(Value::Object(settings)) = self.render(&call.settings, row, diagnostics) else { return None };
            let Some(Value::Object(with)) = self.render(&call.with, row, diagnostics) else { return None };
            let deferred = with.values().any(contains_deferred);
            let settings = || call.operation.provider.settings_over(connection, &settings).into_owned();
            let inputs = call.operation.prepare(connection, with, self.now);
            return Some(inputs.map(|inputs| CheckedCall { step, inputs, settings: settings(), deferred }));
        };
        if BlankCells::of(row, &self.scope).is_some_and(|blanks| blanks.in_tree(&call.with, None, diagnostics)) {
            return None;
        }
        let made = |inputs, deferred| CheckedCall { step, inputs, settings: Map::new(), deferred };
        if let Some(inputs) = &known.unproven_values {
            return Some(Ok(made(inputs.clone(), known.waits_for_answer)));
        }
        let Some(Value::Object(rest)) = self.render_known(&known.unproven, row, diagnostics) else { return None };
        let deferred = known.waits_for_answer || rest.values().any(contains_deferred);
        let inputs = call.operation.prepare_beside(&known.proven, connection, rest, self.now);
        Some(inputs.map(|inputs| made(inputs, deferred)))
    }

    /// Renders a value that was searched for blank cells; reports why it cannot be rendered.
    fn render_known(
        &mut self,
        tree: &BoundTree,
        row: Option<&dyn RowCells>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Value> {
        match render(tree, &self.plan.templates, &mut self.scope, Answers::Pending) {
            Ok(value) => Some(value),
            Err(failure) => {
                let template = template_at(tree, failure.span).cloned();
                match template {
                    Some(template) => self.render_failure(&failure, &template, row, diagnostics),
                    None => self.report(
                        Diagnostic::error("template", failure.message.clone()),
                        failure.span,
                        false,
                        diagnostics,
                    ),
                }
                None
            }
        }
    }

    /// Renders a value, or reports its blank cells or why it cannot be rendered.
    fn render(&mut self, tree: &BoundTree, row: Option<&dyn RowCells>, diagnostics: &mut Diagnostics) -> Option<Value> {
        if BlankCells::of(row, &self.scope).is_some_and(|blanks| blanks.in_tree(tree, None, diagnostics)) {
            return None;
        }
        self.render_known(tree, row, diagnostics)
    }
}

/// Whether the path, the query or the headers of a call may differ by row.
fn changes_by_row(call: &BoundCall) -> bool {
    let line = call.operation.head_inputs();
    let fixed = match &call.with {
        BoundTree::Map(fields) => {
            let of_line = |name: &str| {
                call.operation.inputs.iter().any(|input| input.answers_to(name) && line.contains(input.name.as_str()))
            };
            fields.iter().all(|(name, tree)| !of_line(name) || whole(tree).is_some())
        }
        BoundTree::Constant(..) | BoundTree::Template(..) | BoundTree::List(_) | BoundTree::Each(..) => line.is_empty(),
    };
    !fixed || call.merged_settings.is_none() || call.undoes.is_some()
}
