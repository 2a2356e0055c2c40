//! Which file is to be repaired: what the playbook declares of it, and which of its columns tie it to another one.

use std::collections::BTreeMap;

use crate::playbook::{ColumnDecl, ColumnType, FileForm, ListDecl, RowsDecl};

/// What is known of a file that is to be repaired.
#[derive(Debug, Clone)]
pub struct RepairSpec {
    pub(super) columns: Vec<ColumnDecl>,
    pub(super) form: FileForm,
    /// The columns that name its rows or tie them, by name.
    pub(super) named: Vec<String>,
    /// Of these, those that tie it to another file, and whether their cells may be changed.
    pub(super) ties: BTreeMap<String, bool>,
    pub(super) unmask: bool,
}

impl RepairSpec {
    /// The rows themselves; `unmask` shows sensitive cells.
    #[must_use]
    pub fn rows(decl: &RowsDecl, unmask: bool) -> Self {
        let matches = decl.lists.iter().flat_map(|list| list.matches.iter().map(move |tie| (list, tie)));
        let mut ties = BTreeMap::new();
        for (list, tie) in matches {
            // Where one file could be changed and the other not, both stay.
            let sound = is_text(&decl.columns, &tie.row.value) && is_text(&list.columns, &tie.list.value);
            *ties.entry(tie.row.value.clone()).or_insert(true) &= sound;
        }
        let key = decl.key.iter().map(|key| key.value.clone());
        let named = key.chain(ties.keys().cloned()).collect();
        Self { columns: decl.columns.clone(), form: decl.form.clone(), named, ties, unmask }
    }

    /// One of their lists.
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
            // Both sides see the same repairs: what the rows declare holds for their list too.
            if let Some(theirs) = theirs.filter(|_| !own) {
                columns.push(ColumnDecl { name: tie.list.value.clone(), from: None, ..theirs.clone() });
            }
        }
        let named = ties.keys().cloned().collect();
        Self { columns, form: list.form.clone(), named, ties, unmask }
    }
}

/// How many characters a text column's cells have, where that is declared.
pub(super) fn exact_length(column: &ColumnDecl) -> Option<usize> {
    let length = column.length.filter(|length| length.max == Some(length.min))?;
    usize::try_from(length.min).ok().filter(|_| column.kind == ColumnType::String)
}

fn is_text(columns: &[ColumnDecl], name: &str) -> bool {
    columns.iter().find(|column| column.name == name).is_none_or(|column| column.kind == ColumnType::String)
}
