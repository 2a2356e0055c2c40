//! Assembles the draft of chosen operations: step by step, then the key of the rows.

use std::sync::Arc;

use super::draft::{Column, Draft, Step};
use super::names::unique;
use super::{inputs, sample};
use crate::provider::Operation;

impl Draft {
    /// Makes the draft of these operations, in order.
    pub(super) fn new(operations: Vec<Arc<Operation>>) -> Self {
        let mut draft = Self::default();
        for operation in operations {
            let id = unique(&operation.name, |name| draft.steps.iter().any(|step| step.id == name));
            let before = draft.columns.len();
            let (with, notes) = inputs::fill_step(&mut draft, &id, &operation);
            draft.make_rows_distinct(before);
            draft.steps.push(Step { id, operation, with, notes });
        }
        draft.key = draft.natural_key().or_else(|| draft.id_like_column()).unwrap_or_else(|| draft.numbered());
        draft
    }

    /// The columns of the first natural key that comes from the row; `None` where no step has one.
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

    /// Marks the id columns of a new step, or its most id-like column, as distinct from row to row.
    fn make_rows_distinct(&mut self, from: usize) {
        let Some(added) = self.columns.get_mut(from..) else { return };
        let ids = added.iter_mut().filter(|column| column.name.ends_with("id") && sample::is_id(&column.sample));
        ids.for_each(|column| column.distinct = true);
        if let Some(name) = most_id_like(added).filter(|_| added.iter().all(|column| !column.distinct)) {
            added.iter_mut().filter(|column| column.name == name).for_each(|column| column.distinct = true);
        }
    }

    /// The most id-like text column; `None` without text columns.
    fn id_like_column(&self) -> Option<Vec<String>> {
        most_id_like(&self.columns).map(|name| vec![name])
    }

    /// Adds a column that numbers the rows, for steps without a text column.
    fn numbered(&mut self) -> Vec<String> {
        let name = unique("row_id", |name| self.columns.iter().any(|column| column.name == name));
        self.columns.insert(0, inputs::row_number_column(&name));
        vec![name]
    }
}

/// The name of the most id-like text column, the first of equals.
fn most_id_like(columns: &[Column]) -> Option<String> {
    let texts = columns.iter().enumerate().filter(|(_, column)| column.kind == "string" && !column.sensitive);
    let rank = |(number, column): &(usize, &Column)| {
        let id = column.name.ends_with("id") || column.name.ends_with("num");
        (id, column.sample.len(), std::cmp::Reverse(*number))
    };
    texts.max_by_key(rank).map(|(_, column)| column.name.clone())
}
