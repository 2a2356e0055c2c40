//! Reports blank cells that a template uses although their column is not optional.

use super::row_cells::{RowCells, name_of_row};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Value;
use crate::plan::bound::{BoundTree, columns_of};
use crate::template::{Scope, Template};
use crate::yaml::yaml_text;

/// The search for blank cells in a row and in the lists of its scope.
pub(super) struct BlankCells<'a> {
    pub(super) row: &'a dyn RowCells,
    pub(super) scope: &'a Scope,
}

impl<'a> BlankCells<'a> {
    /// Starts the search in a row; `None` if it has no blank cell.
    pub(super) fn of(row: Option<&'a dyn RowCells>, scope: &'a Scope) -> Option<Self> {
        row.filter(|row| row.has_blanks()).map(|row| Self { row, scope })
    }

    /// Reports the blank cells that a value uses; true if there is one. `elements` is the list that `item` comes
    /// from.
    pub(super) fn in_tree(&self, tree: &BoundTree, elements: Option<&str>, diagnostics: &mut Diagnostics) -> bool {
        match tree {
            BoundTree::Constant(..) => false,
            BoundTree::Template(template, _) => {
                let own = self.in_template(template, diagnostics);
                own | elements.is_some_and(|list| self.in_elements(template, list, diagnostics))
            }
            BoundTree::List(items) => {
                items.iter().fold(false, |blank, item| blank | self.in_tree(item, elements, diagnostics))
            }
            BoundTree::Map(fields) => {
                fields.iter().fold(false, |blank, (_, field)| blank | self.in_tree(field, elements, diagnostics))
            }
            BoundTree::Each(list, body, _) => {
                let own = self.in_template(list, diagnostics);
                own | self.in_tree(body, columns_of(list).next(), diagnostics)
            }
        }
    }

    /// Reports the blank cells that a template uses as `item`, in all elements of a list; true if there is one.
    fn in_elements(&self, template: &Template, list: &str, diagnostics: &mut Diagnostics) -> bool {
        let count = self.scope.get(&["row", list]).and_then(Value::as_array).map_or(0, Vec::len);
        let mut blank = false;
        for name in template.names() {
            let [root, field, ..] = name.path.as_slice() else { continue };
            let paths = (0..count).map(|place| format!("{list}.{place}.{field}"));
            for path in paths.filter(|path| root == "item" && self.row.is_blank(path)) {
                blank = true;
                self.report(&path, field, diagnostics);
            }
        }
        blank
    }

    /// Reports the blank columns that a template uses; true if there is one.
    pub(super) fn in_template(&self, template: &Template, diagnostics: &mut Diagnostics) -> bool {
        let mut blank = false;
        for column in columns_of(template).filter(|column| self.row.is_blank(column)) {
            blank = true;
            self.report(column, column, diagnostics);
        }
        blank
    }

    fn report(&self, path: &str, column: &str, diagnostics: &mut Diagnostics) {
        let (row, element) = name_of_row(self.row, Some(path));
        let message = format!("{row}: cell `{column}` is blank, and a template uses it");
        let named = yaml_text(column);
        let help = format!(
            "Fill the cell, or declare the column with `{named}: {{ optional: true }}` so that a blank is left out."
        );
        let mut diagnostic = Diagnostic::error("blank-cell", message).about(about(path)).help(help);
        diagnostic.row = element;
        if let Some(place) = self.row.place(path) {
            diagnostic = diagnostic.at(place, "blank");
        }
        // Several templates may use the same cell.
        if !diagnostics.iter().any(|known| *known == diagnostic) {
            diagnostics.push(diagnostic);
        }
    }
}

/// The column of a cell, or the list and the column without the index.
fn about(path: &str) -> String {
    let parts = path.split('.').filter(|part| part.parse::<usize>().is_err());
    parts.collect::<Vec<_>>().join(".")
}
