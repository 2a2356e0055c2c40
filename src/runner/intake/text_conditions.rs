//! Warns about a `when` that is only a text column whose cells are all yes or no: it tests whether the cell is blank,
//! and `no` is not blank.

use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::model::{Map, Value};
use crate::plan::Plan;
use crate::template::Template;
use crate::yaml::yaml_text;

/// Texts that a person means as yes or no.
const YES_OR_NO: [&str; 8] = ["true", "false", "yes", "no", "y", "n", "1", "0"];

/// The columns that stand alone in a `when`, with the kinds of their cells.
pub(super) struct TextConditions {
    watched: Vec<ConditionColumn>,
}

struct ConditionColumn {
    column: String,
    span: Span,
    /// Cells that read like yes or no.
    yes_or_no: u64,
    /// Cells with any other text.
    others: u64,
}

impl TextConditions {
    pub(super) fn of(plan: &Plan) -> Self {
        let whens = plan.steps.iter().filter_map(|step| step.when.as_ref());
        let watched = whens.filter_map(|(template, span)| {
            let column = bare_column(template)?.to_owned();
            Some(ConditionColumn { column, span: *span, yes_or_no: 0, others: 0 })
        });
        Self { watched: watched.collect() }
    }

    pub(super) fn observe(&mut self, cells: &Map) {
        for watched in &mut self.watched {
            match cells.get(&watched.column) {
                Some(Value::String(text)) if text.is_empty() => {}
                Some(Value::String(text)) if is_yes_or_no(text) => watched.yes_or_no += 1,
                _ => watched.others += 1,
            }
        }
    }

    pub(super) fn report(self, plan: &Plan, diagnostics: &mut Diagnostics) {
        for watched in self.watched.into_iter().filter(|watched| watched.yes_or_no > 0 && watched.others == 0) {
            let column = &watched.column;
            let message =
                format!("This `when` asks only whether `{column}` is blank, and its cells read like yes and no");
            let help = format!("Declare the column: `{}: {{ type: boolean }}`.", yaml_text(column));
            let place = plan.source.place(watched.span);
            diagnostics
                .push(Diagnostic::warning("when-text", message).at(place, "`false` and `no` are not blank").help(help));
        }
    }
}

/// The column of a template that is only `{{ row.COLUMN }}`; `None` for any other template.
fn bare_column(template: &Template) -> Option<&str> {
    let inner = template.text().trim().strip_prefix("{{")?.strip_suffix("}}")?.trim();
    match template.names() {
        [name] => match name.path.as_slice() {
            [root, column] if root == "row" && inner.len() <= "row.[]".len() + column.len() => Some(column),
            _ => None,
        },
        _ => None,
    }
}

fn is_yes_or_no(text: &str) -> bool {
    YES_OR_NO.iter().any(|word| word.eq_ignore_ascii_case(text.trim()))
}
