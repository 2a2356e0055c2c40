//! The `auth` section of a provider.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::bodies::written_map;
use super::expressions::{KnownNames, headers, texts};
use crate::diagnostic::{Diagnostics, Source, Span};
use crate::language::Fields;
use crate::language::provider::{AUTH, EXPIRES, LOGIN, LOGIN_STEP};
use crate::provider::descriptor::{Auth, Expiry, Scheme, SchemeWord, Tc3};
use crate::provider::expression::{NameRoot, ValueTemplate};
use crate::yaml::Node;

/// A token exchange whose operations are not read yet.
#[derive(Debug, Clone)]
pub(crate) struct LoginDraft {
    pub(crate) credentials: Vec<String>,
    pub(crate) steps: Vec<StepDraft>,
}

/// One call of it.
#[derive(Debug, Clone)]
pub(crate) struct StepDraft {
    pub(crate) operation: String,
    pub(crate) span: Span,
    pub(crate) inputs: Vec<(String, ValueTemplate)>,
}

/// Reads the section; the operations of token exchanges are found later.
pub(crate) fn read_auth(
    node: &Node,
    known: KnownNames<'_>,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> Option<(Auth, Vec<LoginDraft>)> {
    let mut fields = Fields::open(node, source, diagnostics, &AUTH)?;
    let scheme = read_scheme(&mut fields)?;
    let showing = known.with_roots(&[NameRoot::Settings, NameRoot::Token, NameRoot::Credentials, NameRoot::Attempt]);
    let headers = headers(&mut fields, "headers", showing, &[NameRoot::Credentials, NameRoot::Token]);
    let expiry = match fields.node("expires") {
        Some(node) => Some(read_expiry(node, source, fields.diagnostics())?),
        None => None,
    };
    let refresh_ahead = fields.duration("refresh_ahead").unwrap_or_else(|| fields.default_duration("refresh_ahead"));
    let mut logins = Vec::new();
    for node in fields.list("login").unwrap_or_default() {
        logins.extend(read_login(node, known, source, fields.diagnostics()));
    }
    // Headers of the provider's own, or a login, may stand for what the scheme would take.
    if headers.is_empty() && logins.is_empty() {
        check_credentials(&scheme, known, &mut fields);
    }
    fields.finish();
    Some((Auth { scheme, headers, logins: Vec::new(), expiry, refresh_ahead }, logins))
}

/// Reads `scheme` and the keys that go with it. What is wrong is reported.
fn read_scheme(fields: &mut Fields<'_, '_>) -> Option<Scheme> {
    fields.required("scheme");
    Some(match fields.choice("scheme")? {
        SchemeWord::None => Scheme::None,
        SchemeWord::Bearer => Scheme::Bearer,
        SchemeWord::Basic => Scheme::Basic,
        SchemeWord::Header => Scheme::Header,
        SchemeWord::OauthApp => Scheme::OauthApp,
        SchemeWord::Login => Scheme::Login,
        SchemeWord::Tc3 => Scheme::Tc3(read_tc3(fields)?),
        SchemeWord::OfConnection => Scheme::OfConnection,
    })
}

/// Reports the credentials that a scheme takes and no connection can give, because the provider has no such credential.
fn check_credentials(scheme: &Scheme, known: KnownNames<'_>, fields: &mut Fields<'_, '_>) {
    let Some(span) = fields.node("scheme").map(|node| node.span) else { return };
    let is_declared = |name: &str| known.provider.credentials.iter().any(|declared| declared.name == name);
    for name in scheme.credentials().iter().filter(|name| !is_declared(name)) {
        let message = format!("This scheme takes the credential `{name}`, and the provider has none of this name");
        let help = format!("Add it: `credentials: {{ {name}: {{ description: … }} }}`");
        fields.error("unknown-name", span, message, Some(help));
    }
}

/// Reads `service` and `version`.
fn read_tc3(fields: &mut Fields<'_, '_>) -> Option<Tc3> {
    Some(Tc3 { service: fields.required_text("service")?, version: fields.required_text("version")? })
}

fn read_expiry(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Expiry> {
    let mut fields = Fields::open(node, source, diagnostics, &EXPIRES)?;
    let (seconds, at, jwt) = (fields.text("seconds"), fields.text("at"), fields.text("jwt"));
    let span = fields.span();
    let expiry = match (seconds, at, jwt) {
        (Some(name), None, None) => Some(Expiry::Seconds(name)),
        (None, Some(name), None) => Some(Expiry::At(name)),
        (None, None, Some(name)) => Some(Expiry::Jwt(name)),
        _ => {
            fields.error("bad-value", span, "`expires` names one output under `seconds`, `at` or `jwt`", None);
            None
        }
    };
    fields.finish();
    expiry
}

fn read_login(
    node: &Node,
    known: KnownNames<'_>,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> Option<LoginDraft> {
    let mut fields = Fields::open(node, source, diagnostics, &LOGIN)?;
    let credentials = texts(&mut fields, "credentials");
    let mut steps = Vec::new();
    for node in fields.list("steps").unwrap_or_default() {
        let Some(mut step) = Fields::open(node, source, fields.diagnostics(), &LOGIN_STEP) else { continue };
        let operation = step.required_text("operation");
        let giving = known.with_roots(&[NameRoot::Settings, NameRoot::Token, NameRoot::Credentials]);
        let inputs = written_map(&mut step, "inputs", Some(giving));
        let span = step.span();
        steps.extend(operation.map(|operation| StepDraft { operation, span, inputs }));
        step.finish();
    }
    let distinct: BTreeSet<_> = credentials.iter().collect();
    if steps.is_empty() || distinct.len() != credentials.len() {
        let span = fields.span();
        fields.error("bad-value", span, "A login needs `steps`, and each of its `credentials` once", None);
    }
    fields.finish();
    Some(LoginDraft { credentials, steps })
}
