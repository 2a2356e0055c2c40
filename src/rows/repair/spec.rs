//! What the playbook declares of a file to repair, and which columns match it with another file.

use std::collections::BTreeMap;

use crate::playbook::{ColumnDecl, ColumnType, FileForm, ListDecl, RowsDecl};

/// What is known of a file to repair.
#[derive(Debug, Clone)]
pub struct RepairSpec {
    pub(super) columns: Vec<ColumnDecl>,
    pub(super) form: FileForm,
    /// Names of the columns that are keys or are matched with another file.
    pub(super) named: Vec<String>,
    /// Of these, the columns matched with another file, and whether their cells may change.
    pub(super) ties: BTreeMap<String, bool>,
    pub(super) unmask: bool,
}

impl RepairSpec {
    /// The row file; `unmask` shows sensitive cells.
    #[must_use]
    pub fn rows(decl: &RowsDecl, unmask: bool) -> Self {
        let matches = decl.lists.iter().flat_map(|list| list.matches.iter().map(move |tie| (list, tie)));
        let mut ties = BTreeMap::new();
        for (list, tie) in matches {
            // If only one of two matched files could change, neither does.
            let sound = is_text(&decl.columns, &tie.row.value) && is_text(&list.columns, &tie.list.value);
            *ties.entry(tie.row.value.clone()).or_insert(true) &= sound;
        }
        let key = decl.key.iter().map(|key| key.value.clone());
        let named = key.chain(ties.keys().cloned()).collect();
        Self { columns: decl.columns.clone(), form: decl.form.clone(), named, ties, unmask }
    }

    /// A list's file.
    #[must_use]
    pub fn list(decl: &RowsDecl, list: &ListDecl, unmask: bool) -> Self {
        let rows = Self::rows(decl, unmask);
        let mut columns = list.columns.clone();
        let mut ties = BTreeMap::new();
        for tie in &list.matches {
            let sound = rows.ties.get(&tie.row.value).copied().unwrap_or_default();
            ties.insert(tie.list.value.clone(), sound);
            let own = columns.iter().any(|column| column.name == tie.list.value);
            let theirs = decl.columns.iter().find(|column| column.name == tie.row.value);
            // Both files need the same repairs, so the row file's declaration holds for the list too.
            if let Some(theirs) = theirs.filter(|_| !own) {
                columns.push(ColumnDecl { name: tie.list.value.clone(), from: None, ..theirs.clone() });
            }
        }
        let named = ties.keys().cloned().collect();
        Self { columns, form: list.form.clone(), named, ties, unmask }
    }
}

/// The exact number of characters that a text column declares for its cells.
pub(super) fn exact_length(column: &ColumnDecl) -> Option<usize> {
    let length = column.length.filter(|length| length.max == Some(length.min))?;
    usize::try_from(length.min).ok().filter(|_| column.kind == ColumnType::String)
}

fn is_text(columns: &[ColumnDecl], name: &str) -> bool {
    columns.iter().find(|column| column.name == name).is_none_or(|column| column.kind == ColumnType::String)
}
