//! Reads what settings change about operations: defaults of inputs, paths, limits, spellings on the wire.

use std::sync::Arc;

use super::connection::ConnectionReader;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, did_you_mean_among};
use crate::language::Fields;
use crate::language::settings::{OPERATION_OVERRIDE, WIRE_SPELLING};
use crate::model::{Map, Value};
use crate::provider::{Connection, Operation, OperationOverride, Provider, WireType};
use crate::yaml::{Key, Node, NodeKind};

impl<'a> ConnectionReader<'a> {
    fn operations_of(self, provider: &Provider) -> Vec<&'a Arc<Operation>> {
        self.registry.operations().filter(|operation| operation.provider.name == provider.name).collect()
    }

    /// Reads `defaults`: inputs of any operation of the provider, with the types that the operation declares.
    pub(super) fn defaults(self, provider: &Provider, node: &Node, diagnostics: &mut Diagnostics) -> Map {
        let operations = self.operations_of(provider);
        let NodeKind::Map(entries) = &node.kind else {
            let message = format!("`defaults` must be a map of inputs, and this is {}", node.describe());
            self.push(diagnostics, "bad-type", node.span, message, None);
            return Map::new();
        };
        let mut laid = Map::new();
        for (key, value) in entries {
            let path = vec![key.text.clone()];
            let takers: Vec<&Operation> =
                operations.iter().filter(|op| op.input(&path).is_some()).map(|op| op.as_ref()).collect();
            if takers.is_empty() {
                let mut known: Vec<&str> =
                    operations.iter().flat_map(|op| op.inputs.iter().map(|input| input.name.as_str())).collect();
                known.sort_unstable();
                known.dedup();
                let message = format!("No operation of `{}` has the input `{}`", provider.name, key.text);
                self.push(
                    diagnostics,
                    "unknown-input",
                    key.span,
                    message,
                    Some(did_you_mean_among(&key.text, &known, "There are")),
                );
                continue;
            }
            laid.insert(key.text.clone(), self.typed(&takers, path, value, diagnostics));
        }
        laid
    }

    /// The value of a default. Scalars have the type that the first operation with this input declares.
    fn typed(self, takers: &[&Operation], path: Vec<String>, node: &Node, diagnostics: &mut Diagnostics) -> Value {
        let below = |name: &str| [path.clone(), vec![name.to_owned()]].concat();
        match &node.kind {
            NodeKind::Map(entries) => entries
                .iter()
                .map(|(key, value)| (key.text.clone(), self.typed(takers, below(&key.text), value, diagnostics)))
                .collect::<Map>()
                .into(),
            NodeKind::List(items) => {
                items.iter().map(|item| self.typed(takers, below("[]"), item, diagnostics)).collect()
            }
            NodeKind::Scalar { .. } if node.is_null() => Value::Null,
            NodeKind::Scalar { text, plain } => {
                let Some(taker) = takers.iter().find(|operation| operation.input(&path).is_some()) else {
                    let message = format!("No operation has the input `{}`", path.join("."));
                    self.push(diagnostics, "unknown-input", node.span, message, None);
                    return Value::Null;
                };
                taker.literal(&path, text, *plain).unwrap_or_else(|message| {
                    self.push(diagnostics, "bad-type", node.span, message, None);
                    Value::Null
                })
            }
        }
    }

    /// Reads `operations`: path, limits and wire spellings of individual operations.
    pub(super) fn operations(self, connection: &mut Connection, provider: &Provider, fields: &mut Fields<'_, '_>) {
        let own = self.operations_of(provider);
        for (name, node) in fields.map("operations").unwrap_or_default() {
            let found = own.iter().find(|operation| operation.name == name.text || operation.vendor_name == name.text);
            let Some(operation) = found else {
                let known: Vec<&str> = own.iter().map(|operation| operation.name.as_str()).collect();
                let message = format!("`{}` is no operation of `{}`", name.text, provider.name);
                fields.error(
                    "unknown-operation",
                    name.span,
                    message,
                    Some(did_you_mean_among(&name.text, &known, "There are")),
                );
                continue;
            };
            if let Some(laid) = self.operation(operation, node, fields.diagnostics()) {
                connection.operations.insert(operation.name.clone(), laid);
            }
        }
    }

    fn operation(self, operation: &Operation, node: &Node, diagnostics: &mut Diagnostics) -> Option<OperationOverride> {
        let what = format!("the operation `{}`", operation.name);
        let mut fields = Fields::open_as(node, self.source, diagnostics, &OPERATION_OVERRIDE, &what)?;
        let path = fields.parsed("path", "a path", path);
        let limits = fields.limits("limits").unwrap_or_default();
        let mut wire = Map::new();
        for (key, node) in fields.map("wire").unwrap_or_default() {
            let known: Vec<&str> = operation.inputs.iter().map(|input| input.name.as_str()).collect();
            if !known.contains(&key.text.as_str()) {
                let message = format!("`{}` is no input of `{}`", key.text, operation.name);
                fields.error(
                    "unknown-input",
                    key.span,
                    message,
                    Some(did_you_mean_among(&key.text, &known, "There are")),
                );
            } else if let Some(spelling) = self.spelling(key, node, fields.diagnostics()) {
                wire.insert(key.text.clone(), spelling);
            }
        }
        fields.finish();
        Some(OperationOverride { path, limits, wire })
    }

    /// Reads one spelling: another name, a type, or both as `{ name, type }`.
    fn spelling(self, key: &Key, node: &Node, diagnostics: &mut Diagnostics) -> Option<Value> {
        if let Some(text) = node.as_text().filter(|text| !text.is_empty()) {
            return Some(Value::String(text.to_owned()));
        }
        let what = format!("the spelling of `{}`", key.text);
        let mut fields = Fields::open_as(node, self.source, diagnostics, &WIRE_SPELLING, &what)?;
        let mut spelling = Map::new();
        if let Some(name) = fields.text("name") {
            spelling.insert("name".to_owned(), Value::String(name));
        }
        if let Some(kind) = fields.choice::<WireType>("type") {
            spelling.insert("type".to_owned(), kind.as_str().into());
        }
        fields.finish();
        Some(Value::Object(spelling))
    }

    fn push(
        self,
        diagnostics: &mut Diagnostics,
        code: &'static str,
        span: Span,
        message: String,
        help: Option<String>,
    ) {
        let place = self.source.place(span);
        diagnostics.push(Diagnostic::error(code, message).at(place, "").maybe_help(help));
    }
}

fn path(text: &str) -> Result<String, String> {
    if text.starts_with('/') && !text.contains(['?', '#', ' ']) {
        Ok(text.to_owned())
    } else {
        Err(format!("`{text}` is not a path: it starts with `/` and has no `?`, `#` or blank"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overridden_path_begins_with_a_slash_and_has_no_query() {
        for bad in ["", "api/x", "https://x/y", "/a?b", "/a b", "/a#b"] {
            assert!(path(bad).is_err(), "{bad}");
        }
        assert_eq!(path("/api/task/status"), Ok("/api/task/status".to_owned()));
    }
}
