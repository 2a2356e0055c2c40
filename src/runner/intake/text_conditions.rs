//! A trap worth a warning: a `when` that is a bare text column asks only whether the cell is blank, and `false` is not.

use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::model::{Map, Value};
use crate::plan::Plan;
use crate::template::Template;
use crate::yaml::yaml_text;

/// Texts that a person means as a yes or a no.
const WORDS: [&str; 8] = ["true", "false", "yes", "no", "y", "n", "1", "0"];

/// The bare columns of all `when`s, watched over the rows.
pub(super) struct TextConditions {
    watched: Vec<Watched>,
}

struct Watched {
    column: String,
    span: Span,
    words: u64,
    others: u64,
}

impl TextConditions {
    pub(super) fn of(plan: &Plan) -> Self {
        let whens = plan.steps.iter().filter_map(|step| step.when.as_ref());
        let watched = whens.filter_map(|(template, span)| {
            let column = bare_column(template)?.to_owned();
            Some(Watched { column, span: *span, words: 0, others: 0 })
        });
        Self { watched: watched.collect() }
    }

    pub(super) fn see(&mut self, cells: &Map) {
        for watched in &mut self.watched {
            match cells.get(&watched.column) {
                Some(Value::String(text)) if text.is_empty() => {}
                Some(Value::String(text)) if is_word(text) => watched.words += 1,
                _ => watched.others += 1,
            }
        }
    }

    pub(super) fn tell(self, plan: &Plan, diagnostics: &mut Diagnostics) {
        for watched in self.watched.into_iter().filter(|watched| watched.words > 0 && watched.others == 0) {
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

/// The column of a template that is `{{ row.COLUMN }}` and nothing else.
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

fn is_word(text: &str) -> bool {
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(text.trim()))
}
