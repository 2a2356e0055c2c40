//! A run brought back from its journal: its providers, its playbook and its plan, and the credentials that no
//! journal holds.

use std::io;
use std::path::Path;

use crate::diagnostic::{Diagnostics, Source};
use crate::io::journal::{JournalError, Reserve, RunLock};
use crate::model::{Map, RunId, Time, Value};
use crate::operate::files::read_text;
use crate::operate::interface::{Doing, Failed, Refusal};
use crate::plan::{Binding, Plan, bind, undo_plan};
use crate::playbook::{self, Playbook};
use crate::provider::{Connection, CredentialSource, Registry};
use crate::runner::{FrozenRun, LinkKind, RunFolder};
use crate::sandbox;
use crate::settings::{Environment, Settings};

/// A run that may go on.
pub(crate) struct Revived {
    /// Its providers.
    pub(crate) registry: Registry,
    /// Its playbook.
    pub(crate) playbook: Playbook,
    /// Its plan.
    pub(crate) plan: Plan,
}

/// Takes the run for this process, and into its journal what that could not take when the run broke off.
///
/// # Errors
/// Another process drives it, or its folder cannot be locked.
pub(crate) fn lock(folder: &RunFolder, frozen: &FrozenRun) -> Result<RunLock, Refusal> {
    let lock = RunLock::take(folder.path()).map_err(|error| match error {
        JournalError::Locked { holder } => {
            Refusal::Conflict(format!("the run {} is under way: {holder} drives it", frozen.run_id))
        }
        other @ (JournalError::Sqlite(_)
        | JournalError::Io { .. }
        | JournalError::Empty(_)
        | JournalError::NotAJournal(_)
        | JournalError::TooNew { .. }
        | JournalError::Damaged(_)
        | JournalError::Mark(_)
        | JournalError::NotOurs(_)
        | JournalError::Gone(_)) => Refusal::Broken(Failed::during("the run's folder cannot be written to", other)),
    })?;
    take_in(folder, frozen)?;
    Ok(lock)
}

fn take_in(folder: &RunFolder, frozen: &FrozenRun) -> Result<(), Refusal> {
    Reserve::take_in(&folder.journal()).map(drop).map_err(|error| {
        Refusal::broken(format!(
            "the run {} cannot go on: its journal does not take what was kept beside it: {error}\n  Nothing was sent. {}",
            frozen.run_id,
            error.advice(),
        ))
    })
}

/// Brings a run back, everything shown where that is asked; its environment gets the credentials that stand in the settings literally.
///
/// # Errors
/// What it needs is no longer there.
pub(crate) fn revive(frozen: &mut FrozenRun, unmask: bool) -> Result<Revived, Refusal> {
    let registry = registry(frozen)?;
    frozen.environment = with_literals(frozen, &registry)?;
    let mut diagnostics = Diagnostics::new();
    let Some(playbook) = playbook_of(frozen, &mut diagnostics) else {
        return Err(Refusal::Invalid(diagnostics));
    };
    match bound(frozen, &playbook, &registry, frozen.vars.clone(), &frozen.columns, &mut diagnostics) {
        Some(mut plan) => {
            if unmask {
                plan.unmask();
            }
            Ok(Revived { registry, playbook, plan })
        }
        None => Err(Refusal::Invalid(diagnostics)),
    }
}

/// The playbook as a run froze it.
fn playbook_of(frozen: &FrozenRun, diagnostics: &mut Diagnostics) -> Option<Playbook> {
    let source = Source::new(frozen.playbook.name.clone(), frozen.playbook.text.clone());
    let mut playbook = playbook::read(&source, diagnostics)?;
    if let Some(rows) = &mut playbook.rows {
        rows.redact(&frozen.veiled);
    }
    Some(playbook)
}

/// A run as it was frozen, without its credentials: nothing can be sent by it. `None` where it can no longer be read.
pub(crate) fn as_frozen(frozen: &FrozenRun, unmask: bool) -> Option<Revived> {
    let registry = registry(frozen).ok()?;
    let mut diagnostics = Diagnostics::new();
    let playbook = playbook_of(frozen, &mut diagnostics)?;
    let mut plan = bound(frozen, &playbook, &registry, frozen.vars.clone(), &frozen.columns, &mut diagnostics)?;
    if unmask {
        plan.unmask();
    }
    Some(Revived { registry, playbook, plan })
}

/// The same where nothing can be done without it.
///
/// # Errors
/// [`Refusal::Broken`] where this runsheet can no longer read the frozen playbook.
pub(crate) fn readable(frozen: &FrozenRun, unmask: bool) -> Result<Revived, Refusal> {
    as_frozen(frozen, unmask).ok_or_else(|| Refusal::broken("the run's playbook can no longer be read"))
}

/// A playbook bound as a run has it: its environment, its names, its link to an earlier run.
pub(crate) fn bound(
    frozen: &FrozenRun,
    playbook: &Playbook,
    registry: &Registry,
    vars: Map,
    columns: &[String],
    diagnostics: &mut Diagnostics,
) -> Option<Plan> {
    let own = || run_names(&frozen.run_id, frozen.started_at, &frozen.environment.name);
    let binding = Binding {
        playbook,
        registry,
        environment: frozen.environment.clone(),
        vars,
        columns: playbook.rows.as_ref().map(|_| columns),
        run: frozen.link.as_ref().and_then(|link| link.speaks_as.clone()).unwrap_or_else(own),
    };
    let mut plan = bind(binding, diagnostics)?;
    plan.identity = frozen.identity().to_string();
    Some(match &frozen.link {
        Some(link) if link.kind == LinkKind::Undo => undo_plan(plan, registry, link.of.clone()),
        _ => plan,
    })
}

/// The providers as they were when the run began.
fn registry(frozen: &FrozenRun) -> Result<Registry, Refusal> {
    let mut diagnostics = Diagnostics::new();
    Registry::from_files(frozen.providers.clone(), &mut diagnostics).ok_or(Refusal::Invalid(diagnostics))
}

/// The environment as it was, with the literal credentials that no journal holds: those of the sandbox, or of
/// the settings file that the run began with.
fn with_literals(frozen: &FrozenRun, registry: &Registry) -> Result<Environment, Refusal> {
    let mut environment = frozen.environment.clone();
    let literal = |source: &CredentialSource| matches!(source, CredentialSource::Literal(_));
    let held = |connection: &Connection| connection.credentials.values().chain(&connection.proxy).any(literal);
    if !environment.connections.iter().any(held) {
        return Ok(environment);
    }
    let mut now = if environment.is_sandbox() { sandbox::environment() } else { Vec::new() };
    if let Some(path) = &frozen.settings_file {
        match from_settings(path, &environment.name, registry) {
            Ok(found) => now.extend(found),
            // What is built in needs no file.
            Err(_) if environment.is_sandbox() => {}
            Err(failure) => return Err(failure),
        }
    }
    for connection in environment.connections.iter_mut().filter(|connection| held(connection)) {
        let found = now.iter().find(|other| other.name == connection.name);
        let found = found.or_else(|| now.iter().find(|other| other.provider == connection.provider));
        let sources = connection.credentials.iter_mut().map(|(name, source)| (name.as_str(), source));
        for (name, source) in sources.chain(connection.proxy.iter_mut().map(|source| ("proxy", source))) {
            if !matches!(source, CredentialSource::Literal(_)) {
                continue;
            }
            let held = found.and_then(|found| match name {
                "proxy" => found.proxy.as_ref(),
                name => found.credentials.get(name),
            });
            *source = held.cloned().ok_or_else(|| {
                Refusal::Usage(format!(
                    "the credential `{name}` of `{}` stood in the settings as a literal and is no longer there",
                    connection.name
                ))
            })?;
        }
    }
    Ok(environment)
}

/// The connections of an environment as the settings file has them now.
fn from_settings(path: &Path, environment: &str, registry: &Registry) -> Result<Vec<Connection>, Refusal> {
    if !path.is_file() {
        let what = format!("the settings {}, which hold literal credentials of this run", path.display());
        return Err(io::Error::from(io::ErrorKind::NotFound)).doing(what);
    }
    let text = read_text(path, "settings")?;
    let mut diagnostics = Diagnostics::new();
    let settings = Settings::read(path, &text, &mut diagnostics);
    let found = settings.environments(registry, sandbox::environment(), &mut diagnostics);
    if diagnostics.has_errors() {
        return Err(Refusal::Invalid(diagnostics));
    }
    let named = found.into_iter().find(|other| other.name == environment);
    Ok(named.map(|named| named.connections).unwrap_or_default())
}

/// `run.*` of templates.
pub(crate) fn run_names(run_id: &RunId, started_at: Time, environment: &str) -> Map {
    let mut run = Map::new();
    run.insert("id".to_owned(), Value::from(run_id.as_str()));
    run.insert("started_at".to_owned(), Value::from(started_at.to_string()));
    run.insert("environment".to_owned(), Value::from(environment));
    run
}
