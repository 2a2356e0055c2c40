//! Rows and lists as a test gives them.

use std::sync::Arc;

use super::spanned;
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::language::Fields;
use crate::language::test_file::TEST_ROWS;
use crate::playbook::Spanned;
use crate::yaml::{Node, NodeKind};

/// Where rows, or the elements of a list, come from.
#[derive(Debug, Clone, Default)]
pub enum RowsFrom {
    /// The playbook's own file.
    #[default]
    Own,
    /// A file beside the test.
    File(Spanned<String>),
    /// The test itself: maps of cells.
    Inline(Vec<Node>),
}

/// The rows of a test.
#[derive(Debug, Clone, Default)]
pub struct TestRows {
    /// Where they come from.
    pub from: RowsFrom,
    /// The keys of the rows to use; empty for all.
    pub only: Vec<Spanned<String>>,
    /// Where `rows` stands; `None` if it is not given.
    pub span: Option<Span>,
}

/// Reads `rows`: a list of rows, a file's name, or `{ from: FILE, only: [KEY] }`.
pub(in crate::testing) fn read_rows(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> TestRows {
    let span = Some(node.span);
    if !matches!(node.kind, NodeKind::Map(_)) {
        return TestRows { from: read_rows_from(node, "rows", source, diagnostics), only: Vec::new(), span };
    }
    let Some(mut fields) = Fields::open(node, source, diagnostics, &TEST_ROWS) else { return TestRows::default() };
    let from = spanned::text(&mut fields, "from").map_or(RowsFrom::Own, RowsFrom::File);
    let mut only = Vec::new();
    for key in fields.list("only").unwrap_or_default() {
        match key.as_text() {
            Some(text) => only.push(Spanned::new(text.to_owned(), key.span)),
            None => fields.error("bad-type", key.span, "`only` takes the keys of rows", None),
        }
    }
    fields.finish();
    TestRows { from, only, span }
}

/// Reads rows that stand in the test, or a file's name.
pub(in crate::testing) fn read_rows_from(
    node: &Node,
    what: &str,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> RowsFrom {
    let mut refuse = |node: &Node, message: String| {
        let help = "Write a list of maps, a column's name and its cell each, or a file's name.";
        diagnostics.push(Diagnostic::error("bad-type", message).at(source.place(node.span), "").help(help));
    };
    match &node.kind {
        NodeKind::List(rows) => {
            for row in rows.iter().filter(|row| !matches!(row.kind, NodeKind::Map(_))) {
                refuse(row, format!("An element of `{what}` must be a map of cells, and this is {}", row.describe()));
            }
            RowsFrom::Inline(rows.clone())
        }
        NodeKind::Scalar { text, .. } if !text.is_empty() => RowsFrom::File(Spanned::new(text.clone(), node.span)),
        NodeKind::Scalar { .. } | NodeKind::Map(_) => {
            refuse(node, format!("`{what}` must be rows or a file's name, and this is {}", node.describe()));
            RowsFrom::Own
        }
    }
}
