//! The check of one row before anything is sent: rendered as far as it can be without answers.

use std::collections::{HashMap, HashSet};

use super::blanks::Blanks;
use super::bound::{BoundCall, BoundStep, BoundTree, Plan};
use super::leaves::{columns_of, depends_on_row, leaf_at, template_at};
use super::render::{Knowledge, RenderTrouble, kind_of, render, render_one};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Span};
use crate::model::{Map, Masks, Repeat, Time, Value, contains_deferred, deferred, is_deferred, is_truthy};
use crate::provider::InputProblem;
use crate::rows::{Keys, no_scratch};
use crate::template::{Scope, Template};

/// A row's cells with their places, as the check asks for them.
pub trait Cells {
    /// Whether a cell is blank that its column does not allow to be.
    fn is_blank(&self, column: &str) -> bool;
    /// Whether any cell is blank that its column does not allow to be.
    fn has_blanks(&self) -> bool {
        true
    }
    /// Where a cell stands in its file.
    fn place(&self, column: &str) -> Option<Place>;
    /// The number a person sees.
    fn number(&self) -> u64;
    /// Whether nothing of a step is left to do, so that nothing of it is to be checked.
    fn is_done(&self, step: usize) -> bool {
        let _ = step;
        false
    }
}

/// One call that a row will make, as far as it is known.
#[derive(Debug, Clone)]
pub struct CheckedCall {
    /// The step's place.
    pub step: usize,
    /// The inputs; what only an answer brings is marked.
    pub inputs: Map,
    /// The connection's settings under the step's own.
    pub settings: Map,
    /// Whether the inputs wait for an answer.
    pub deferred: bool,
}

/// What a row comes to.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// Its calls, in order.
    pub calls: Vec<CheckedCall>,
    /// Steps that a condition leaves out.
    pub skipped: Vec<usize>,
}

/// The check of a run's rows, one after the other.
pub struct RowCheck<'p> {
    plan: &'p Plan,
    now: Time,
    scope: Scope,
    /// Mistakes that no cell has a part in are told once, not per row.
    told: HashSet<(Span, &'static str)>,
    /// Natural keys met, per step, with the row that had them.
    effects: HashMap<usize, Keys>,
    /// What of the present row's inputs people must not see.
    hidden: Masks,
}

impl<'p> RowCheck<'p> {
    /// A check against the rules as of `now`.
    #[must_use]
    pub fn new(plan: &'p Plan, now: Time) -> Self {
        let mut scope = Scope::new();
        scope.set("vars", Value::Object(plan.vars.clone()));
        scope.set("run", Value::Object(plan.run.clone()));
        Self { plan, now, scope, told: HashSet::new(), effects: HashMap::new(), hidden: Masks::default() }
    }

    /// Checks one row with its typed cells, which are lent for that time; mistakes go to `diagnostics`.
    pub fn row(&mut self, row: &dyn Cells, cells: &mut Map, diagnostics: &mut Diagnostics) -> Checked {
        let before = diagnostics.len();
        self.scope.set("row", Value::Object(std::mem::take(cells)));
        let mut checked = Checked::default();
        for (place, step) in self.plan.steps.iter().enumerate().filter(|(place, _)| !row.is_done(*place)) {
            self.step(place, step, Some(row), &mut checked, diagnostics);
        }
        for (_, tree) in &self.plan.results {
            self.render(tree, Some(row), diagnostics);
        }
        if let Some(Value::Object(lent)) = self.scope.take("row") {
            *cells = lent;
        }
        self.mask(&checked, self.plan.steps.as_slice(), Some(cells), before, diagnostics);
        checked
    }

    /// Masks people's data in the messages from `before` on: a mistake's words may hold what a template made of it.
    fn mask(
        &mut self,
        checked: &Checked,
        steps: &[BoundStep],
        cells: Option<&Map>,
        before: usize,
        diagnostics: &mut Diagnostics,
    ) {
        if diagnostics.len() == before {
            return;
        }
        let mut masks = std::mem::take(&mut self.hidden);
        masks.extend(self.plan.masks(cells));
        for call in &checked.calls {
            let operation = steps.get(call.step).map(|step| &step.call.operation);
            operation.into_iter().for_each(|operation| self.plan.mask_inputs(operation, &call.inputs, &mut masks));
        }
        for diagnostic in diagnostics.from(before) {
            diagnostic.message = masks.text(&diagnostic.message).into_owned();
            diagnostic.help = diagnostic.help.take().map(|help| masks.text(&help).into_owned());
            diagnostic
                .places
                .iter_mut()
                .for_each(|(place, _)| *place = place.changed(|text| masks.text(text).into_owned()));
        }
    }

    /// Checks the steps that run once, but those that are done.
    pub fn once(
        &mut self,
        steps: &'p [BoundStep],
        is_done: &dyn Fn(usize) -> bool,
        diagnostics: &mut Diagnostics,
    ) -> Checked {
        self.scope.remove("row");
        let before = diagnostics.len();
        let mut checked = Checked::default();
        for (place, step) in steps.iter().enumerate().filter(|(place, _)| !is_done(*place)) {
            self.step(place, step, None, &mut checked, diagnostics);
        }
        self.mask(&checked, steps, None, before, diagnostics);
        checked
    }

    fn step(
        &mut self,
        place: usize,
        step: &BoundStep,
        row: Option<&dyn Cells>,
        checked: &mut Checked,
        diagnostics: &mut Diagnostics,
    ) {
        if let Some((when, span)) = &step.when {
            match render_one(when, *span, &self.plan.templates, &self.scope, Knowledge::Rows) {
                Ok(value) if !is_deferred(&value) && !is_truthy(&value) => {
                    checked.skipped.push(place);
                    return;
                }
                Ok(_) => {}
                Err(trouble) => return self.trouble(&trouble, when, row, diagnostics),
            }
        }
        let Some(items) = self.items(step, row, diagnostics) else { return };
        if let Some((each, _)) = &step.for_each
            && let Some(list) = columns_of(each).next()
            && Blanks::of(row, &self.scope)
                .is_some_and(|blanks| blanks.in_tree(&step.call.with, Some(list), diagnostics))
        {
            return;
        }
        for item in items {
            if let Some(item) = item {
                self.scope.set("item", item);
            }
            self.call(place, &step.call, row, Some(checked), diagnostics);
            if let Some(rollback) = &step.rollback {
                self.call(place, rollback, row, None, diagnostics);
            }
        }
        self.scope.remove("item");
    }

    /// The elements of `for_each`; one that is none where there is no `for_each`.
    fn items(
        &mut self,
        step: &BoundStep,
        row: Option<&dyn Cells>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Vec<Option<Value>>> {
        let Some((each, span)) = &step.for_each else { return Some(vec![None]) };
        if let Some(blanks) = Blanks::of(row, &self.scope) {
            blanks.in_template(each, diagnostics);
        }
        match render_one(each, *span, &self.plan.templates, &self.scope, Knowledge::Rows) {
            Ok(Value::Array(items)) => Some(items.into_iter().map(Some).collect()),
            Ok(Value::Null) => Some(Vec::new()),
            Ok(value) if contains_deferred(&value) => Some(vec![Some(deferred())]),
            Ok(other) => {
                let message = format!("`for_each` wants a list, this gives {}", kind_of(&other));
                self.trouble(&RenderTrouble { span: *span, message }, each, row, diagnostics);
                None
            }
            Err(trouble) => {
                self.trouble(&trouble, each, row, diagnostics);
                None
            }
        }
    }

    fn call(
        &mut self,
        place: usize,
        call: &BoundCall,
        row: Option<&dyn Cells>,
        checked: Option<&mut Checked>,
        diagnostics: &mut Diagnostics,
    ) {
        let Some(Value::Object(settings)) = self.render(&call.settings, row, diagnostics) else { return };
        let Some(Value::Object(with)) = self.render(&call.with, row, diagnostics) else { return };
        let waits = with.values().any(contains_deferred);
        let connection = &self.plan.connections[call.connection];
        match call.operation.prepare(connection, with, self.now) {
            Ok(inputs) => {
                if let Some(checked) = checked {
                    self.check_twice(place, call, &inputs, row, diagnostics);
                    let settings = call.operation.provider.settings_over(connection, &settings).into_owned();
                    checked.calls.push(CheckedCall { step: place, inputs, settings, deferred: waits });
                }
            }
            Err(problems) => {
                problems.iter().for_each(|problem| self.input_problem(call, problem, row, diagnostics));
                // The inputs are gone with the attempt to use them; what they hide is still to be hidden.
                let with = render(&call.with, &self.plan.templates, &mut self.scope, Knowledge::Rows);
                if let Ok(Value::Object(with)) = with {
                    self.plan.mask_inputs(&call.operation, &with, &mut self.hidden);
                }
            }
        }
    }

    fn render(&mut self, tree: &BoundTree, row: Option<&dyn Cells>, diagnostics: &mut Diagnostics) -> Option<Value> {
        if Blanks::of(row, &self.scope).is_some_and(|blanks| blanks.in_tree(tree, None, diagnostics)) {
            return None;
        }
        match render(tree, &self.plan.templates, &mut self.scope, Knowledge::Rows) {
            Ok(value) => Some(value),
            Err(trouble) => {
                let template = template_at(tree, trouble.span).cloned();
                match template {
                    Some(template) => self.trouble(&trouble, &template, row, diagnostics),
                    None => self.tell(
                        Diagnostic::error("template", trouble.message.clone()),
                        trouble.span,
                        false,
                        diagnostics,
                    ),
                }
                None
            }
        }
    }

    fn input_problem(
        &mut self,
        call: &BoundCall,
        problem: &InputProblem,
        row: Option<&dyn Cells>,
        diagnostics: &mut Diagnostics,
    ) {
        let leaf = leaf_at(&call.with, &problem.path);
        let span = leaf.as_ref().map_or(call.span, |(span, _)| *span);
        let column = leaf
            .as_ref()
            .and_then(|(_, template)| *template)
            .and_then(|template| columns_of(template).next().map(str::to_owned));
        let place = column.and_then(|column| row.and_then(|row| row.place(&column)));
        let depends = leaf.is_some_and(|(_, template)| template.is_some_and(depends_on_row));
        let message = match row.filter(|_| depends) {
            Some(row) => format!("Row {}: {}", row.number(), problem.message),
            None => problem.message.clone(),
        };
        let mut diagnostic = Diagnostic::error(problem.code, message);
        if let Some(help) = &problem.help {
            diagnostic = diagnostic.help(help.clone());
        }
        if let Some(place) = place {
            diagnostic = diagnostic.at(place, "this cell");
        }
        self.tell(diagnostic, span, depends, diagnostics);
    }

    fn trouble(
        &mut self,
        trouble: &RenderTrouble,
        template: &Template,
        row: Option<&dyn Cells>,
        diagnostics: &mut Diagnostics,
    ) {
        let depends = depends_on_row(template);
        let message = match row.filter(|_| depends) {
            Some(row) => format!("Row {}: {}", row.number(), trouble.message),
            None => trouble.message.clone(),
        };
        let mut diagnostic = Diagnostic::error("template", message);
        let column = columns_of(template).next();
        if let Some(place) = column.and_then(|column| row.and_then(|row| row.place(column))) {
            diagnostic = diagnostic.at(place, "with this cell");
        }
        self.tell(diagnostic, trouble.span, depends, diagnostics);
    }

    fn tell(&mut self, diagnostic: Diagnostic, span: Span, depends: bool, diagnostics: &mut Diagnostics) {
        if depends || self.told.insert((span, diagnostic.code)) {
            diagnostics.push(diagnostic.at(self.plan.source.place(span), "used here"));
        }
    }

    /// Two rows must not make the same thing where it cannot be repeated.
    fn check_twice(
        &mut self,
        place: usize,
        call: &BoundCall,
        inputs: &Map,
        row: Option<&dyn Cells>,
        diagnostics: &mut Diagnostics,
    ) {
        let Some(row) = row else { return };
        if call.operation.repeat(inputs) == Repeat::Safe {
            return;
        }
        let Some(key) = call.operation.natural_key(inputs) else { return };
        let number = row.number();
        let first = match self.effects.entry(place).or_default().insert(key.as_str(), number) {
            Ok(first) => first.filter(|first| *first != number),
            Err(error) => return diagnostics.push(no_scratch(&error)),
        };
        if let Some(first) = first {
            let name = call.operation.full_name();
            let message =
                format!("Row {number}: `{name}` would be sent a second time for {key}; row {first} has it already");
            let column = call.operation.natural_key.iter().find_map(|input| {
                let (_, template) = leaf_at(&call.with, std::slice::from_ref(input))?;
                columns_of(template?).next().map(str::to_owned)
            });
            let mut diagnostic = Diagnostic::error("duplicate-effect", message).help("Remove one of the rows.");
            if let Some(place) = column.and_then(|column| row.place(&column)) {
                diagnostic = diagnostic.at(place, "again");
            }
            diagnostics.push(diagnostic);
        }
    }
}
