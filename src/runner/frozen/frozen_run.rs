//! The description of a run in its journal: enough to resume it on this machine whatever happens to its files.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::io::journal::{JournalError, Reader, SUCCESSORS, Store};
use crate::model::{Limits, Map, RunId, Time, Value};
use crate::plan::Plan;
use crate::playbook::{RunBounds, SendWindow, StopWhen, Waves};
use crate::provider::ProviderFile;
use crate::rows::Dialect;
use crate::settings::Environment;

/// The name of the run in the journal's named values.
const RUN: &str = "run";

/// The text of a file at the beginning of the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenText {
    /// The file's name in messages.
    pub name: String,
    /// The text.
    pub text: String,
}

/// A run without its rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FrozenRun {
    /// Its id.
    pub run_id: RunId,
    /// When it began.
    pub started_at: Time,
    /// The seed of its randomness.
    pub seed: u64,
    /// The version of runsheet that began it.
    pub runsheet: String,
    /// The playbook.
    pub playbook: FrozenText,
    /// The provider files.
    pub providers: Vec<ProviderFile>,
    /// The environment, with the sources of its credentials but without the credentials.
    pub environment: Environment,
    /// The settings file, for literal credentials in it; `None` if there is none.
    pub settings_file: Option<PathBuf>,
    /// The variables' values.
    pub vars: Map,
    /// Its own limits.
    pub limits: Limits,
    /// Its stop rules.
    pub stop_rules: StopWhen,
    /// Its waves; `None` if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waves: Option<Waves>,
    /// Its effect budget: the most effects of each kind.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub budget: BTreeMap<String, u64>,
    /// When it may send; `None` if always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<SendWindow>,
    /// The row file's format; `None` if it has no row file.
    pub dialect: Option<Dialect>,
    /// The row file's name, as it is shown.
    pub rows_name: Option<String>,
    /// The row file's columns.
    pub columns: Vec<String>,
    /// Columns to mask in addition to the playbook's own: those that are sensitive in the run whose rows it takes.
    #[serde(rename = "veiled", default, skip_serializing_if = "Vec::is_empty")]
    pub redacted_columns: Vec<String>,
    /// Where the row files are written; `None` for the run's folder.
    pub out: Option<PathBuf>,
    /// The warnings about its files before it began, as [`crate::diagnostic::Diagnostic::to_json`] writes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Value>,
    /// The calls of each operation that its rows will make, without those of earlier runs; empty if they were not counted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub expected_calls: BTreeMap<String, u64>,
    /// The faults of its sandbox; `None` if it has none.
    pub faults: Option<String>,
    /// Whether it may make effects of other runs again.
    #[serde(default)]
    pub again: bool,
    /// The earlier run that it retries or undoes; `None` if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
}

/// What a run does with the earlier run that it is linked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// Does what the earlier run did not finish.
    Retry,
    /// Undoes what the earlier run did.
    Undo,
}

/// The link from a run to an earlier run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What it does with the earlier run.
    pub kind: LinkKind,
    /// The earlier run.
    pub of: RunId,
    /// What `run.…` means in the templates of an undo: the values of the run that it takes back, so that texts and ids
    /// come out the same. `None` where it means this run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaks_as: Option<Map>,
    /// All earlier runs of the chain, the nearest first.
    pub lineage: Vec<RunId>,
}

impl FrozenRun {
    /// A run of a plan, without rows, files or options.
    #[must_use]
    pub fn of_plan(plan: &Plan, run_id: RunId, started_at: Time, seed: u64) -> Self {
        Self {
            run_id,
            started_at,
            seed,
            runsheet: env!("CARGO_PKG_VERSION").to_owned(),
            playbook: FrozenText { name: plan.source.name().to_owned(), text: plan.source.text().to_owned() },
            providers: Vec::new(),
            environment: plan.environment.clone(),
            settings_file: None,
            vars: plan.vars.clone(),
            limits: plan.limits,
            stop_rules: plan.bounds.stop_when,
            waves: plan.bounds.waves.clone(),
            budget: plan.bounds.budget.clone(),
            window: plan.bounds.window.clone(),
            dialect: None,
            rows_name: None,
            columns: Vec::new(),
            redacted_columns: Vec::new(),
            warnings: Vec::new(),
            expected_calls: BTreeMap::new(),
            out: None,
            faults: None,
            again: false,
            link: None,
        }
    }

    /// The run that it retries; `None` if it is not a retry.
    #[must_use]
    pub fn retry_of(&self) -> Option<RunId> {
        self.link.as_ref().filter(|link| link.kind == LinkKind::Retry).map(|link| link.of.clone())
    }

    /// The run as its journal stores it: warnings that were unmasked for the screen are left out.
    #[must_use]
    pub fn for_journal(&self, unmasked: bool) -> Cow<'_, Self> {
        match unmasked {
            true => Cow::Owned(Self { warnings: Vec::new(), ..self.clone() }),
            false => Cow::Borrowed(self),
        }
    }

    /// Its bounds: stop rules, waves, effect budget, send window.
    #[must_use]
    pub fn bounds(&self) -> RunBounds {
        let (waves, budget, window) = (self.waves.clone(), self.budget.clone(), self.window.clone());
        RunBounds { stop_when: self.stop_rules, waves, budget, window }
    }

    /// Replaces its bounds.
    pub fn set_bounds(&mut self, bounds: RunBounds) {
        let RunBounds { stop_when, waves, budget, window } = bounds;
        (self.stop_rules, self.waves, self.budget, self.window) = (stop_when, waves, budget, window);
    }

    /// Writes the run into its journal. A journal without it belongs to a run that never began.
    ///
    /// # Errors
    /// [`JournalError::NotStorable`] if it could not be read again: such a run does not begin, because nobody could resume
    /// it. Otherwise a [`JournalError`] if the journal cannot be written.
    pub fn write(&self, store: &mut Store) -> Result<(), JournalError> {
        let not_storable = |error: serde_json::Error| JournalError::NotStorable(error.to_string());
        let value = serde_json::to_value(self).map_err(not_storable)?;
        Self::deserialize(&value).map_err(not_storable)?;
        store.set_environment(&self.environment.name)?;
        store.set_meta(RUN, &value)
    }

    /// Records in a run's journal that a later run was made from it.
    ///
    /// # Errors
    /// [`JournalError`] if the journal cannot be read or written.
    pub fn add_successor(store: &mut Store, reader: &Reader, run: &RunId) -> Result<(), JournalError> {
        let mut all = Self::successors(reader)?;
        all.push(run.clone());
        let value = serde_json::to_value(all).map_err(|error| JournalError::Damaged(error.to_string()))?;
        store.set_meta(SUCCESSORS, &value)
    }

    /// The later runs that were made from a run, oldest first.
    ///
    /// # Errors
    /// [`JournalError`] if the journal cannot be read.
    pub fn successors(reader: &Reader) -> Result<Vec<RunId>, JournalError> {
        let Some(value) = reader.meta(SUCCESSORS)? else { return Ok(Vec::new()) };
        serde_json::from_value(value).map_err(|error| JournalError::Damaged(format!("the later runs: {error}")))
    }

    /// The earlier runs whose facts this one continues, the nearest first.
    #[must_use]
    pub fn lineage(&self) -> &[RunId] {
        self.link.as_ref().map(|link| link.lineage.as_slice()).unwrap_or_default()
    }

    /// The first run of the chain, from which `uuid` in templates derives its ids.
    #[must_use]
    pub fn identity(&self) -> &RunId {
        self.lineage().last().unwrap_or(&self.run_id)
    }

    /// A new run that equals this one except for its id and seed, which are made from `random`.
    #[must_use]
    pub fn with_new_id(&self, started_at: Time, random: u128) -> Self {
        #[allow(clippy::cast_possible_truncation)]
        let (name, seed) = ((random >> 64) as u32, random as u64);
        let runsheet = env!("CARGO_PKG_VERSION").to_owned();
        let run_id = RunId::new(started_at, name);
        Self { run_id, started_at, seed, runsheet, warnings: Vec::new(), ..self.clone() }
    }

    /// The link to this run for a run that is made from it.
    #[must_use]
    pub fn linked(&self, kind: LinkKind, speaks_as: Option<Map>) -> Link {
        let lineage = std::iter::once(&self.run_id).chain(self.lineage()).cloned().collect();
        Link { kind, of: self.run_id.clone(), speaks_as, lineage }
    }

    /// Reads the run from its journal; `None` if it never began.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] if it was changed; [`JournalError::Sqlite`] if the journal cannot be read.
    pub fn find(reader: &Reader) -> Result<Option<Self>, JournalError> {
        let Some(value) = reader.meta(RUN)? else { return Ok(None) };
        let read = serde_json::from_value(value);
        read.map(Some).map_err(|error| JournalError::Damaged(format!("the run: {error}")))
    }
}
