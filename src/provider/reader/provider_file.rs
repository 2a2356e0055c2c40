//! `provider.yaml`.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::answers::read_answers;
use super::auth::{LoginDraft, read_auth};
use super::expressions::{KnownNames, headers, pairs, texts};
use super::inputs::read_types;
use crate::diagnostic::{Diagnostics, Source};
use crate::language::provider::{CREDENTIAL_SET, PROVIDER, PROVIDER_CREDENTIAL, PROVIDER_SETTING};
use crate::language::{Fields, QUOTA};
use crate::provider::descriptor::{
    AnswerRules, Auth, CredentialDecl, CredentialSet, Input, Provider, Quota, SettingDecl,
};
use crate::provider::expression::NameRoot;
use crate::provider::request::check_base_url;
use crate::yaml::Node;

/// A provider whose operations are not read yet.
pub(crate) struct ProviderDraft {
    /// The provider, without its token exchanges.
    pub(crate) provider: Provider,
    /// The token exchanges.
    pub(crate) logins: Vec<LoginDraft>,
    /// The types that its operations share.
    pub(crate) types: BTreeMap<String, Input>,
    /// How its answers are read.
    pub(crate) answers: AnswerRules,
    /// The file.
    pub(crate) source: Arc<Source>,
}

/// Reads a provider's own file.
pub(crate) fn read_provider(
    name: &str,
    node: &Node,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> Option<ProviderDraft> {
    let mut fields = Fields::open(node, source, diagnostics, &PROVIDER)?;
    let mut provider = Provider {
        name: name.to_owned(),
        title: fields.required_text("title").unwrap_or_default(),
        description: fields.text("description"),
        base_url: fields.parsed("base_url", "a URL", |url| check_base_url(url).map(|()| url.to_owned())),
        auth: Auth::none(),
        settings: read_settings(&mut fields, source),
        credentials: read_credentials(&mut fields, source),
        credential_sets: Vec::new(),
        limits: fields.limits("limits").unwrap_or_default(),
        quota: fields.node("quota").and_then(|node| read_quota(node, source, fields.diagnostics())),
        timeout: fields.duration("timeout"),
        headers: Vec::new(),
        attempt_query: Vec::new(),
    };
    provider.credential_sets = read_sets(&mut fields, source, &provider);
    let known = KnownNames { inputs: &[], outputs: &[], provider: &provider, roots: &[NameRoot::Settings] };
    let headers = headers(&mut fields, "headers", known, &[]);
    let attempt_query =
        pairs(&mut fields, "attempt_query", Some(known.with_roots(&[NameRoot::Settings, NameRoot::Attempt])));
    let types = fields.map("types").map(|types| read_types(types, source, fields.diagnostics())).unwrap_or_default();
    let auth = fields.required("auth").and_then(|node| read_auth(node, known, source, fields.diagnostics()));
    let over = AnswerRules::default();
    let answers = fields.required("answer").and_then(|node| read_answers(node, &over, source, fields.diagnostics()));
    fields.finish();
    let (auth, logins) = auth?;
    let provider = Provider { auth, headers, attempt_query, ..provider };
    Some(ProviderDraft { provider, logins, types, answers: answers?, source: Arc::clone(source) })
}

fn read_settings(fields: &mut Fields<'_, '_>, source: &Arc<Source>) -> Vec<SettingDecl> {
    let mut settings = Vec::new();
    for (key, node) in fields.map("settings").unwrap_or_default() {
        let Some(mut decl) = Fields::open(node, source, fields.diagnostics(), &PROVIDER_SETTING) else { continue };
        settings.push(SettingDecl {
            name: key.text.clone(),
            required: decl.bool("required").unwrap_or(false),
            default: decl.value("default"),
            description: decl.text("description").unwrap_or_default(),
        });
        decl.finish();
    }
    settings
}

fn read_credentials(fields: &mut Fields<'_, '_>, source: &Arc<Source>) -> Vec<CredentialDecl> {
    let mut credentials = Vec::new();
    for (key, node) in fields.map("credentials").unwrap_or_default() {
        let Some(mut decl) = Fields::open(node, source, fields.diagnostics(), &PROVIDER_CREDENTIAL) else { continue };
        let description = decl.text("description").unwrap_or_default();
        let public = decl.bool("public").unwrap_or_default();
        credentials.push(CredentialDecl { name: key.text.clone(), description, public });
        decl.finish();
    }
    credentials
}

fn read_sets(fields: &mut Fields<'_, '_>, source: &Arc<Source>, provider: &Provider) -> Vec<CredentialSet> {
    let mut sets = Vec::new();
    for node in fields.list("credential_sets").unwrap_or_default() {
        let Some(mut set) = Fields::open(node, source, fields.diagnostics(), &CREDENTIAL_SET) else { continue };
        let read = CredentialSet { credentials: texts(&mut set, "credentials"), settings: texts(&mut set, "settings") };
        let span = set.span();
        let credentials = provider.credentials.iter().map(|decl| &decl.name);
        let settings = provider.settings.iter().map(|decl| &decl.name);
        let known: Vec<&String> = credentials.chain(settings).collect();
        for name in read.credentials.iter().chain(&read.settings).filter(|name| !known.contains(name)) {
            set.error("unknown-name", span, format!("`{name}` is neither a credential nor a setting"), None);
        }
        set.finish();
        sets.push(read);
    }
    sets
}

/// `quota: { calls: 1000000, resets: Asia/Shanghai }`: calls a day, and the zone at whose midnight they come back.
pub(crate) fn read_quota(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Quota> {
    let mut fields = Fields::open(node, source, diagnostics, &QUOTA)?;
    let zone = |name: &str| TimeZone::get(name).map_err(|_| format!("`{name}` is no time zone"));
    fields.required("resets");
    let zone = fields.parsed("resets", "a time zone such as `Asia/Shanghai`", zone);
    let calls = fields.integer("calls");
    if calls == Some(0) {
        let span = fields.span();
        fields.error("bad-value", span, "`calls` must be at least 1", None);
    }
    fields.finish();
    Some(Quota { calls, zone: zone? })
}
