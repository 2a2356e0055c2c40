//! The settings file: read once, then bound to the providers, which it may name itself.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::connection::ConnectionReader;
use super::notify::{self, NotifyRule};
use super::own_providers::{self, OwnProviders};
use super::redact::{redact, redact_by_words};
use crate::diagnostic::{Diagnostics, Place, Source, did_you_mean_inline as inline, near_miss};
use crate::language::Fields;
use crate::language::settings::{ENVIRONMENT, SETTINGS};
use crate::provider::{Connection, Registry};
use crate::yaml::{self, Key, Node, NodeKind};

/// The name of the built-in environment, in which vendors are simulated.
pub const SANDBOX: &str = "sandbox";

/// An environment, from settings and defaults.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Environment {
    /// The name.
    pub name: String,
    /// Whether a run asks before it sends.
    pub confirm: bool,
    /// The connections.
    pub connections: Vec<Connection>,
    /// Who is notified of the end of a run; empty for nobody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notify: Vec<NotifyRule>,
    /// The settings file that was used; `None` if there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
}

impl Environment {
    /// Whether its vendors are simulated in this process, unless a connection says otherwise.
    #[must_use]
    pub fn is_sandbox(&self) -> bool {
        self.name == SANDBOX
    }
}

/// A settings file that is read but not yet bound to providers.
#[derive(Debug)]
pub struct Settings {
    source: Arc<Source>,
    folder: PathBuf,
    root: Option<Node>,
}

impl Settings {
    /// Reads the text of a settings file. Syntax errors are added to `diagnostics`.
    pub fn read(path: &Path, text: &str, diagnostics: &mut Diagnostics) -> Self {
        let name = path.display().to_string();
        let root = yaml::parse(&Source::new(name.clone(), text), &mut Diagnostics::new());
        let shown = root.as_ref().map_or_else(|| redact_by_words(text), |root| redact(text, root));
        let source = Source::new(name, shown);
        // Parsed again, so that messages show no credential.
        let _ = yaml::parse(&source, diagnostics);
        let root = root.filter(|root| !root.is_null());
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Self { source, folder, root }
    }

    /// Settings without a file: only the sandbox.
    pub(crate) fn none() -> Self {
        Self { source: Source::new("", ""), folder: PathBuf::new(), root: None }
    }

    /// The key `providers`; [`Settings::environments`] reports its mistakes.
    pub(crate) fn own_providers(&self) -> OwnProviders {
        let node = self.root.as_ref().and_then(|root| root.get("providers"));
        let read = |node| own_providers::read(node, &self.folder, &self.source, &mut Diagnostics::new());
        node.map(read).unwrap_or_default()
    }

    /// The place where an environment is defined; `None` if it is not.
    pub(crate) fn defines(&self, environment: &str) -> Option<Place> {
        let node = self.root.as_ref()?.get("environments")?;
        let NodeKind::Map(entries) = &node.kind else { return None };
        let (key, _) = entries.iter().find(|(key, _)| key.text == environment)?;
        Some(self.source.place(key.span))
    }

    /// The key `nearer`: folders whose settings files may also define the environments of this file.
    pub(crate) fn nearer(&self) -> Vec<PathBuf> {
        let node = self.root.as_ref().and_then(|root| root.get("nearer"));
        let Some(NodeKind::List(items)) = node.map(|node| &node.kind) else { return Vec::new() };
        items.iter().filter_map(|item| item.as_text()).map(|text| self.folder.join(text)).collect()
    }

    /// The names of all environments, the sandbox first.
    pub(crate) fn environment_names(&self) -> Vec<String> {
        let entries = |node: &Node| match &node.kind {
            NodeKind::Map(entries) => entries.clone(),
            NodeKind::Scalar { .. } | NodeKind::List(_) => Vec::new(),
        };
        let written = self.root.iter().flat_map(entries).filter(|(key, _)| key.text == "environments");
        let names = written.flat_map(|(_, node)| entries(&node)).map(|(key, _)| key.text);
        std::iter::once(SANDBOX.to_owned()).chain(names.filter(|name| name != SANDBOX)).collect()
    }

    /// All environments, including the sandbox. All mistakes are added to `diagnostics`.
    pub fn environments(
        &self,
        registry: &Registry,
        sandbox: Vec<Connection>,
        diagnostics: &mut Diagnostics,
    ) -> Vec<Environment> {
        let reader = ConnectionReader { source: &self.source, folder: &self.folder, registry, rehearses: false };
        let mut found = vec![Environment { name: SANDBOX.to_owned(), connections: sandbox, ..Environment::default() }];
        let Some(root) = &self.root else { return found };
        let Some(mut fields) = Fields::open(root, &self.source, diagnostics, &SETTINGS) else { return found };
        if let Some(node) = fields.node("providers") {
            own_providers::read(node, &self.folder, &self.source, fields.diagnostics());
        }
        for node in fields.list("nearer").unwrap_or_default() {
            if node.is_null() || node.as_text().is_none_or(str::is_empty) {
                let message = format!("`nearer` lists folders, and this is {}", node.describe());
                fields.error("bad-type", node.span, message, Some("Write `nearer: [teams/billing]`.".to_owned()));
            }
        }
        let notify = fields.node("notify").map(|node| notify::rules(node, reader.secrets(), fields.diagnostics()));
        let notify = notify.unwrap_or_default();
        for (key, node) in fields.map("environments").unwrap_or_default() {
            let sandbox = found.iter().position(|environment| environment.name == key.text);
            let builtins = sandbox.map(|at| found.swap_remove(at).connections).unwrap_or_default();
            let reader = ConnectionReader { rehearses: key.text == SANDBOX, ..reader };
            found.push(environment(reader, key, node, builtins, &notify, fields.diagnostics()));
        }
        fields.finish();
        found
    }
}

/// Reads one environment; the sandbox starts with the built-in connections. `notify` is that of the whole file.
fn environment(
    reader: ConnectionReader<'_>,
    key: &Key,
    node: &Node,
    builtins: Vec<Connection>,
    notify: &[NotifyRule],
    diagnostics: &mut Diagnostics,
) -> Environment {
    let mut read = Environment {
        name: key.text.clone(),
        connections: builtins.clone(),
        notify: if key.text == SANDBOX { Vec::new() } else { notify.to_vec() },
        ..Environment::default()
    };
    if node.is_null() {
        return read;
    }
    let what = format!("the environment `{}`", key.text);
    let Some(mut fields) = Fields::open_as(node, reader.source, diagnostics, &ENVIRONMENT, &what) else { return read };
    read.confirm = fields.bool("confirm").unwrap_or(false);
    if let Some(node) = fields.node("notify") {
        // A playbook from elsewhere is tried in the sandbox, so that no command may start from there.
        if key.text == SANDBOX {
            let message = "The sandbox sends no notices";
            let help = "Write `notify` under another environment, or beside `environments` for all others.";
            fields.error("bad-value", node.span, message, Some(help.to_owned()));
        } else {
            read.notify = notify::rules(node, reader.secrets(), fields.diagnostics());
        }
    }
    for (key, node) in fields.map("connections").unwrap_or_default() {
        if let Some(connection) = reader.connection(key, node, &builtins, fields.diagnostics()) {
            read.connections.retain(|other| other.name != connection.name);
            read.connections.push(connection);
        }
    }
    fields.finish();
    read
}

/// The environment with this name, as `--env` gives it.
///
/// # Errors
/// There is no such environment; the message lists the known names.
pub(crate) fn choose(environments: Vec<Environment>, name: &str, file: Option<&Path>) -> Result<Environment, String> {
    let known: Vec<String> = environments.iter().map(|environment| environment.name.clone()).collect();
    if let Some(found) = environments.into_iter().find(|environment| environment.name == name) {
        return Ok(Environment { file: file.map(Path::to_path_buf), ..found });
    }
    let listed = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let near = near_miss(name, known.iter().map(String::as_str));
    let hint = near.map(|near| format!("; {}", inline(name, near))).unwrap_or_default();
    Err(match file {
        Some(file) => format!("there is no environment `{name}` in {}; it has {listed}{hint}", file.display()),
        None => format!(
            "there is no environment `{name}`: no `runsheet.yaml` lies beside the playbook or above it, so there is only {listed}; write one, or name it with `--settings FILE`"
        ),
    })
}
