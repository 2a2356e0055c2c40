//! The names of columns, lists and variables that a playbook marks `sensitive`.

use crate::playbook::{ColumnDecl, Playbook};

/// The sensitive names of a playbook, and whether a person asked to see their values.
#[derive(Debug, Clone, Default)]
pub struct SensitiveNames {
    pub(in crate::plan) columns: Vec<String>,
    /// Every list with its sensitive columns, which may be none.
    pub(in crate::plan) lists: Vec<(String, Vec<String>)>,
    pub(in crate::plan) vars: Vec<String>,
    /// Whether one of the key columns is sensitive.
    pub(in crate::plan) key: bool,
    /// Whether `--unmask` was given.
    pub(in crate::plan) unmasked: bool,
    /// The cells that are masked because calls send them.
    pub(in crate::plan) sent: SentCells,
}

/// The cells of a row that its calls send as sensitive inputs, as they are.
#[derive(Debug, Clone, Default)]
pub(in crate::plan) struct SentCells {
    pub(in crate::plan) columns: Vec<String>,
    /// Whether the row has no other sensitive values than these and those of sensitive columns and variables.
    pub(in crate::plan) are_all: bool,
}

impl SensitiveNames {
    /// Collects the sensitive names of a playbook.
    #[must_use]
    pub fn of(playbook: &Playbook) -> Self {
        let named = |columns: &[ColumnDecl]| -> Vec<String> {
            columns.iter().filter(|column| column.sensitive).map(|column| column.name.clone()).collect()
        };
        let rows = playbook.rows.as_ref();
        let mut columns = rows.map(|rows| named(&rows.columns)).unwrap_or_default();
        if let Some(rows) = rows {
            let declared = |head: &String| rows.columns.iter().any(|column| column.head() == head);
            columns.extend(rows.redacted.iter().filter(|head| !declared(head)).cloned());
        }
        let keys = rows.map(|rows| rows.key.as_slice()).unwrap_or_default();
        Self {
            lists: rows
                .iter()
                .flat_map(|rows| &rows.lists)
                .map(|list| (list.name.clone(), named(&list.columns)))
                .collect(),
            vars: playbook.vars.iter().filter(|var| var.sensitive).map(|var| var.name.clone()).collect(),
            key: keys.iter().any(|key| columns.contains(&key.value)),
            columns,
            unmasked: false,
            sent: SentCells::default(),
        }
    }
}
