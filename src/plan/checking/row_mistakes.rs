//! The messages of a check: what is wrong with a row, at its cell and at the template that uses it.

use super::row_cells::{RowCells, name_of_row};
use super::row_check::RowCheck;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::model::{Map, Repeat};
use crate::plan::binding::LITERAL_CREDENTIAL;
use crate::plan::bound::{BoundCall, cell_at, columns_of, depends_on_row, leaf_at, varies_at};
use crate::plan::rendering::RenderFailure;
use crate::provider::InputProblem;
use crate::rows::no_scratch;
use crate::template::Template;
use crate::yaml::yaml_text;

impl RowCheck<'_> {
    /// Reports what is wrong with an input, at the cell that it comes from.
    pub(super) fn input_problem(
        &mut self,
        call: &BoundCall,
        problem: &InputProblem,
        row: Option<&dyn RowCells>,
        diagnostics: &mut Diagnostics,
    ) {
        let leaf = leaf_at(&call.with, &problem.path);
        let span = leaf.as_ref().map_or(call.span, |(span, _)| *span);
        let cell = cell_at(&call.with, &problem.path);
        let place = cell.as_ref().and_then(|cell| row.and_then(|row| row.place(cell)));
        let depends = varies_at(&call.with, &problem.path);
        let mut diagnostic = Diagnostic::error(problem.code, problem.message.clone());
        if let Some(row) = row.filter(|_| depends) {
            let (named, element) = name_of_row(row, cell.as_deref());
            diagnostic.message = format!("{named}: {}", problem.message);
            diagnostic.row = element;
            diagnostic.about = Some(about(problem));
        }
        if let Some(help) = &problem.help {
            diagnostic = diagnostic.help(help.clone());
        }
        let column = cell.filter(|cell| !cell.contains('.'));
        if let (Some(column), true) = (column, problem.unknown_spelling) {
            let column = yaml_text(&column);
            diagnostic = diagnostic.help(format!(
                "Say how the column is written: `columns: {{ {column}: {{ type: datetime, format: \"YYYY/M/D H:mm\", \
                 timezone: Asia/Shanghai }} }}`"
            ));
        }
        if let Some(place) = place {
            let place = if problem.code == LITERAL_CREDENTIAL { place.redacted() } else { place };
            diagnostic = diagnostic.at(place, "this cell");
        }
        self.report(diagnostic, span, depends, diagnostics);
    }

    /// Reports why a template could not be rendered.
    pub(super) fn render_failure(
        &mut self,
        failure: &RenderFailure,
        template: &Template,
        row: Option<&dyn RowCells>,
        diagnostics: &mut Diagnostics,
    ) {
        let depends = depends_on_row(template);
        if let (Some(name), Some(row)) = (&failure.blank, row)
            && depends
        {
            let diagnostic = self.blank_in_request_line(name, &failure.message, template, row);
            return self.report(diagnostic, failure.span, depends, diagnostics);
        }
        let code = if failure.blank.is_some() { "blank-cell" } else { "template" };
        let mut diagnostic = Diagnostic::error(code, failure.message.clone());
        let column = columns_of(template).next();
        if let Some(row) = row.filter(|_| depends) {
            diagnostic.message = format!("Row {}: {}", row.number(), failure.message);
            diagnostic.about = Some(column.unwrap_or_default().to_owned());
        }
        if let Some(place) = column.and_then(|column| row.and_then(|row| row.place(column))) {
            diagnostic = diagnostic.at(place, "with this cell");
        }
        self.report(diagnostic, failure.span, depends, diagnostics);
    }

    /// The message about a blank in a path, a query or a header, at its cell.
    fn blank_in_request_line(&self, name: &[String], why: &str, template: &Template, row: &dyn RowCells) -> Diagnostic {
        let (path, column) = match name {
            [root, column, ..] if root == "row" => (Some(column.clone()), column.as_str()),
            [root, field, ..] if root == "item" => {
                (self.element.as_ref().map(|(list, index)| format!("{list}.{index}.{field}")), field.as_str())
            }
            [root] if root == "item" => (self.element.as_ref().map(|(list, _)| list.clone()), "item"),
            _ => (columns_of(template).next().map(str::to_owned), ""),
        };
        let help = if column.is_empty() {
            "Make sure that it is filled, or leave the step out with `when:`.".to_owned()
        } else {
            format!("Fill the cell, or leave the step out where it is blank: `when: \"{{{{ {} }}}}\"`.", name.join("."))
        };
        let (named, element) = name_of_row(row, path.as_deref());
        let mut diagnostic = Diagnostic::error("blank-cell", format!("{named}: {why}")).help(help);
        diagnostic.row = element;
        diagnostic.about = Some(name.join("."));
        match path.and_then(|path| row.place(&path)) {
            Some(place) => diagnostic.at(place, "blank"),
            None => diagnostic,
        }
    }

    /// Reports a mistake at its place in the playbook; one that does not depend on the row is reported once.
    pub(super) fn report(&mut self, diagnostic: Diagnostic, span: Span, depends: bool, diagnostics: &mut Diagnostics) {
        if depends || self.reported_once.insert((span, diagnostic.code)) {
            diagnostics.push(diagnostic.at(self.plan.source.place(span), "used here"));
        }
    }

    /// Reports a row whose call has the natural key of an earlier row, if the call is not safe to repeat.
    pub(super) fn check_twice(
        &mut self,
        place: usize,
        call: &BoundCall,
        inputs: &Map,
        row: Option<&dyn RowCells>,
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
            let twice = Diagnostic::error("duplicate-effect", message).about(call.operation.full_name());
            let mut diagnostic = twice.help("Remove one of the rows.");
            if let Some(place) = column.and_then(|column| row.place(&column)) {
                diagnostic = diagnostic.at(place, "again");
            }
            diagnostics.push(diagnostic);
        }
    }
}

/// The input that a problem is about, without the indices of list elements.
fn about(problem: &InputProblem) -> String {
    let parts = problem.path.iter().map(String::as_str).filter(|part| part.parse::<usize>().is_err());
    parts.collect::<Vec<_>>().join(".")
}
