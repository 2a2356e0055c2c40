//! Masks for the inputs and outputs that an operation marks as sensitive.

use crate::model::{Map, Masks, Value};
use crate::provider::descriptor::{Input, InputKind, Operation};

impl Operation {
    /// Adds the values of sensitive inputs, at any depth, to the masks.
    pub fn mask_inputs(&self, inputs: &Map, masks: &mut Masks) {
        for (name, value) in inputs {
            if let Some(input) = self.inputs.iter().find(|input| input.answers_to(name)) {
                mask(input, value, masks);
            }
        }
    }

    /// Adds the values of sensitive outputs to the masks.
    pub fn mask_outputs(&self, outputs: &Map, masks: &mut Masks) {
        let sensitive = self.outputs.iter().filter(|output| output.sensitive);
        sensitive.filter_map(|output| outputs.get(&output.name)).for_each(|value| masks.add(value));
    }

    /// Whether an input or an output of it is sensitive, also one inside an object or a list.
    #[must_use]
    pub fn has_sensitive_values(&self) -> bool {
        self.inputs.iter().any(Input::has_sensitive_parts) || self.outputs.iter().any(|output| output.sensitive)
    }
}

fn mask(input: &Input, value: &Value, masks: &mut Masks) {
    if input.sensitive {
        return masks.add(value);
    }
    match (&input.kind, value) {
        (InputKind::Object { fields, .. }, Value::Object(map)) => {
            for (name, value) in map {
                if let Some(field) = fields.iter().find(|field| field.answers_to(name)) {
                    mask(field, value, masks);
                }
            }
        }
        (InputKind::List(element), Value::Array(items)) => items.iter().for_each(|item| mask(element, item, masks)),
        _ => {}
    }
}

impl Input {
    /// Whether the input or anything inside it is sensitive.
    pub(crate) fn has_sensitive_parts(&self) -> bool {
        self.has_part(&|part| part.sensitive)
    }

    /// Whether something is true of the input or of anything inside it.
    pub(crate) fn has_part(&self, is: &dyn Fn(&Self) -> bool) -> bool {
        let inside = match &self.kind {
            InputKind::Object { fields, .. } => fields.iter().any(|field| field.has_part(is)),
            InputKind::List(element) => element.has_part(is),
            InputKind::String
            | InputKind::Integer
            | InputKind::Number
            | InputKind::Boolean
            | InputKind::Time(_)
            | InputKind::Any => false,
        };
        is(self) || inside
    }
}
