//! The cells of rows as a report shows them: sensitive ones masked, and on a screen without what would act there.

use bytes::Bytes;

use super::run_source::RunSource;
use crate::diagnostic::{printable, without_commands, without_inline_commands};
use crate::model::{MASK, Masks, Value, as_text};
use crate::report::RowRecord;
use crate::rows::{Dialect, RowFormat};

/// The cells of rows as a report shows them.
pub(super) struct ShownCells {
    own: Dialect,
    csv: Dialect,
    /// By column: whether it is hidden.
    hidden: Vec<bool>,
    /// The result columns that are hidden.
    hidden_results: Vec<String>,
    /// Whether the report may be printed.
    for_screen: bool,
}

impl ShownCells {
    /// The cells of a run.
    pub(super) fn of(source: &RunSource, for_screen: bool) -> Self {
        let (plan, rows) = (&source.plan, source.playbook.rows.as_ref());
        let own = source.known.frozen.dialect.clone().unwrap_or_default();
        let heads = own.column_heads();
        let is_hidden = |head: &String| {
            let declared = rows.is_some_and(|rows| {
                rows.redacted.contains(head) || rows.columns.iter().any(|one| one.sensitive && one.head() == head)
            });
            declared && !plan.is_unmasked()
        };
        let hidden_results = if plan.is_unmasked() { Vec::new() } else { plan.sensitive_results() };
        let shown: Vec<String> = heads.iter().enumerate().map(|(at, head)| harmless(at, head)).collect();
        let csv = own.as_csv();
        Self {
            csv: if for_screen && shown != heads { csv.with_heads(&shown) } else { csv },
            hidden: heads.iter().map(is_hidden).collect(),
            hidden_results: hidden_results.into_iter().map(str::to_owned).collect(),
            own,
            for_screen,
        }
    }

    /// The heads of the columns.
    pub(super) fn heads(&self) -> Vec<String> {
        self.own.column_heads()
    }

    /// The texts of the cells of a row, from its bytes.
    pub(super) fn cells(&self, raw: &[u8], masks: &Masks) -> Vec<String> {
        if self.own.columns == 0 { Vec::new() } else { self.texts(&self.own.cell_texts(raw), masks) }
    }

    /// The dialect of the report.
    pub(super) fn dialect(&self) -> &Dialect {
        &self.csv
    }

    /// Changes a row to what is shown of it, with its bytes as CSV. A CSV row of which everything is shown keeps its bytes.
    pub(super) fn show(&self, row: &mut RowRecord, masks: &Masks) {
        let is_json = self.own.format == RowFormat::JsonLines;
        let changes = !masks.is_empty() || self.hidden.contains(&true) || self.for_screen;
        if (changes || is_json) && self.own.columns > 0 {
            let was = self.own.cell_texts(&row.raw);
            let texts = self.texts(&was, masks);
            if is_json || texts != was {
                row.raw = Bytes::from(self.csv.csv_row(&texts));
            }
        }
        for text in [&mut row.code, &mut row.message, &mut row.request_id].into_iter().flatten() {
            *text = masks.text(text).into_owned();
        }
        for (name, value) in &mut row.results {
            *value = self.result(name, value, masks);
        }
    }

    /// The texts of a row's own cells. In a row with too many or too few cells, nobody knows which one is the hidden one.
    fn texts(&self, texts: &[String], masks: &Masks) -> Vec<String> {
        let odd = self.hidden.contains(&true) && texts.len() != self.hidden.len();
        let shown = |(at, text): (usize, &String)| {
            let text = match odd || self.hidden.get(at) == Some(&true) {
                true if text.trim().is_empty() => text.clone(),
                true => MASK.to_owned(),
                false => masks.text(text).into_owned(),
            };
            if self.for_screen { harmless(at, &text) } else { text }
        };
        texts.iter().enumerate().map(shown).collect()
    }

    fn result(&self, name: &String, value: &Value, masks: &Masks) -> Value {
        if self.hidden_results.contains(name) && !value.is_null() {
            return MASK.into();
        }
        let shown = masks.value(value);
        // Results stand behind the columns `_run` and others, so they begin no line.
        if self.for_screen && !shown.is_null() { harmless(1, &as_text(&shown)).into() } else { shown }
    }
}

/// A cell without invisible characters and without what a CI system would execute. Only the first cell begins a line; of
/// the others, what follows a line break does.
fn harmless(at: usize, text: &str) -> String {
    let text = printable(text);
    match text.split_once('\n') {
        _ if at == 0 => without_commands(&text).into_owned(),
        Some((first, rest)) => format!("{}\n{}", without_inline_commands(first), without_commands(rest)),
        None => without_inline_commands(&text).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_begins_a_line_is_changed() {
        assert_eq!(harmless(0, "::error::x"), ": :error::x");
        assert_eq!(harmless(1, "::error::x"), "::error::x");
        assert_eq!(harmless(1, "a\n::error::x##[b]\u{1b}"), "a\n: :error::x# #[b]␛");
        assert_eq!(harmless(3, "預約 é"), "預約 é");
    }
}
