//! From a request to everything a run is made of: settings, providers, environment, playbook, variables.
//! Mistakes of all files are collected, so that they are told in one go.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tracing::info;

use super::nearer_settings::refuse_nearer;
use crate::diagnostic::{Diagnostic, Diagnostics, Source, shell_path};
use crate::model::Value;
use crate::operate::files::{Root, find_settings, provider_registry, read_text, refuse_links_out};
use crate::operate::interface::{Context, Input, PlaybookFrom, Refusal};
use crate::playbook::{self, Playbook};
use crate::provider::Registry;
use crate::sandbox;
use crate::settings::{self, Environment, OwnProviders, SANDBOX, Settings};
use crate::yaml::{self, NodeKind};

/// What was loaded; rows are opened apart.
pub(crate) struct Loaded {
    /// The playbook.
    pub(crate) playbook: Playbook,
    /// The playbook's folder.
    pub(crate) folder: PathBuf,
    /// The providers.
    pub(crate) registry: Arc<Registry>,
    /// Where it sends.
    pub(crate) environment: Environment,
    /// The settings file that is in force.
    pub(crate) settings_file: Option<PathBuf>,
    /// Where the files lie that the playbook may name.
    pub(crate) root: Root,
    /// Variables as the request and the file of variables give them.
    pub(crate) given: BTreeMap<String, Value>,
}

/// Where a run sends, with the providers that are known there.
pub(crate) struct Place {
    /// The providers.
    pub(crate) registry: Arc<Registry>,
    /// Where it sends.
    pub(crate) environment: Environment,
    /// The settings file that is in force.
    pub(crate) settings_file: Option<PathBuf>,
    /// Where the files lie that files in the folder may name.
    pub(crate) root: Root,
}

/// Loads everything for one playbook; `None` where the playbook cannot be read, with the reasons in `diagnostics`.
///
/// # Errors
/// [`Refusal::Usage`] where the request names what is not there; [`Refusal::Invalid`] for broken provider files.
pub(crate) fn load(
    playbook: &PlaybookFrom,
    input: &Input,
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
    let place = place(input.environment.as_deref(), &folder, context, diagnostics)?;
    let given = given(input, diagnostics)?;
    let source = Source::new(path.display().to_string(), text);
    let playbook = playbook::read(&source, diagnostics);
    let Place { registry, environment, settings_file, root } = place;
    Ok(playbook.map(|playbook| Loaded { playbook, folder, registry, environment, settings_file, root, given }))
}

/// Reads the settings that are in force in `folder` and chooses the environment.
///
/// # Errors
/// Settings or environments that do not exist, or broken files of providers.
pub(crate) fn place(
    env: Option<&str>,
    folder: &Path,
    context: &Context,
    diagnostics: &mut Diagnostics,
) -> Result<Place, Refusal> {
    let InForce { settings, file: found, further } = settings_in_force(folder, context, diagnostics)?;
    let root = Root::of(context.confine.as_deref(), found.as_deref(), folder)?;
    let registry = provider_registry(&own_providers(&settings, context), &root)?;
    let environments = settings.environments(&registry, sandbox::environment(), diagnostics);
    let wanted = env.unwrap_or(SANDBOX);
    let environment = settings::choose(environments, wanted, found.as_deref()).map_err(|why| {
        // Settings that cannot be read have no environments, and the reason is what helps.
        if diagnostics.has_errors() { Refusal::Invalid(std::mem::take(diagnostics)) } else { Refusal::Usage(why) }
    })?;
    if let Some(near) = &found {
        refuse_nearer((near, &settings), &further, wanted)?;
    }
    Ok(Place { registry, environment, settings_file: found, root })
}

/// The providers that are known in `folder`.
///
/// # Errors
/// Settings that cannot be read, or broken files of providers.
pub(crate) fn registry(folder: &Path, context: &Context) -> Result<Arc<Registry>, Refusal> {
    registry_and_folder(folder, context).map(|(registry, _)| registry)
}

/// The providers that are known in `folder`, and the folder of the user's own ones.
///
/// # Errors
/// Settings that cannot be read, or broken files of providers.
pub(crate) fn registry_and_folder(
    folder: &Path,
    context: &Context,
) -> Result<(Arc<Registry>, Option<PathBuf>), Refusal> {
    let mut diagnostics = Diagnostics::new();
    let InForce { settings, file, .. } = settings_in_force(folder, context, &mut diagnostics)?;
    if diagnostics.has_errors() {
        return Err(Refusal::Invalid(diagnostics));
    }
    let own = own_providers(&settings, context);
    let root = Root::of(context.confine.as_deref(), file.as_deref(), folder)?;
    Ok((provider_registry(&own, &root)?, own.folder))
}

/// The settings that are in force in a folder.
struct InForce {
    settings: Settings,
    file: Option<PathBuf>,
    /// Settings files further up; none where the command line names the one in force.
    further: Vec<PathBuf>,
}

fn settings_in_force(folder: &Path, context: &Context, diagnostics: &mut Diagnostics) -> Result<InForce, Refusal> {
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
    Ok(InForce { settings, file, further })
}

/// The user's own providers: the folder of the command line, else of the settings. Only settings let files replace what
/// is built in.
fn own_providers(settings: &Settings, context: &Context) -> OwnProviders {
    let said = settings.own_providers();
    OwnProviders { folder: context.providers.clone().or(said.folder), replaced: said.replaced }
}

/// Rows have their own option.
fn refuse_rows(path: &Path) -> Result<(), Refusal> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    if !matches!(extension.to_ascii_lowercase().as_str(), "csv" | "tsv" | "xlsx" | "xls" | "jsonl") {
        return Ok(());
    }
    let (rows, named) = (path.display(), shell_path(path));
    Err(Refusal::Usage(format!("`{rows}` is a file of rows, and no playbook: give it as `PLAYBOOK --rows {named}`")))
}

/// Variables of `--vars-file`, and of `--var` over them.
fn given(input: &Input, diagnostics: &mut Diagnostics) -> Result<BTreeMap<String, Value>, Refusal> {
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
                // A scalar is what stands in the file; the variable's type decides what it means.
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
