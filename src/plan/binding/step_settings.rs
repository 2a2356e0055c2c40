//! Checks the settings of a call, from connection and step together: all are known, and all required ones are given.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span, did_you_mean, near_miss};
use crate::model::Value;
use crate::playbook::{Tree, TreeKind};
use crate::provider::ConnectionScheme;
use crate::provider::{Connection, Operation, is_of_transport};

/// Reports settings of a step that its provider does not know or that name a header of the transport, and required ones
/// that neither step nor connection gives. `call` is where missing ones are reported.
pub(super) fn check(
    operation: &Operation,
    connection: &Connection,
    written: &Tree,
    call: Span,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) {
    let provider = &operation.provider;
    let mut given = connection.settings.clone();
    if let TreeKind::Map(entries) = &written.kind {
        for (key, tree) in entries {
            if !provider.settings.iter().any(|setting| setting.name == key.text) {
                let message = format!("`{}` is not a setting of provider `{}`", key.text, provider.name);
                let near = near_miss(&key.text, provider.settings.iter().map(|setting| setting.name.as_str()));
                let help = near.map(|near| did_you_mean(&key.text, near));
                let place = source.place(key.span);
                diagnostics.push(Diagnostic::error("unknown-key", message).at(place, "no setting").maybe_help(help));
            }
            if let (Some(name), true) = (literal(tree), provider.auth.scheme.is_of_connection())
                && ConnectionScheme::ALL.iter().any(|scheme| scheme.setting() == Some(key.text.as_str()))
                && is_of_transport(name)
            {
                let message = format!("The header `{name}` is set by the transport and cannot hold a credential");
                let help =
                    "It says where a request goes or where it ends. The settings name the header of the connection.";
                let place = source.place(tree.span);
                diagnostics.push(Diagnostic::error("reserved-header", message).at(place, "this header").help(help));
            }
            // Its value may differ by row; here it only matters that it is given.
            given.insert(key.text.clone(), Value::Bool(true));
        }
    }
    let needed = provider.credential_set(|name| connection.credentials.contains_key(name));
    let needed = needed.into_iter().flat_map(|set| &set.settings).map(String::as_str);
    let mut missing = provider.missing_settings(&given);
    missing.extend(needed.filter(|name| given.get(*name).is_none_or(Value::is_null)));
    missing.dedup();
    for name in missing {
        let message = format!("Connection `{}` lacks the setting `{name}`", connection.name);
        let help = format!("Give it under `settings:` of the connection, or of the step: `settings: {{ {name}: … }}`.");
        let place = source.place(call);
        diagnostics.push(Diagnostic::error("missing-setting", message).at(place, "this call needs it").help(help));
    }
}

/// The text of a literal; `None` for anything else.
fn literal(tree: &Tree) -> Option<&str> {
    match &tree.kind {
        TreeKind::Literal { text, .. } => Some(text),
        TreeKind::Null | TreeKind::Template(_) | TreeKind::List(_) | TreeKind::Map(_) | TreeKind::Each { .. } => None,
    }
}
