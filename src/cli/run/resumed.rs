//! The verb `resume`: a run goes on from its journal, with its own playbook, rows and settings.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

use super::conduct::{Conduct, conduct, place};
use super::confirm::ask_environment;
use super::fresh::{absolute, check_out};
use super::past;
use super::vendors::vendors;
use crate::cli::args::{Common, PaceArgs, ResumeArgs};
use crate::cli::failure::{Ended, Failure};
use crate::cli::options::MaxFail;
use crate::cli::prepare::run_names;
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::cli::state::{self, Known};
use crate::diagnostic::{Diagnostics, Source};
use crate::io::Clock;
use crate::io::journal::{JournalError, RunLock};
use crate::plan::{Binding, Environment, Plan, bind};
use crate::playbook;
use crate::provider::{Connection, CredentialSource, Registry};
use crate::runner::FrozenRun;
use crate::sandbox::{self, Faults};

/// Runs `resume RUN`.
pub(crate) fn resume(args: &ResumeArgs, common: &Common, screen: Screen) -> Ended {
    let Known { folder, mut frozen, reader } = state::find(&state::folder(common)?, &args.run)?;
    let _lock = RunLock::take(folder.path()).map_err(|error| match error {
        JournalError::Locked { holder } => {
            Failure::Conflict(format!("the run {} is under way: {holder} drives it", frozen.run_id))
        }
        other => Failure::Broken(anyhow::Error::new(other).context("the run's folder cannot be written to")),
    })?;
    let total = reader.row_count().context("the journal")?;
    let ended: u64 = reader.ended_counts().context("the journal")?.iter().map(|(_, count)| count).sum();
    drop(reader);
    check_out(args.pace.out.as_deref())?;
    set_pace(&mut frozen, &args.pace);
    let registry = registry(&frozen)?;
    frozen.environment = with_literals(&frozen, &registry)?;
    let plan = plan(&frozen, &registry)?;
    ask_environment(&plan, &format!("{} rows", total.saturating_sub(ended)), &args.pace, screen)?;
    let faults = frozen.faults.as_deref().map(Faults::parse).transpose().map_err(Failure::Usage)?;
    let vendors = vendors(&plan, &registry, folder.path(), faults)?;
    screen.talk(&opening_line(&frozen, &plan, total, ended));
    let past = if frozen.again { None } else { past::open(&folder, &plan, &[], screen) };
    conduct(Conduct { frozen, plan: Arc::new(plan), folder, vendors, clock: Clock::start(), past }, screen)
}

/// The run keeps its options; some may be given anew.
fn set_pace(frozen: &mut FrozenRun, pace: &PaceArgs) {
    frozen.limits.in_flight = pace.in_flight.or(frozen.limits.in_flight);
    frozen.limits.rate = pace.rate.or(frozen.limits.rate);
    match pace.max_fail {
        Some(MaxFail::Rows(rows)) => frozen.stop_rules.failed = Some(rows),
        Some(MaxFail::Ratio(ratio)) => frozen.stop_rules.failed_ratio = Some(ratio),
        None => {}
    }
    if let Some(out) = &pace.out {
        frozen.out = Some(absolute(out.clone()));
    }
}

/// The providers as they were when the run began.
fn registry(frozen: &FrozenRun) -> Result<Registry, Failure> {
    let mut diagnostics = Diagnostics::new();
    Registry::from_files(frozen.providers.clone(), &mut diagnostics).ok_or(Failure::Invalid(diagnostics))
}

/// The environment as it was, with the literal credentials that no journal holds: those of the sandbox, or of
/// the settings file that the run began with.
fn with_literals(frozen: &FrozenRun, registry: &Registry) -> Result<Environment, Failure> {
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
                Failure::Usage(format!(
                    "the credential `{name}` of `{}` stood in the settings as a literal and is no longer there",
                    connection.name
                ))
            })?;
        }
    }
    Ok(environment)
}

/// The connections of an environment as the settings file has them now.
fn from_settings(path: &Path, environment: &str, registry: &Registry) -> Result<Vec<Connection>, Failure> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("the settings {}, which hold literal credentials of this run", path.display()))?;
    let mut diagnostics = Diagnostics::new();
    let settings = Settings::read(path, &text, &mut diagnostics);
    let found = settings.environments(registry, sandbox::environment(), &mut diagnostics);
    if diagnostics.has_errors() {
        return Err(Failure::Invalid(diagnostics));
    }
    let named = found.into_iter().find(|other| other.name == environment);
    Ok(named.map(|named| named.connections).unwrap_or_default())
}

/// The plan as it was bound when the run began.
fn plan(frozen: &FrozenRun, registry: &Registry) -> Result<Plan, Failure> {
    let mut diagnostics = Diagnostics::new();
    let source = Source::new(frozen.playbook.name.clone(), frozen.playbook.text.clone());
    let bound = playbook::read(&source, &mut diagnostics).and_then(|playbook| {
        let binding = Binding {
            playbook: &playbook,
            registry,
            environment: frozen.environment.clone(),
            vars: frozen.vars.clone(),
            columns: playbook.rows.as_ref().map(|_| frozen.columns.as_slice()),
            run: run_names(&frozen.run_id, frozen.started_at, &frozen.environment.name),
        };
        bind(binding, &mut diagnostics)
    });
    bound.ok_or(Failure::Invalid(diagnostics))
}

/// The first line: which run, how far it is, where to.
fn opening_line(frozen: &FrozenRun, plan: &Plan, total: u64, ended: u64) -> String {
    format!("Run {} goes on: {}, {ended} of {total} rows have ended, {}", frozen.run_id, plan.name, place(plan, "is"))
}
