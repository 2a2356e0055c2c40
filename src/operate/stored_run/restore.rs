//! Restores a run from its journal: its providers, its playbook, its plan, and the credentials that the journal does not
//! hold.

use std::io;
use std::path::Path;

use crate::diagnostic::{Diagnostics, Source};
use crate::io::journal::{JournalError, Reserve, RunLock};
use crate::model::{Map, RunId, Time, Value};
use crate::operate::files::read_text;
use crate::operate::interface::{MachineFailure, OrRefuse, Refusal};
use crate::plan::{Binding, Plan, bind, undo_plan};
use crate::playbook::{self, Playbook};
use crate::provider::{Connection, CredentialSource, Registry};
use crate::runner::{FrozenRun, LinkKind, RunFolder};
use crate::sandbox;
use crate::settings::{Environment, Settings};

/// What a run is made of, restored from its journal.
pub(crate) struct RestoredRun {
    /// Its providers.
    pub(crate) registry: Registry,
    /// Its playbook.
    pub(crate) playbook: Playbook,
    /// Its plan.
    pub(crate) plan: Plan,
}

/// Locks the run for this process, and appends to its journal the entries that were kept beside it when the run broke off.
///
/// # Errors
/// [`Refusal::Conflict`] where another process drives it; [`Refusal::Broken`] where its folder cannot be locked or its
/// journal cannot be written.
pub(crate) fn lock_run(folder: &RunFolder, frozen: &FrozenRun) -> Result<RunLock, Refusal> {
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
        | JournalError::NotStorable(_)
        | JournalError::Mark(_)
        | JournalError::NotOurs(_)
        | JournalError::Gone(_)) => {
            Refusal::Broken(MachineFailure::during("the run's folder cannot be written to", other))
        }
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

/// Restores a run so that it can send: its environment gets the literal credentials of the settings. `unmask` shows
/// sensitive values.
///
/// # Errors
/// [`Refusal::Usage`] where a literal credential is no longer in the settings; [`Refusal::Invalid`] where providers, settings
/// or the playbook are wrong; [`Refusal::Broken`] where the settings file is gone.
pub(crate) fn restore(frozen: &mut FrozenRun, unmask: bool) -> Result<RestoredRun, Refusal> {
    let registry = registry(frozen)?;
    frozen.environment = with_literal_credentials(frozen, &registry)?;
    let mut diagnostics = Diagnostics::new();
    let Some(playbook) = playbook_of(frozen, &mut diagnostics) else {
        return Err(Refusal::Invalid(diagnostics));
    };
    match bind_frozen(frozen, &playbook, &registry, frozen.vars.clone(), &frozen.columns, &mut diagnostics) {
        Some(mut plan) => {
            if unmask {
                plan.unmask();
            }
            Ok(RestoredRun { registry, playbook, plan })
        }
        None => Err(Refusal::Invalid(diagnostics)),
    }
}

/// Reads the frozen playbook; `None` where it is wrong, with the reasons in `diagnostics`.
fn playbook_of(frozen: &FrozenRun, diagnostics: &mut Diagnostics) -> Option<Playbook> {
    let source = Source::new(frozen.playbook.name.clone(), frozen.playbook.text.clone());
    let mut playbook = playbook::read(&source, diagnostics)?;
    if let Some(rows) = &mut playbook.rows {
        rows.redact(&frozen.redacted_columns);
    }
    Some(playbook)
}

/// Restores a run without its credentials, so that nothing can be sent. `None` where this version can no longer read it.
pub(crate) fn restore_for_reading(frozen: &FrozenRun, unmask: bool) -> Option<RestoredRun> {
    let registry = registry(frozen).ok()?;
    let mut diagnostics = Diagnostics::new();
    let playbook = playbook_of(frozen, &mut diagnostics)?;
    let mut plan = bind_frozen(frozen, &playbook, &registry, frozen.vars.clone(), &frozen.columns, &mut diagnostics)?;
    if unmask {
        plan.unmask();
    }
    Some(RestoredRun { registry, playbook, plan })
}

/// Like [`restore_for_reading`], for use cases that cannot do without the run.
///
/// # Errors
/// [`Refusal::Broken`] where this version can no longer read the frozen playbook.
pub(crate) fn restore_for_reading_or_refuse(frozen: &FrozenRun, unmask: bool) -> Result<RestoredRun, Refusal> {
    restore_for_reading(frozen, unmask).ok_or_else(|| Refusal::broken("the run's playbook can no longer be read"))
}

/// Binds a playbook with the environment and the link of a frozen run; `None` where it is wrong, with the reasons in
/// `diagnostics`.
pub(crate) fn bind_frozen(
    frozen: &FrozenRun,
    playbook: &Playbook,
    registry: &Registry,
    vars: Map,
    columns: &[String],
    diagnostics: &mut Diagnostics,
) -> Option<Plan> {
    let own = || run_values(&frozen.run_id, frozen.started_at, &frozen.environment.name);
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

/// The frozen environment with the literal credentials, which no journal holds: those of the sandbox, or those of the settings
/// file that the run began with.
fn with_literal_credentials(frozen: &FrozenRun, registry: &Registry) -> Result<Environment, Refusal> {
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
            // The sandbox is built in and needs no file.
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

/// Reads the connections of an environment from the settings file.
fn from_settings(path: &Path, environment: &str, registry: &Registry) -> Result<Vec<Connection>, Refusal> {
    if !path.is_file() {
        let what = format!("the settings {}, which hold literal credentials of this run", path.display());
        return Err(io::Error::from(io::ErrorKind::NotFound)).or_refuse(what);
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

/// The values of `run.*` in templates.
pub(crate) fn run_values(run_id: &RunId, started_at: Time, environment: &str) -> Map {
    let mut run = Map::new();
    run.insert("id".to_owned(), Value::from(run_id.as_str()));
    run.insert("started_at".to_owned(), Value::from(started_at.to_string()));
    run.insert("environment".to_owned(), Value::from(environment));
    run
}
