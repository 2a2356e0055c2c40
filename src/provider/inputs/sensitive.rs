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
