//! The draft of a playbook: its steps, the columns that they need, the key of its rows.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::names::{snake, unique};
use crate::model::Map;
use crate::provider::{Input, InputKind, Operation, OutputKind};

/// The draft of a playbook.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// The steps, in order.
    pub(super) steps: Vec<Step>,
    /// The columns that they need.
    pub(super) columns: Vec<Column>,
    /// The key: the columns that identify a row.
    pub(super) key: Vec<String>,
}

/// A column of the sample rows.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Its name.
    pub(super) name: String,
    /// The name of its type.
    pub(super) kind: &'static str,
    /// Its description.
    pub(super) description: String,
    /// Whether its cells are masked.
    pub(super) sensitive: bool,
    /// The provider and the input that it fills; other steps of the provider share it.
    pub(super) fills: (String, String),
    /// The input, whose bounds its cells respect.
    pub(super) input: Input,
    /// Whether its cells must differ from row to row.
    pub(super) distinct: bool,
    /// The cell of the first row.
    pub(super) sample: String,
}

/// A step.
#[derive(Debug)]
pub(super) struct Step {
    /// Its id.
    pub(super) id: String,
    /// Its operation.
    pub(super) operation: Arc<Operation>,
    /// Its inputs.
    pub(super) with: Map,
    /// The comments above the inputs.
    pub(super) notes: Vec<String>,
}

impl Draft {
    /// The template of the latest output that has the name of the input and can feed it.
    pub(super) fn output_for(&self, name: &str, input: &Input) -> Option<String> {
        self.steps.iter().rev().find_map(|step| {
            let output = step.operation.outputs.iter().find(|output| output.name == name)?;
            let feeds = match (&input.kind, output.kind) {
                (InputKind::Object { .. }, kind) => kind == OutputKind::Object,
                (InputKind::List(_), kind) => kind == OutputKind::List,
                (_, kind) => scalar(kind),
            };
            feeds.then(|| format!("{{{{ steps.{}.outputs.{name} }}}}", step.id))
        })
    }

    /// The `results` of the playbook: the single values that the steps return.
    pub(super) fn results(&self) -> Map {
        let mut results = Map::new();
        let mut taken: BTreeSet<String> = self.columns.iter().map(|column| column.name.clone()).collect();
        for step in &self.steps {
            for output in step.operation.outputs.iter().filter(|output| scalar(output.kind) && !output.sensitive) {
                let plain = snake(&output.name);
                let wanted = if taken.contains(&plain) { format!("{}_{plain}", step.id) } else { plain };
                let name = unique(&wanted, |name| taken.contains(name));
                taken.insert(name.clone());
                let from = format!("{{{{ steps.{}.outputs.{} }}}}", step.id, output.name);
                results.insert(name, from.into());
            }
        }
        results
    }
}

fn scalar(kind: OutputKind) -> bool {
    matches!(kind, OutputKind::String | OutputKind::Integer | OutputKind::Number | OutputKind::Boolean)
}
