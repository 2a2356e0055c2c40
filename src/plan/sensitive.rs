//! What of rows, lists and variables a playbook marks as somebody's business only.

use super::bound::Plan;
use crate::model::{MASK, Map, Masks, Value};
use crate::playbook::{ColumnDecl, Playbook};
use crate::provider::Operation;

/// The names that are marked `sensitive`.
#[derive(Debug, Clone, Default)]
pub struct Sensitive {
    columns: Vec<String>,
    /// Lists, each with its columns.
    lists: Vec<(String, Vec<String>)>,
    vars: Vec<String>,
    key: bool,
    lifted: bool,
}

impl Sensitive {
    /// Those of a playbook.
    #[must_use]
    pub fn of(playbook: &Playbook) -> Self {
        let named = |columns: &[ColumnDecl]| -> Vec<String> {
            columns.iter().filter(|column| column.sensitive).map(|column| column.name.clone()).collect()
        };
        let rows = playbook.rows.as_ref();
        let columns = rows.map(|rows| named(&rows.columns)).unwrap_or_default();
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
            lifted: false,
        }
    }
}

impl Plan {
    /// Shows everything from here on, as `--unmask` asks.
    pub fn unmask(&mut self) {
        self.sensitive.lifted = true;
    }

    /// Whether everything is shown.
    #[must_use]
    pub fn is_unmasked(&self) -> bool {
        self.sensitive.lifted
    }

    /// The values of a row and of the variables that people must not see; none where everything is shown.
    #[must_use]
    pub fn masks(&self, cells: Option<&Map>) -> Masks {
        let mut masks = Masks::default();
        let Sensitive { columns, lists, vars, lifted, .. } = &self.sensitive;
        if *lifted {
            return masks;
        }
        vars.iter().filter_map(|name| self.vars.get(name)).for_each(|value| masks.add(value));
        let Some(cells) = cells else { return masks };
        columns.iter().filter_map(|name| cells.get(name)).for_each(|value| masks.add(value));
        for (list, columns) in lists {
            let elements = cells.get(list).and_then(Value::as_array);
            for element in elements.into_iter().flatten() {
                columns.iter().filter_map(|name| element.get(name)).for_each(|value| masks.add(value));
            }
        }
        masks
    }

    /// Adds the values of a call's sensitive inputs.
    pub fn mask_inputs(&self, operation: &Operation, inputs: &Map, masks: &mut Masks) {
        if !self.sensitive.lifted {
            operation.mask_inputs(inputs, masks);
        }
    }

    /// A row's key as people may see it.
    #[must_use]
    pub fn shown_key<'k>(&self, key: &'k str) -> &'k str {
        if self.masks_keys() { MASK } else { key }
    }

    /// Whether rows are named by something that is somebody's business only.
    #[must_use]
    pub fn masks_keys(&self) -> bool {
        self.sensitive.key && !self.sensitive.lifted
    }
}
