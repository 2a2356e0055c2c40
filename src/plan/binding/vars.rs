//! The values of variables: defaults of the playbook, and values that the run gives.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Source, did_you_mean, near_miss};
use crate::model::{Map, Masks, Value};
use crate::playbook::Var;

/// The values of the variables that a playbook declares; null where a mistake was reported.
///
/// `given` holds texts from the command line, which are read by the type of their variable, and typed values from a
/// file, which are used unchanged.
#[must_use]
pub fn resolve_vars(
    vars: &[Var],
    given: &BTreeMap<String, Value>,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> Map {
    for name in given.keys().filter(|name| !vars.iter().any(|var| var.name == **name)) {
        let diagnostic = Diagnostic::error("unknown-var", format!("The playbook has no variable `{name}`"));
        diagnostics.push(match near_miss(name, vars.iter().map(|var| var.name.as_str())) {
            Some(near) => diagnostic.help(did_you_mean(name, near)),
            None => diagnostic.help("Declare it under `vars:`, or leave it out."),
        });
    }
    let mut values = Map::new();
    for var in vars {
        let value = match given.get(&var.name) {
            Some(value) => given_value(var, value, source, diagnostics),
            None => var.default.clone().unwrap_or_else(|| {
                let message = format!("Variable `{}` has no value", var.name);
                let help = format!("Give it with `--var {}=…`, or a `default:`.", var.name);
                diagnostics.push(
                    Diagnostic::error("missing-var", message).at(source.place(var.span), "declared here").help(help),
                );
                Value::Null
            }),
        };
        values.insert(var.name.clone(), value);
    }
    values
}

/// Reads a given text by the type of its variable. Messages mask the text of a sensitive one.
fn given_value(var: &Var, value: &Value, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Value {
    let Value::String(text) = value else { return value.clone() };
    var.read(text).unwrap_or_else(|problem| {
        let mut masks = Masks::default();
        if var.sensitive {
            masks.add(value);
        }
        let message = format!("Variable `{}`: {}", var.name, masks.text(&problem.message));
        let diagnostic = Diagnostic::error("bad-var", message).at(source.place(var.span), "declared here");
        diagnostics.push(match problem.help {
            Some(help) => diagnostic.help(masks.text(&help)),
            None => diagnostic,
        });
        Value::Null
    })
}
