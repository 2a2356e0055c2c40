//! Assembles the draft of chosen operations: step by step, then the columns that name a row.

use std::sync::Arc;

use super::draft::{Column, Draft, Step};
use super::names::unique;
use super::{inputs, sample};
use crate::provider::Operation;

impl Draft {
    /// A draft of these operations.
    pub(super) fn new(operations: Vec<Arc<Operation>>) -> Self {
        let mut draft = Self::default();
        for operation in operations {
            let id = unique(&operation.name, |name| draft.steps.iter().any(|step| step.id == name));
            let before = draft.columns.len();
            let (with, notes) = inputs::filled(&mut draft, &id, &operation);
            draft.tell_rows_apart(before);
            draft.steps.push(Step { id, operation, with, notes });
        }
        draft.key = draft.natural_key().or_else(|| draft.telling_column()).unwrap_or_else(|| draft.numbered());
        draft
    }

    /// The columns of the first step's natural key that come from the row.
    fn natural_key(&self) -> Option<Vec<String>> {
        self.steps.iter().find_map(|step| {
            let provider = &step.operation.provider.name;
            let column = |name: &String| {
                let own = self.columns.iter().find(|column| column.fills == (provider.clone(), name.clone()));
                own.map(|column| column.name.clone())
            };
            let names: Option<Vec<String>> = step.operation.natural_key.iter().map(column).collect();
            names.filter(|names| !names.is_empty())
        })
    }

    /// Rows that name the same thing would get into each other's way: what a step's columns name differs.
    fn tell_rows_apart(&mut self, from: usize) {
        let Some(added) = self.columns.get_mut(from..) else { return };
        let ids = added.iter_mut().filter(|column| column.name.ends_with("id") && sample::is_id(&column.sample));
        ids.for_each(|column| column.apart = true);
        if let Some(name) = telling(added).filter(|_| added.iter().all(|column| !column.apart)) {
            added.iter_mut().filter(|column| column.name == name).for_each(|column| column.apart = true);
        }
    }

    /// The text column that looks most like an id.
    fn telling_column(&self) -> Option<Vec<String>> {
        telling(&self.columns).map(|name| vec![name])
    }

    /// A column of its own, for steps that take nothing that tells rows apart.
    fn numbered(&mut self) -> Vec<String> {
        let name = unique("row_id", |name| self.columns.iter().any(|column| column.name == name));
        self.columns.insert(0, inputs::own_id(&name));
        vec![name]
    }
}

/// The name of the text column that looks most like an id; of equals the first.
fn telling(columns: &[Column]) -> Option<String> {
    let texts = columns.iter().enumerate().filter(|(_, column)| column.kind == "string" && !column.sensitive);
    let rank = |(number, column): &(usize, &Column)| {
        let id = column.name.ends_with("id") || column.name.ends_with("num");
        (id, column.sample.len(), std::cmp::Reverse(*number))
    };
    texts.max_by_key(rank).map(|(_, column)| column.name.clone())
}
