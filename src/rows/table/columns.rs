//! The columns of one file and their declarations.

use crate::diagnostic::{Diagnostic, Diagnostics, near_miss};
use crate::playbook::ColumnDecl;
use crate::rows::record::Column;
use crate::yaml::did_you_mean_key;

/// The columns of one file.
pub(in crate::rows) struct Table {
    /// The file's name as shown.
    pub(in crate::rows) file: String,
    /// One for each head left of `_run`; `None` where the head is blank. An undeclared column holds text.
    pub(in crate::rows) columns: Vec<Option<BoundColumn>>,
    /// Number of heads in the file, result columns included.
    pub(in crate::rows) width: usize,
}

/// A column of the file with its declaration.
pub(in crate::rows) struct BoundColumn {
    /// Its declaration. Here `sensitive` says whether messages mask its cells, so it is false under `unmask`.
    pub(in crate::rows) decl: ColumnDecl,
    pub(in crate::rows) declared: bool,
    pub(super) sensitive: bool,
}

impl Table {
    /// Whether messages mask the cells of some column.
    pub(in crate::rows) fn is_masked(&self) -> bool {
        self.columns.iter().flatten().any(|column| column.decl.sensitive)
    }

    /// Reports declared columns that no row has, in a JSON file. `seen` has one flag for each column.
    pub(in crate::rows) fn report_unseen(&self, seen: &[bool], diagnostics: &mut Diagnostics) {
        let columns = self.columns.iter().zip(seen);
        for (column, _) in columns.filter(|(column, seen)| column.as_ref().is_some_and(|one| one.declared) && !**seen) {
            let Some(BoundColumn { decl, .. }) = column else { continue };
            let message =
                format!("No row of `{}` has the member `{}`, which the playbook declares", self.file, decl.head());
            let others = self.columns.iter().flatten().filter(|one| !one.declared).map(|one| one.decl.head());
            let help = match near_miss(decl.head(), others) {
                Some(near) => did_you_mean_key(decl.head(), near),
                None => "Take the column out of the playbook, or give it to the rows".to_owned(),
            };
            let blank = decl.optional || decl.default.is_some();
            let make = if blank { Diagnostic::warning } else { Diagnostic::error };
            diagnostics.push(make("missing-column", message).help(help));
        }
    }

    /// The columns as templates see them, leaving out those at `hidden`.
    pub(in crate::rows) fn columns(&self, hidden: &[usize]) -> Vec<Column> {
        let seen = self.columns.iter().enumerate().filter(|(index, _)| !hidden.contains(index));
        seen.filter_map(|(_, column)| column.as_ref())
            .map(|column| Column {
                name: column.decl.name.clone(),
                kind: column.decl.kind,
                optional: column.decl.optional,
                has_default: column.decl.default.is_some(),
                sensitive: column.sensitive,
                declared: column.declared,
            })
            .collect()
    }
}

impl BoundColumn {
    pub(super) fn new(mut decl: ColumnDecl, declared: bool, unmask: bool) -> Self {
        let sensitive = decl.sensitive;
        decl.sensitive &= !unmask;
        Self { decl, declared, sensitive }
    }
}
