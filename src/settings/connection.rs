//! Reads one connection and checks it against its provider: address, settings, headers, limits.

use std::path::Path;
use std::sync::Arc;

use super::address;
use super::credential::{self, CredentialContext};
use crate::diagnostic::{Diagnostics, Source, Span, did_you_mean, did_you_mean_among, in_backticks, near_miss};
use crate::language::Fields;
use crate::language::settings::CONNECTION;
use crate::model::{Map, Value};
use crate::provider::{Connection, HeaderRefusal, Provider, Registry};
use crate::yaml::{Key, Node};

/// Reads connections: knows the file, its folder and the providers.
#[derive(Clone, Copy)]
pub(super) struct ConnectionReader<'a> {
    /// The settings file.
    pub(super) source: &'a Arc<Source>,
    /// Its folder.
    pub(super) folder: &'a Path,
    /// The providers.
    pub(super) registry: &'a Registry,
    /// Whether the environment is the sandbox, whose calls stay inside the process.
    pub(super) rehearses: bool,
}

impl<'a> ConnectionReader<'a> {
    /// What reading a secret outside a connection needs: no literal is allowed there.
    pub(super) fn secrets(self) -> CredentialContext<'a> {
        CredentialContext { source: self.source, folder: self.folder, loopback: false }
    }

    /// Reads the connection under `key`. A built-in connection of the sandbox with this name, or else this provider, is
    /// the starting point.
    pub(super) fn connection(
        self,
        key: &Key,
        node: &Node,
        builtins: &[Connection],
        diagnostics: &mut Diagnostics,
    ) -> Option<Connection> {
        let what = format!("the connection `{}`", key.text);
        let mut fields = Fields::open_as(node, self.source, diagnostics, &CONNECTION, &what)?;
        let provider = self.provider(key, &mut fields)?;
        let builtin = builtins.iter().find(|builtin| builtin.name == key.text);
        let builtin = builtin.or_else(|| builtins.iter().find(|builtin| builtin.provider == provider.name));
        let mut connection = builtin.cloned().unwrap_or_default();
        connection.name.clone_from(&key.text);
        connection.provider.clone_from(&provider.name);
        if builtin.is_some() {
            sandbox_answers_itself(&mut fields);
        } else {
            let loopback = self.base_url(&mut connection, &provider, &mut fields);
            self.access(&mut connection, &provider, loopback, &mut fields);
        }
        settings(&mut connection, &provider, &mut fields);
        headers(&mut connection, &provider, &mut fields);
        if let Some(node) = fields.node("defaults") {
            let laid = self.defaults(&provider, node, fields.diagnostics());
            lay_over(&mut connection.defaults, laid);
        }
        if let Some(limits) = fields.limits("limits") {
            connection.limits.in_flight = limits.in_flight.or(connection.limits.in_flight);
            connection.limits.rate = limits.rate.or(connection.limits.rate);
        }
        daily_quota(&mut connection, &provider, &mut fields);
        connection.timeout = fields.duration("timeout").or(connection.timeout);
        self.operations(&mut connection, &provider, &mut fields);
        fields.finish();
        Some(connection)
    }

    fn provider(self, key: &Key, fields: &mut Fields<'_, '_>) -> Option<Arc<Provider>> {
        let named = fields.node("provider");
        let (name, span) = match named {
            Some(node) => (node.as_text().unwrap_or_default(), node.span),
            None => (key.text.as_str(), key.span),
        };
        if let Some(provider) = self.registry.provider(name) {
            return Some(Arc::clone(provider));
        }
        let known: Vec<&str> = self.registry.providers().map(|provider| provider.name.as_str()).collect();
        let help = match near_miss(name, known.iter().copied()) {
            Some(near) => did_you_mean(name, near),
            None if named.is_none() => {
                format!(
                    "A connection under a name of its own says `provider:`; the providers are {}.",
                    in_backticks(&known)
                )
            }
            None => format!("The providers are {}.", in_backticks(&known)),
        };
        fields.error("unknown-provider", span, format!("There is no provider `{name}`"), Some(help));
        None
    }

    /// Reads credentials, proxy and certificates, which a connection to a real address needs.
    fn access(self, connection: &mut Connection, provider: &Provider, loopback: bool, fields: &mut Fields<'_, '_>) {
        let context = CredentialContext { source: self.source, folder: self.folder, loopback };
        // If the provider leaves the scheme open, `auth` has it together with its credentials.
        match provider.auth.scheme.is_of_connection() {
            true => {
                fields.refuse("credentials", "Write `auth`: this provider leaves the scheme to the connection.");
                credential::auth(connection, context, fields);
            }
            false => {
                fields.refuse("auth", "Write `credentials`: the provider's own file says how calls are authenticated.");
                credential::credentials(connection, provider, context, fields);
            }
        }
        if let Some(node) = fields.node("proxy") {
            // The address of a proxy may be a literal; a password in it is then in the file, by the user's choice.
            connection.proxy =
                credential::read("proxy", node, CredentialContext { loopback: true, ..context }, fields.diagnostics());
        }
        connection.ca_file = fields.text("ca_file").map(|path| self.folder.join(path));
    }

    /// Reads the base URL; returns whether it is a loopback address.
    fn base_url(self, connection: &mut Connection, provider: &Provider, fields: &mut Fields<'_, '_>) -> bool {
        if fields.node("base_url").is_some() {
            let found = fields.parsed("base_url", "a URL", address::parse);
            connection.base_url = found.as_ref().map(|address| address.url.clone());
            return found.is_some_and(|address| address.loopback);
        }
        // A connection without credentials may leave the address to each step.
        let open = provider.auth.scheme.is_of_connection() && fields.node("auth").is_none();
        let own = self.registry.is_own(&provider.name) && !self.rehearses;
        let help = match (&provider.base_url, own) {
            (Some(url), true) => format!(
                "The provider `{}` is not built in, and where credentials go is for the settings to say. Its file names \
                 `{url}`: if that is the vendor, write `base_url: {url}`.",
                provider.name
            ),
            (None, _) if own || !open => format!("{} has no address that is the same for everybody.", provider.title),
            (Some(_) | None, _) => return false,
        };
        let message = format!("The connection `{}` needs a `base_url`", connection.name);
        let span = fields.span();
        fields.error("missing-key", span, message, Some(help));
        false
    }
}

fn sandbox_answers_itself(fields: &mut Fields<'_, '_>) {
    for key in ["base_url", "credentials", "auth", "proxy", "ca_file"] {
        if let Some((key, _)) = fields.entry(key) {
            let message = format!("The sandbox answers inside the process and takes no `{}`", key.text);
            let help = "Put it under an environment with another name.".to_owned();
            fields.error("sandbox-setting", key.span, message, Some(help));
        }
    }
}

/// Reads `daily_quota: 100000`, for vendors that count the calls of an account by day.
fn daily_quota(connection: &mut Connection, provider: &Provider, fields: &mut Fields<'_, '_>) {
    let Some((key, _)) = fields.entry("daily_quota") else { return };
    let quota = fields.integer("daily_quota").filter(|calls| *calls > 0);
    if provider.quota.is_none() {
        let message = format!("`{}` has no quota of a day that its provider file tells of", provider.name);
        let help = "Remove it; `limits` bind calls in shorter times.".to_owned();
        fields.error("unknown-key", key.span, message, Some(help));
    } else if quota.is_none() {
        fields.error("bad-value", key.span, "`daily_quota` must be a whole number from 1 on", None);
    }
    connection.daily_quota = quota.or(connection.daily_quota);
}

fn settings(connection: &mut Connection, provider: &Provider, fields: &mut Fields<'_, '_>) {
    let known: Vec<&str> = provider.settings.iter().map(|setting| setting.name.as_str()).collect();
    for (name, node) in fields.map("settings").unwrap_or_default() {
        if !known.contains(&name.text.as_str()) {
            let message = format!("`{}` is not a setting of `{}`", name.text, provider.name);
            fields.error("unknown-key", name.span, message, Some(did_you_mean_among(&name.text, &known, "There are")));
            continue;
        }
        // A setting keeps its text: 0042 keeps its zeros.
        let value = match node.as_text() {
            Some(text) if !node.is_null() => Value::String(text.to_owned()),
            _ => node.to_value(),
        };
        connection.settings.insert(name.text.clone(), value);
    }
}

fn headers(connection: &mut Connection, provider: &Provider, fields: &mut Fields<'_, '_>) {
    for (name, node) in fields.map("headers").unwrap_or_default() {
        let token = !name.text.is_empty()
            && name.text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
        let plain = |text: &&str| text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) && text.trim() == *text;
        let text = node.as_text().filter(plain);
        if let Some(why) = HeaderRefusal::of(&name.text, true) {
            reserved(why, &name.text, name.span, provider, fields);
        } else if let (true, Some(text)) = (token, text) {
            connection.headers.insert(name.text.clone(), text.to_owned());
        } else {
            let message = format!("`{}` is no header that can be sent", name.text);
            fields.error(
                "bad-value",
                name.span,
                message,
                Some("Names and values are plain ASCII, without blanks around them.".to_owned()),
            );
        }
    }
}

/// Reports a constant header that the transport sets, or that would hold a credential.
fn reserved(why: HeaderRefusal, name: &str, span: Span, provider: &Provider, fields: &mut Fields<'_, '_>) {
    match why {
        HeaderRefusal::Transport => {
            let help = "It says where a request goes, where it ends or how its answer comes; take it out.".to_owned();
            let message = format!("The header `{name}` is set by the transport and cannot be given");
            fields.error("reserved-header", span, message, Some(help));
        }
        HeaderRefusal::Credential => {
            let message = format!("`{name}` holds a credential and is no constant header");
            let help = match provider.auth.scheme.is_of_connection() {
                true => {
                    format!(
                        "Say where it comes from, so that it is in no journal: `{}`.",
                        HeaderRefusal::in_settings(name)
                    )
                }
                false => "Put the secret under `credentials`, which are never written to a journal.".to_owned(),
            };
            fields.error("literal-credential", span, message, Some(help));
        }
    }
}

/// Merges `over` into `under`: maps key by key; any other value replaces.
fn lay_over(under: &mut Map, over: Map) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(Value::Object(below)), Value::Object(above)) => lay_over(below, above),
            (_, value) => {
                under.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn maps_merge_and_the_rest_replaces() {
        let map = |value: Value| value.as_object().cloned().unwrap();
        let mut under = map(json!({"a": {"x": 1, "y": [1, 2]}, "b": 1}));
        lay_over(&mut under, map(json!({"a": {"y": [3], "z": 4}, "b": {"c": 1}, "d": null})));
        assert_eq!(Value::Object(under), json!({"a": {"x": 1, "y": [3], "z": 4}, "b": {"c": 1}, "d": null}));
    }
}
