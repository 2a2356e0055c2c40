//! The settings file as a whole: read once, then bound to the providers that it may itself name.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::connection::ConnectionReader;
use super::own_providers::{self, OwnProviders};
use super::redact::{redact, redact_by_words};
use crate::diagnostic::{Diagnostics, Place, Source, did_you_mean_inline as inline, near_miss};
use crate::provider::{Connection, Registry};
use crate::yaml::{self, Fields, Key, Node, NodeKind};

/// The name of the built-in environment whose vendors are simulators.
pub const SANDBOX: &str = "sandbox";

/// An environment, as settings and defaults together make it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// Whether it asks before it sends.
    pub confirm: bool,
    /// Its connections.
    pub connections: Vec<Connection>,
    /// The settings file that was in force when it was read; `None` where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
}

impl Environment {
    /// Whether its vendors are simulators inside the process, unless a connection says otherwise.
    #[must_use]
    pub fn is_sandbox(&self) -> bool {
        self.name == SANDBOX
    }
}

/// A settings file that was read but not yet bound to providers.
#[derive(Debug)]
pub struct Settings {
    source: Arc<Source>,
    folder: PathBuf,
    root: Option<Node>,
}

impl Settings {
    /// Reads a settings file's text; what is wrong with its syntax goes to `diagnostics`.
    pub fn read(path: &Path, text: &str, diagnostics: &mut Diagnostics) -> Self {
        let name = path.display().to_string();
        let root = yaml::parse(&Source::new(name.clone(), text), &mut Diagnostics::new());
        let shown = root.as_ref().map_or_else(|| redact_by_words(text), |root| redact(text, root));
        let source = Source::new(name, shown);
        // Once more, for messages that show no credential.
        let _ = yaml::parse(&source, diagnostics);
        let root = root.filter(|root| !root.is_null());
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Self { source, folder, root }
    }

    /// No file at all: only the sandbox.
    pub(crate) fn none() -> Self {
        Self { source: Source::new("", ""), folder: PathBuf::new(), root: None }
    }

    /// What is said of the user's own providers; [`Settings::environments`] reports what is wrong with it.
    pub(crate) fn own_providers(&self) -> OwnProviders {
        let node = self.root.as_ref().and_then(|root| root.get("providers"));
        let read = |node| own_providers::read(node, &self.folder, &self.source, &mut Diagnostics::new());
        node.map(read).unwrap_or_default()
    }

    /// Where an environment is defined; `None` where it is not.
    pub(crate) fn defines(&self, environment: &str) -> Option<Place> {
        let node = self.root.as_ref()?.get("environments")?;
        let NodeKind::Map(entries) = &node.kind else { return None };
        let (key, _) = entries.iter().find(|(key, _)| key.text == environment)?;
        Some(self.source.place(key.span))
    }

    /// Folders below this file whose settings are trusted with the environments that it defines too.
    pub(crate) fn nearer(&self) -> Vec<PathBuf> {
        let node = self.root.as_ref().and_then(|root| root.get("nearer"));
        let Some(NodeKind::List(items)) = node.map(|node| &node.kind) else { return Vec::new() };
        items.iter().filter_map(|item| item.as_text()).map(|text| self.folder.join(text)).collect()
    }

    /// Every environment, the sandbox among them; all mistakes of all of them go to `diagnostics`.
    pub fn environments(
        &self,
        registry: &Registry,
        sandbox: Vec<Connection>,
        diagnostics: &mut Diagnostics,
    ) -> Vec<Environment> {
        let reader = ConnectionReader { source: &self.source, folder: &self.folder, registry, rehearses: false };
        let mut found =
            vec![Environment { name: SANDBOX.to_owned(), confirm: false, connections: sandbox, file: None }];
        let Some(root) = &self.root else { return found };
        let Some(mut fields) = Fields::open(root, &self.source, diagnostics, "the settings") else { return found };
        if let Some(node) = fields.node("providers") {
            own_providers::read(node, &self.folder, &self.source, fields.diagnostics());
        }
        for node in fields.list("nearer").unwrap_or_default() {
            if node.is_null() || node.as_text().is_none_or(str::is_empty) {
                let message = format!("`nearer` lists folders, and this is {}", node.describe());
                fields.error("bad-type", node.span, message, Some("Write `nearer: [teams/billing]`.".to_owned()));
            }
        }
        for (key, node) in fields.map("environments").unwrap_or_default() {
            let sandbox = found.iter().position(|environment| environment.name == key.text);
            let builtins = sandbox.map(|at| found.swap_remove(at).connections).unwrap_or_default();
            let reader = ConnectionReader { rehearses: key.text == SANDBOX, ..reader };
            found.push(environment(reader, key, node, builtins, fields.diagnostics()));
        }
        fields.finish();
        found
    }
}

/// Reads one environment; the sandbox starts from what is built in.
fn environment(
    reader: ConnectionReader<'_>,
    key: &Key,
    node: &Node,
    builtins: Vec<Connection>,
    diagnostics: &mut Diagnostics,
) -> Environment {
    let mut read = Environment { name: key.text.clone(), confirm: false, connections: builtins.clone(), file: None };
    if node.is_null() {
        return read;
    }
    let what = format!("the environment `{}`", key.text);
    let Some(mut fields) = Fields::open(node, reader.source, diagnostics, &what) else { return read };
    read.confirm = fields.bool("confirm").unwrap_or(false);
    for (key, node) in fields.map("connections").unwrap_or_default() {
        if let Some(connection) = reader.connection(key, node, &builtins, fields.diagnostics()) {
            read.connections.retain(|other| other.name != connection.name);
            read.connections.push(connection);
        }
    }
    fields.finish();
    read
}

/// The environment that `--env` names.
///
/// # Errors
/// A sentence that lists the known names.
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
