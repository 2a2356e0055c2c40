//! Reads where a credential comes from: `{ env: … }`, `{ file: … }`, `{ command: […] }`, or a literal on loopback.

use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span, did_you_mean_among};
use crate::language::Fields;
use crate::language::settings::{CONNECTION_AUTH, CREDENTIAL};
use crate::model::{Secret, Value};
use crate::provider::ConnectionScheme;
use crate::provider::{Connection, CredentialSource, Provider, is_of_transport};
use crate::yaml::{Node, NodeKind};

/// The help about the forms of a credential.
const FORMS: &str = "Write `{ env: NAME }`, `{ file: PATH }` or `{ command: [PROGRAM, ARGUMENT] }`.";

/// What reading a credential needs to know about its connection.
#[derive(Clone, Copy)]
pub(super) struct CredentialContext<'a> {
    /// The settings file.
    pub(super) source: &'a Arc<Source>,
    /// The folder for relative file names.
    pub(super) folder: &'a Path,
    /// Whether the connection stays on this machine, which allows literals.
    pub(super) loopback: bool,
}

/// Reads `credentials`; reports if they are not enough for any of the provider's sets.
pub(super) fn credentials(
    connection: &mut Connection,
    provider: &Provider,
    context: CredentialContext<'_>,
    fields: &mut Fields<'_, '_>,
) {
    let known: Vec<&str> = provider.credentials.iter().map(|credential| credential.name.as_str()).collect();
    let entries = fields.map("credentials").unwrap_or_default();
    for (name, node) in entries {
        if !known.contains(&name.text.as_str()) {
            let message = format!("`{}` is no credential of `{}`", name.text, provider.name);
            fields.error("unknown-key", name.span, message, Some(did_you_mean_among(&name.text, &known, "There are")));
        } else if let Some(source) = read(&name.text, node, context, fields.diagnostics()) {
            connection.credentials.insert(name.text.clone(), source);
        }
    }
    let written = |wanted: &String| entries.iter().any(|(name, _)| name.text == *wanted);
    let sets = &provider.credential_sets;
    if sets.is_empty() || sets.iter().any(|set| set.credentials.iter().all(written)) {
        return;
    }
    let named = |set: &Vec<String>| set.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
    let wanted: Vec<String> = sets.iter().map(|set| named(&set.credentials)).collect();
    let message = format!("The connection `{}` lacks credentials", connection.name);
    let span = fields.span();
    fields.error(
        "missing-credential",
        span,
        message,
        Some(format!("Under `credentials`, give {}.", wanted.join(", or "))),
    );
}

/// Reads `auth: { scheme: bearer, token: { env: … } }`, if the provider leaves the scheme open.
pub(super) fn auth(connection: &mut Connection, context: CredentialContext<'_>, fields: &mut Fields<'_, '_>) {
    let Some(node) = fields.node("auth") else { return };
    let Some(mut auth) = Fields::open(node, context.source, fields.diagnostics(), &CONNECTION_AUTH) else { return };
    let chosen = auth.required("scheme").and_then(|_| auth.choice::<ConnectionScheme>("scheme"));
    let Some(scheme) = chosen else { return };
    connection.scheme = Some(scheme);
    if let Some(setting) = scheme.setting()
        && let Some(name) = auth.required_text(setting)
    {
        if is_of_transport(&name) {
            let span = auth.node(setting).map_or_else(|| auth.span(), |node| node.span);
            let message = format!("The header `{name}` is set by the transport and cannot hold a credential");
            auth.error(
                "reserved-header",
                span,
                message,
                Some("Write the header that the vendor's page names.".to_owned()),
            );
        }
        connection.settings.insert(setting.to_owned(), Value::String(name));
    }
    for &name in scheme.credentials() {
        let Some(node) = auth.needed(name) else { continue };
        if let Some(source) = read(name, node, context, auth.diagnostics()) {
            connection.credentials.insert(name.to_owned(), source);
        }
    }
    auth.finish();
}

/// Reads one credential; `None` if it is wrong, which is reported.
pub(super) fn read(
    name: &str,
    node: &Node,
    context: CredentialContext<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<CredentialSource> {
    match &node.kind {
        NodeKind::Scalar { text, .. } if node.is_null() || text.is_empty() => {
            diagnostics.push(refusal(format!("The credential `{name}` is empty"), node.span, context));
            None
        }
        NodeKind::Scalar { .. } if !context.loopback => {
            let message = format!("The credential `{name}` stands in the file itself");
            let refusal = refusal(message, node.span, context);
            let help = format!("A literal is for addresses of this machine only. {FORMS}");
            diagnostics.push(refusal.help(help));
            None
        }
        NodeKind::Scalar { text, .. } => Some(CredentialSource::Literal(Secret::new(text))),
        NodeKind::List(_) | NodeKind::Map(_) => named(name, node, context, diagnostics),
    }
}

fn refusal(message: String, span: Span, context: CredentialContext<'_>) -> Diagnostic {
    Diagnostic::error("literal-credential", message).at(context.source.place(span), "").help(FORMS)
}

fn named(
    name: &str,
    node: &Node,
    context: CredentialContext<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<CredentialSource> {
    let what = format!("the credential `{name}`");
    let mut fields = Fields::open_as(node, context.source, diagnostics, &CREDENTIAL, &what)?;
    let env = fields.text("env").map(CredentialSource::Env);
    let file = fields.text("file").map(|path| CredentialSource::File(context.folder.join(path)));
    let command = command(&mut fields);
    let mut found: Vec<CredentialSource> = [env, file, command].into_iter().flatten().collect();
    let empty = found.iter().any(|source| match source {
        CredentialSource::Env(name) => name.is_empty(),
        CredentialSource::File(path) => path.as_os_str().is_empty() || path.ends_with("/"),
        CredentialSource::Command(_) | CredentialSource::Literal(_) => false,
    });
    let keys = ["env", "file", "command"].into_iter().filter(|key| node.get(key).is_some()).count();
    let span = fields.span();
    if keys != 1 || empty {
        let message = format!("The credential `{name}` needs exactly one source");
        fields.error("bad-value", span, message, Some(FORMS.to_owned()));
        found.clear();
    }
    fields.finish();
    found.pop()
}

fn command(fields: &mut Fields<'_, '_>) -> Option<CredentialSource> {
    let node = fields.node("command")?;
    let words: Option<Vec<String>> = match &node.kind {
        NodeKind::List(items) => items.iter().map(|item| item.as_text().map(str::to_owned)).collect(),
        NodeKind::Scalar { .. } | NodeKind::Map(_) => None,
    };
    match words {
        Some(words) if words.first().is_some_and(|program| !program.is_empty()) => {
            Some(CredentialSource::Command(words))
        }
        _ => {
            let message = "`command` must be a list of a program and its arguments";
            fields.error("bad-type", node.span, message, Some("Write `[pass, show, vendor/key]`.".to_owned()));
            None
        }
    }
}
