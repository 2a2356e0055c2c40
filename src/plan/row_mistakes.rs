//! What a check says of a row's mistakes.

use super::bound::BoundCall;
use super::check::{Cells, RowCheck};
use super::given_headers::LITERAL_CREDENTIAL;
use super::leaves::{columns_of, depends_on_row, leaf_at};
use super::render::RenderTrouble;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::model::{Map, Repeat};
use crate::provider::InputProblem;
use crate::rows::no_scratch;
use crate::template::Template;
use crate::yaml::yaml_text;

impl RowCheck<'_> {
    /// Tells what is wrong with an input.
    pub(super) fn input_problem(
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
        let place = column.as_ref().and_then(|column| row.and_then(|row| row.place(column)));
        let depends = leaf.is_some_and(|(_, template)| template.is_some_and(depends_on_row));
        let message = match row.filter(|_| depends) {
            Some(row) => format!("Row {}: {}", row.number(), problem.message),
            None => problem.message.clone(),
        };
        let mut diagnostic = Diagnostic::error(problem.code, message);
        if let Some(help) = &problem.help {
            diagnostic = diagnostic.help(help.clone());
        }
        if let (Some(column), true) = (column, problem.unknown_spelling) {
            let column = yaml_text(&column);
            diagnostic = diagnostic.help(format!(
                "Say how the column is written: `columns: {{ {column}: {{ type: datetime, format: \"YYYY/M/D H:mm\", \
                 timezone: Asia/Shanghai }} }}`"
            ));
        }
        if let Some(place) = place {
            let place = if problem.code == LITERAL_CREDENTIAL { place.veiled() } else { place };
            diagnostic = diagnostic.at(place, "this cell");
        }
        self.tell(diagnostic, span, depends, diagnostics);
    }

    /// Tells why a template could not be rendered.
    pub(super) fn trouble(
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

    /// Tells a mistake at its place in the playbook; one that no row has a part in is told once.
    pub(super) fn tell(&mut self, diagnostic: Diagnostic, span: Span, depends: bool, diagnostics: &mut Diagnostics) {
        if depends || self.told.insert((span, diagnostic.code)) {
            diagnostics.push(diagnostic.at(self.plan.source.place(span), "used here"));
        }
    }

    /// Two rows must not make the same thing where it cannot be repeated.
    pub(super) fn check_twice(
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
