//! Reports credentials and headers of the transport in the inputs of an open operation, which a playbook must not
//! give.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::model::{Map, Value, is_deferred};
use crate::plan::bound::{BoundCall, BoundTree};
use crate::plan::rendering::always_waits;
use crate::provider::{Connection, HeaderRefusal, InputProblem, Operation, names_credential};

/// The code of a message about a credential in a playbook or a row. Such a message never quotes the value.
pub(in crate::plan) const LITERAL_CREDENTIAL: &str = "literal-credential";

/// Reports headers that the transport sets or that hold a credential, and warns of literal credentials elsewhere in
/// the inputs, if the playbook itself contains their names.
///
/// A header whose name only looks like a credential's is allowed if its value comes from the answer of a step.
pub(super) fn check(
    operation: &Operation,
    connection: &Connection,
    with: &BoundTree,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) {
    let BoundTree::Map(inputs) = with else { return };
    for (name, tree) in inputs {
        if operation.headers_input() == Some(name) {
            if let BoundTree::Map(headers) = tree {
                // One line of the playbook may contain several credentials; a message about one must quote none.
                let hidden =
                    headers.iter().filter(|(name, _)| HeaderRefusal::of(name, true) == Some(HeaderRefusal::Credential));
                let literals: Vec<&str> = hidden.filter_map(|(_, value)| literal(value)).collect();
                for (header, value) in headers {
                    let (found, span) = (forbidden(header, !waits(value), connection), span_of(value));
                    if let (Some((code, message, help)), Some(span)) = (found, span) {
                        let place = source.place(span).without(literals.iter().copied());
                        diagnostics.push(Diagnostic::error(code, message).at(place, "this header").help(help));
                    }
                }
            }
        } else if operation.open {
            warn_of_literals(name, tree, source, diagnostics);
        }
    }
}

/// The problems with the headers of a rendered call, whose names may come from the row.
pub(in crate::plan) fn header_problems(call: &BoundCall, connection: &Connection, inputs: &Map) -> Vec<InputProblem> {
    let Some(input) = call.operation.headers_input() else { return Vec::new() };
    let headers = inputs.get(input).and_then(Value::as_object);
    let found = headers.into_iter().flatten().filter_map(|(header, value)| {
        let (code, message, help) = forbidden(header, !is_deferred(value), connection)?;
        let path = vec![input.to_owned(), header.clone()];
        Some(InputProblem { path, code, message, help: Some(help), unknown_spelling: false })
    });
    found.collect()
}

/// The code, message and help if a header must not be given. `known` is false if its value comes from the answer of a
/// step.
fn forbidden(header: &str, known: bool, connection: &Connection) -> Option<(&'static str, String, String)> {
    match HeaderRefusal::of(header, known)? {
        HeaderRefusal::Transport => {
            let message = format!("The header `{header}` is set by the transport and cannot be given");
            let help = "It says where a request goes, where it ends or how its answer comes; take it out.".to_owned();
            Some(("reserved-header", message, help))
        }
        HeaderRefusal::Credential => {
            let message = format!("The header `{header}` holds a credential, which a playbook does not hold");
            let help = format!(
                "Let the settings say where it comes from, so that it is in no journal: `{}` of the connection `{}`.",
                HeaderRefusal::in_settings(header),
                connection.name
            );
            Some((LITERAL_CREDENTIAL, message, help))
        }
    }
}

/// Whether a value comes from the answer of a step.
fn waits(tree: &BoundTree) -> bool {
    matches!(tree, BoundTree::Template(template, _) if always_waits(template))
}

fn literal(tree: &BoundTree) -> Option<&str> {
    if let BoundTree::Constant(Value::String(text), _) = tree { Some(text) } else { None }
}

fn span_of(tree: &BoundTree) -> Option<Span> {
    match tree {
        BoundTree::Constant(Value::Null, _) | BoundTree::List(_) | BoundTree::Map(_) => None,
        BoundTree::Constant(_, span) | BoundTree::Template(_, span) | BoundTree::Each(_, _, span) => Some(*span),
    }
}

/// Warns of literal texts under the name of a credential: in a body, in a query, or in the query of a URL.
fn warn_of_literals(name: &str, tree: &BoundTree, source: &Arc<Source>, diagnostics: &mut Diagnostics) {
    match tree {
        BoundTree::Map(fields) => {
            fields.iter().for_each(|(name, field)| warn_of_literals(name, field, source, diagnostics));
        }
        BoundTree::List(items) => items.iter().for_each(|item| warn_of_literals(name, item, source, diagnostics)),
        BoundTree::Constant(Value::String(text), span) => {
            let plain = names_credential(name) && !name.eq_ignore_ascii_case("key") && !text.is_empty();
            let inside = || text.split_once('?').map(|(_, query)| query).and_then(in_query);
            if let Some(name) = plain.then_some(name).or_else(inside) {
                let message = format!("`{name}` looks like a credential, and stands in the playbook as it is");
                let help = "Everyone who sees the playbook or the run's journal can read it. Where the vendor takes it in a \
                            header, let the settings send it: `auth:` of the connection.";
                let warning = Diagnostic::warning("literal-credential", message);
                let place = source.place(*span).without([text.as_str()]);
                diagnostics.push(warning.at(place, "this text").help(help));
            }
        }
        BoundTree::Constant(..) | BoundTree::Template(..) | BoundTree::Each(..) => {}
    }
}

/// The name of the first parameter of a query that names a credential and is not empty.
fn in_query(query: &str) -> Option<&str> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let found = pairs.find(|(name, value)| !value.is_empty() && names_credential(name) && *name != "key")?;
    Some(found.0)
}
