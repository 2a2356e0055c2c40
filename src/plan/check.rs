//! The check of one row before anything is sent: rendered as far as it can be without answers.

use std::collections::{HashMap, HashSet};

use super::bound::{BoundCall, BoundStep, BoundTree, Plan};
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
            && self.check_tree_for_blanks(&step.call.with, Some(list), row, diagnostics)
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
        self.check_blanks(each, row, diagnostics);
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
        if self.check_tree_for_blanks(tree, None, row, diagnostics) {
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

    /// Reports blank cells that a tree uses; `elements` is the list that `item` walks.
    fn check_tree_for_blanks(
        &self,
        tree: &BoundTree,
        elements: Option<&str>,
        row: Option<&dyn Cells>,
        diagnostics: &mut Diagnostics,
    ) -> bool {
        match tree {
            BoundTree::Constant(..) => false,
            BoundTree::Template(template, _) => {
                let own = self.check_blanks(template, row, diagnostics);
                own | elements.is_some_and(|list| self.check_item_blanks(template, list, row, diagnostics))
            }
            BoundTree::List(items) => items
                .iter()
                .fold(false, |blank, item| blank | self.check_tree_for_blanks(item, elements, row, diagnostics)),
            BoundTree::Map(fields) => fields
                .iter()
                .fold(false, |blank, (_, field)| blank | self.check_tree_for_blanks(field, elements, row, diagnostics)),
            BoundTree::Each(list, body, _) => {
                let own = self.check_blanks(list, row, diagnostics);
                own | self.check_tree_for_blanks(body, columns_of(list).next(), row, diagnostics)
            }
        }
    }

    /// Reports blank cells of a list's elements that a template uses as `item`.
    fn check_item_blanks(
        &self,
        template: &Template,
        list: &str,
        row: Option<&dyn Cells>,
        diagnostics: &mut Diagnostics,
    ) -> bool {
        let Some(row) = row else { return false };
        let count = self.scope.get(&["row", list]).and_then(Value::as_array).map_or(0, Vec::len);
        let mut blank = false;
        for name in template.names() {
            let [root, field, ..] = name.path.as_slice() else { continue };
            let paths = (0..count).map(|place| format!("{list}.{place}.{field}"));
            for path in paths.filter(|path| root == "item" && row.is_blank(path)) {
                blank = true;
                report_blank(row, &path, field, diagnostics);
            }
        }
        blank
    }

    /// Reports blank cells that a template uses.
    fn check_blanks(&self, template: &Template, row: Option<&dyn Cells>, diagnostics: &mut Diagnostics) -> bool {
        let Some(row) = row else { return false };
        let mut blank = false;
        for column in columns_of(template).filter(|column| row.is_blank(column)) {
            blank = true;
            report_blank(row, column, column, diagnostics);
        }
        blank
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

fn report_blank(row: &dyn Cells, path: &str, column: &str, diagnostics: &mut Diagnostics) {
    let message = format!("Row {}: cell `{column}` is blank, and a template uses it", row.number());
    let help = format!(
        "Fill the cell, or declare the column with `{column}: {{ optional: true }}` so that a blank is left out."
    );
    let diagnostic = Diagnostic::error("blank-cell", message).help(help);
    diagnostics.push(match row.place(path) {
        Some(place) => diagnostic.at(place, "blank"),
        None => diagnostic,
    });
}

fn columns_of(template: &Template) -> impl Iterator<Item = &str> {
    template.names().iter().filter_map(|name| match name.path.as_slice() {
        [root, column, ..] if root == "row" => Some(column.as_str()),
        _ => None,
    })
}

fn depends_on_row(template: &Template) -> bool {
    template.names().iter().any(|name| name.path.first().is_some_and(|root| root == "row" || root == "item"))
}

/// The leaf at a path inside `with`: where it stands, and its template where it is one.
fn leaf_at<'t>(tree: &'t BoundTree, path: &[String]) -> Option<(Span, Option<&'t Template>)> {
    match tree {
        BoundTree::Template(template, span) => Some((*span, Some(template))),
        BoundTree::Constant(_, span) => Some((*span, None)),
        BoundTree::Each(_, body, span) => leaf_at(body, path).or(Some((*span, None))),
        BoundTree::Map(fields) => {
            let (first, rest) = path.split_first()?;
            fields.iter().find(|(name, _)| name == first).and_then(|(_, field)| leaf_at(field, rest))
        }
        BoundTree::List(items) => {
            let (first, rest) = path.split_first()?;
            let place = first.parse::<usize>().ok();
            match items.as_slice() {
                [only] => leaf_at(only, rest),
                items => place.and_then(|place| items.get(place)).and_then(|item| leaf_at(item, rest)),
            }
        }
    }
}

fn template_at(tree: &BoundTree, span: Span) -> Option<&Template> {
    match tree {
        BoundTree::Constant(..) => None,
        BoundTree::Template(template, at) => (*at == span).then_some(template),
        BoundTree::List(items) => items.iter().find_map(|item| template_at(item, span)),
        BoundTree::Map(fields) => fields.iter().find_map(|(_, field)| template_at(field, span)),
        BoundTree::Each(list, body, at) => {
            if *at == span {
                Some(list)
            } else {
                template_at(body, span)
            }
        }
    }
}
