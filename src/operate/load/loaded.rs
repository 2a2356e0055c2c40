//! Loads the settings, the providers, the environment, the playbook and the variables of a request. Mistakes in all files are
//! collected and reported together.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tracing::info;

use super::nearer_settings::refuse_nearer;
use crate::diagnostic::{Diagnostic, Diagnostics, Source, shell_path};
use crate::model::Value;
use crate::operate::files::{Root, find_settings, provider_registry, read_text, refuse_links_out};
use crate::operate::interface::{Context, PlaybookFrom, Refusal, RunInput};
use crate::playbook::{self, Playbook};
use crate::provider::Registry;
use crate::sandbox;
use crate::settings::{self, Environment, OwnProviders, SANDBOX, Settings};
use crate::yaml::{self, NodeKind};

/// What was loaded. Rows are opened separately.
pub(crate) struct Loaded {
    /// The playbook.
    pub(crate) playbook: Playbook,
    /// The playbook's folder.
    pub(crate) folder: PathBuf,
    /// The providers.
    pub(crate) registry: Arc<Registry>,
    /// The environment to which it sends.
    pub(crate) environment: Environment,
    /// The settings file that applies; `None` where there is none.
    pub(crate) settings_file: Option<PathBuf>,
    /// The folder inside which the playbook may name files.
    pub(crate) root: Root,
    /// The variables that the request and its file of variables give.
    pub(crate) given_vars: BTreeMap<String, Value>,
}

/// The environment of a run, with the providers that are known there.
pub(crate) struct Target {
    /// The providers.
    pub(crate) registry: Arc<Registry>,
    /// The environment to which it sends.
    pub(crate) environment: Environment,
    /// The settings file that applies; `None` where there is none.
    pub(crate) settings_file: Option<PathBuf>,
    /// The folder inside which files in that folder may name files.
    pub(crate) root: Root,
}

/// Loads everything for one playbook; `None` where the playbook is wrong, with the reasons in `diagnostics`.
///
/// # Errors
/// [`Refusal::Usage`] where the request names something that does not exist; [`Refusal::Invalid`] for wrong provider files.
pub(crate) fn load(
    playbook: &PlaybookFrom,
    input: &RunInput,
    context: &Context,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Loaded>, Refusal> {
    let (path, text) = match playbook {
        PlaybookFrom::File(path) => {
            refuse_rows(path)?;
            (path, read_text(path, "playbook")?)
        }
        PlaybookFrom::Text { path, text } => (path, text.clone()),
    };
    let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let target = read_target(input.environment.as_deref(), &folder, context, diagnostics)?;
    let given_vars = given_vars(input, diagnostics)?;
    let source = Source::new(path.display().to_string(), text);
    let playbook = playbook::read(&source, diagnostics);
    let Target { registry, environment, settings_file, root } = target;
    Ok(playbook.map(|playbook| Loaded { playbook, folder, registry, environment, settings_file, root, given_vars }))
}

/// Reads the settings that apply to `folder` and chooses the environment `env`, or the sandbox where it is `None`.
///
/// # Errors
/// [`Refusal::Usage`] for settings or an environment that do not exist; [`Refusal::Invalid`] for wrong settings or provider
/// files, or an environment that two settings files define.
pub(crate) fn read_target(
    env: Option<&str>,
    folder: &Path,
    context: &Context,
    diagnostics: &mut Diagnostics,
) -> Result<Target, Refusal> {
    let SettingsInForce { settings, file: found, further } = settings_in_force(folder, context, diagnostics)?;
    let root = Root::of(context.confine.as_deref(), found.as_deref(), folder)?;
    let registry = provider_registry(&own_providers(&settings, context), &root)?;
    let environments = settings.environments(&registry, sandbox::environment(), diagnostics);
    let wanted = env.unwrap_or(SANDBOX);
    let environment = settings::choose(environments, wanted, found.as_deref()).map_err(|why| {
        // Wrong settings have no environments; their mistakes say more.
        if diagnostics.has_errors() { Refusal::Invalid(std::mem::take(diagnostics)) } else { Refusal::Usage(why) }
    })?;
    if let Some(near) = &found {
        refuse_nearer((near, &settings), &further, wanted)?;
    }
    Ok(Target { registry, environment, settings_file: found, root })
}

/// Returns the providers that are known in `folder`.
///
/// # Errors
/// [`Refusal::Usage`] for settings that cannot be read; [`Refusal::Invalid`] for wrong settings or provider files.
pub(crate) fn registry(folder: &Path, context: &Context) -> Result<Arc<Registry>, Refusal> {
    registry_and_folder(folder, context).map(|(registry, _)| registry)
}

/// Returns the providers that are known in `folder`, and the folder of the user's own ones where there is one.
///
/// # Errors
/// As [`registry`].
pub(crate) fn registry_and_folder(
    folder: &Path,
    context: &Context,
) -> Result<(Arc<Registry>, Option<PathBuf>), Refusal> {
    let mut diagnostics = Diagnostics::new();
    let SettingsInForce { settings, file, .. } = settings_in_force(folder, context, &mut diagnostics)?;
    if diagnostics.has_errors() {
        return Err(Refusal::Invalid(diagnostics));
    }
    let own = own_providers(&settings, context);
    let root = Root::of(context.confine.as_deref(), file.as_deref(), folder)?;
    Ok((provider_registry(&own, &root)?, own.folder))
}

/// Returns the names of the environments that are known in `folder`, the sandbox first. Mistakes in the settings are left to
/// the verbs that use them.
///
/// # Errors
/// As [`registry`].
pub(crate) fn environment_names(folder: &Path, context: &Context) -> Result<Vec<String>, Refusal> {
    let SettingsInForce { settings, .. } = settings_in_force(folder, context, &mut Diagnostics::new())?;
    Ok(settings.environment_names())
}

/// The settings that apply to a folder.
struct SettingsInForce {
    settings: Settings,
    file: Option<PathBuf>,
    /// Settings files further up; empty where the command line names the file.
    further: Vec<PathBuf>,
}

fn settings_in_force(
    folder: &Path,
    context: &Context,
    diagnostics: &mut Diagnostics,
) -> Result<SettingsInForce, Refusal> {
    let mut found = match &context.settings {
        Some(named) => vec![named.clone()],
        None => {
            let found = find_settings(folder);
            refuse_links_out(&found, context.confine.as_deref())?;
            found
        }
    };
    let further = if found.is_empty() { Vec::new() } else { found.split_off(1) };
    let file = found.pop();
    info!("settings: {}", file.as_deref().map_or("none".into(), Path::to_string_lossy));
    let settings = match &file {
        Some(path) => Settings::read(path, &read_text(path, "settings")?, diagnostics),
        None => Settings::none(),
    };
    Ok(SettingsInForce { settings, file, further })
}

/// The user's own providers: in the folder of the command line, else of the settings. Only the settings may allow files to
/// replace built-in ones.
fn own_providers(settings: &Settings, context: &Context) -> OwnProviders {
    let said = settings.own_providers();
    OwnProviders { folder: context.providers.clone().or(said.folder), replaced: said.replaced }
}

/// Refuses a row file in the place of the playbook.
///
/// # Errors
/// [`Refusal::Usage`] with the option for rows.
fn refuse_rows(path: &Path) -> Result<(), Refusal> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    if !matches!(extension.to_ascii_lowercase().as_str(), "csv" | "tsv" | "xlsx" | "xls" | "jsonl") {
        return Ok(());
    }
    let (rows, named) = (path.display(), shell_path(path));
    Err(Refusal::Usage(format!("`{rows}` is a file of rows, not a playbook: give it as `PLAYBOOK --rows {named}`")))
}

/// Reads the variables of `--vars-file` and of `--var`, which take precedence.
fn given_vars(input: &RunInput, diagnostics: &mut Diagnostics) -> Result<BTreeMap<String, Value>, Refusal> {
    let mut given = BTreeMap::new();
    if let Some(path) = &input.vars_file {
        let source = Source::new(path.display().to_string(), read_text(path, "file of variables")?);
        if let Some(root) = yaml::parse(&source, diagnostics) {
            let NodeKind::Map(entries) = &root.kind else {
                let message = format!("A file of variables must be a map, and this is {}", root.describe());
                diagnostics.push(
                    Diagnostic::error("bad-type", message)
                        .at(source.place(root.span), "")
                        .help("Write `name: value` on each line."),
                );
                return Ok(given);
            };
            for (key, node) in entries {
                // A scalar keeps its source text; the type of the variable decides how it is read.
                let value = match node.as_text() {
                    Some(text) if !node.is_null() => Value::String(text.to_owned()),
                    _ => node.to_value(),
                };
                given.insert(key.text.clone(), value);
            }
        }
    }
    for (name, value) in &input.vars {
        given.insert(name.clone(), Value::String(value.clone()));
    }
    Ok(given)
}
