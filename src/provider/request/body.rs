//! Writes a body: constants, settings and inputs in the form that the vendor wants.

use super::wire::WireSpellings;
use crate::model::Value;
use crate::provider::descriptor::{BodyField, BodyTemplate, Input, InputPlace};
use crate::provider::expression::Names;

/// The values for a body.
pub(crate) struct BodyInputs<'a> {
    pub(crate) names: Names<'a>,
    pub(crate) inputs: &'a [Input],
    pub(crate) wire: WireSpellings<'a>,
}

impl BodyTemplate {
    /// Writes the body as JSON. These bytes are hashed, signed and sent.
    ///
    /// # Errors
    /// A message, if a setting under `wire` is not understood, or a value does not have the type that it names.
    pub(crate) fn write(&self, writing: &BodyInputs<'_>, out: &mut Vec<u8>) -> Result<(), String> {
        self.node(writing, out).map(|_| ())
    }

    /// Writes one node; returns `false` if it is left out.
    fn node(&self, writing: &BodyInputs<'_>, out: &mut Vec<u8>) -> Result<bool, String> {
        match self {
            Self::Constant(value) => json(out, value),
            Self::Value(expression) => {
                let value = expression.value(&writing.names);
                if value.is_null() {
                    return Ok(false);
                }
                json(out, &value)
            }
            Self::List(items) => separated(out, (b'[', b']'), items, |item, out| item.node(writing, out)),
            Self::Object(entries) => object(writing, entries, out),
        }?;
        Ok(true)
    }
}

fn json(out: &mut Vec<u8>, value: &Value) -> Result<(), String> {
    serde_json::to_writer(&mut *out, value).map_err(|error| error.to_string())
}

/// Writes the items that are not left out, between brackets, with commas.
fn separated<T>(
    out: &mut Vec<u8>,
    (open, close): (u8, u8),
    items: &[T],
    write: impl Fn(&T, &mut Vec<u8>) -> Result<bool, String>,
) -> Result<(), String> {
    out.push(open);
    let start = out.len();
    for item in items {
        let before = out.len();
        if before > start {
            out.push(b',');
        }
        if !write(item, out)? {
            out.truncate(before);
        }
    }
    out.push(close);
    Ok(())
}

fn object(writing: &BodyInputs<'_>, entries: &[BodyField], out: &mut Vec<u8>) -> Result<(), String> {
    separated(out, (b'{', b'}'), entries, |entry, out| match entry {
        BodyField::Field(name, shape) => {
            json(out, &Value::String(name.clone()))?;
            out.push(b':');
            shape.node(writing, out)
        }
        BodyField::Inputs(None) => {
            let all = writing.inputs.iter().filter(|input| input.place == InputPlace::Body);
            inputs(writing, all, out)
        }
        BodyField::Inputs(Some(names)) => {
            let these = names.iter().filter_map(|name| writing.inputs.iter().find(|input| input.name == *name));
            inputs(writing, these, out)
        }
    })
}

/// Writes inputs as fields; returns `false` if none of them is given.
fn inputs<'a>(
    writing: &BodyInputs<'_>,
    inputs: impl Iterator<Item = &'a Input>,
    out: &mut Vec<u8>,
) -> Result<bool, String> {
    let given = writing.names.inputs;
    let mut first = true;
    for input in inputs {
        let Some(value) = given.and_then(|given| given.get(&input.name)) else { continue };
        if !std::mem::take(&mut first) {
            out.push(b',');
        }
        field(writing.wire, input, value, out)?;
    }
    Ok(!first)
}

fn field(wire: WireSpellings<'_>, input: &Input, value: &Value, out: &mut Vec<u8>) -> Result<(), String> {
    let own = input.wire_name.as_deref().unwrap_or(&input.name);
    let Some(spelling) = wire.of_input(&input.name)? else {
        name(out, own)?;
        return json(out, value);
    };
    name(out, spelling.name.as_deref().unwrap_or(own))?;
    match spelling.kind {
        Some(kind) => {
            let value = kind.convert(value).map_err(|wrong| format!("`{}` {wrong}, says `wire`", input.name))?;
            json(out, &value)
        }
        None => json(out, value),
    }
}

fn name(out: &mut Vec<u8>, text: &str) -> Result<(), String> {
    serde_json::to_writer(&mut *out, text).map_err(|error| error.to_string())?;
    out.push(b':');
    Ok(())
}
