//! The rows of a test: inline rows, a file beside the test, or the rows of the playbook.

use std::collections::HashMap;

use super::suite::Suite;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Source, Span};
use crate::playbook::RowsDecl;
use crate::rows::{Input, RowFile};
use crate::runner::RowSource;
use crate::testing::{InlineRows, RowsFrom, Test, inline_list, inline_rows};

/// The open rows of a test.
pub(super) struct TestRows {
    /// The rows; `None` where they cannot be read.
    pub(super) source: Option<RowSource>,
    /// The names under `row.`; `None` for a playbook without rows.
    pub(super) names: Option<Vec<String>>,
    /// The inline rows and lists, for the places of messages about them.
    pub(super) inlines: Vec<InlineRows>,
}

impl TestRows {
    /// Opens the rows; mistakes go to `diagnostics`.
    pub(super) fn open(suite: &Suite, test: &Test, unmask: bool, diagnostics: &mut Diagnostics) -> Self {
        let mut rows = Self { source: None, names: None, inlines: Vec::new() };
        let Some(decl) = &suite.playbook.rows else {
            rows.source = Some(RowSource::Once { given: false });
            return rows;
        };
        let own = decl.from.as_ref().map(|from| (from.value.as_str(), suite.playbook.source.place(from.span)));
        let missing = Missing { source: &suite.playbook.source, span: decl.span, what: "rows" };
        let input = match &test.rows.from {
            RowsFrom::Inline(nodes) => Some(rows.keep(inline_rows(nodes, decl, &suite.file.source, unmask))),
            given @ (RowsFrom::Own | RowsFrom::File(_)) => from_file(suite, given, own, &missing, diagnostics),
        };
        let lists = rows.lists(suite, test, decl, unmask, diagnostics);
        let Some((input, lists)) = input.zip(lists) else { return rows };
        if let Some(file) = RowFile::open(decl, input, lists, unmask, diagnostics) {
            let columns = file.columns().into_iter().map(|column| column.name);
            rows.names = Some(columns.chain(file.lists().into_iter().map(|list| list.name)).collect());
            rows.source = Some(RowSource::File(Box::new(file)));
        }
        rows
    }

    fn lists(
        &mut self,
        suite: &Suite,
        test: &Test,
        decl: &RowsDecl,
        unmask: bool,
        diagnostics: &mut Diagnostics,
    ) -> Option<HashMap<String, Input>> {
        let mut all = HashMap::new();
        for list in &decl.lists {
            let given = test.lists.iter().find(|(name, _)| name.value == list.name).map(|(_, given)| given);
            let own = list.from.as_ref().map(|from| (from.value.as_str(), suite.playbook.source.place(from.span)));
            let missing = Missing { source: &suite.playbook.source, span: list.span, what: &list.name };
            let input = match given.unwrap_or(&RowsFrom::Own) {
                RowsFrom::Inline(nodes) => Some(self.keep(inline_list(nodes, list, &suite.file.source, unmask))),
                // A list of the playbook would not match inline rows.
                RowsFrom::Own if matches!(test.rows.from, RowsFrom::Inline(_)) => {
                    Some(self.keep(inline_list(&[], list, &suite.file.source, unmask)))
                }
                given @ (RowsFrom::Own | RowsFrom::File(_)) => from_file(suite, given, own, &missing, diagnostics),
            };
            all.insert(list.name.clone(), input?);
        }
        Some(all)
    }

    fn keep(&mut self, inline: InlineRows) -> Input {
        let input = inline.input();
        self.inlines.push(inline);
        input
    }

    /// Moves the places of messages about inline rows to the test file.
    pub(super) fn placed(&self, suite: &Suite, diagnostics: Diagnostics) -> Diagnostics {
        self.inlines.iter().fold(diagnostics, |all, inline| inline.placed(&suite.file.source, all))
    }
}

/// Where a row file should be named: the place for the message about a missing one.
struct Missing<'a> {
    source: &'a std::sync::Arc<Source>,
    span: Span,
    what: &'a str,
}

/// Opens the file that the test names beside it, or the one that the playbook names beside itself.
fn from_file(
    suite: &Suite,
    given: &RowsFrom,
    own: Option<(&str, Place)>,
    missing: &Missing<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Input> {
    let named = match given {
        RowsFrom::File(file) => Some((suite.folder.join(&file.value), &suite.root, suite.file.source.place(file.span))),
        RowsFrom::Own | RowsFrom::Inline(..) => {
            own.map(|(name, place)| (suite.playbook_folder.join(name), &suite.playbook_root, place))
        }
    };
    let Some((path, root, place)) = named else {
        let message = format!("The playbook names no file for `{}`, and neither does the test", missing.what);
        let place = missing.source.place(missing.span);
        let help = "Write the rows into the test, or name a file.";
        diagnostics.push(Diagnostic::error("missing-rows", message).at(place, "").help(help));
        return None;
    };
    match root.open(&path) {
        Ok(file) => Some(Input::new(path.display().to_string(), file)),
        Err(wrong) => {
            let run = "`rows:` of the test, or for a run with `--rows FILE`";
            diagnostics.push(wrong.diagnostic("row file", &path, "missing-rows", run).at(place, ""));
            None
        }
    }
}
