//! What a run is, frozen into its journal: enough to go on with it on this machine whatever happens to the files.

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

/// The name under which a run is kept in its journal.
const RUN: &str = "run";

/// A file's text as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenText {
    /// The name as it is shown in messages.
    pub name: String,
    /// The text.
    pub text: String,
}

/// A run without its rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FrozenRun {
    /// Its id.
    pub run_id: RunId,
    /// When it was started.
    pub started_at: Time,
    /// The seed of all its randomness.
    pub seed: u64,
    /// The version that started it.
    pub runsheet: String,
    /// The playbook.
    pub playbook: FrozenText,
    /// The provider files.
    pub providers: Vec<ProviderFile>,
    /// Where it sends; credentials by where they come from.
    pub environment: Environment,
    /// The settings file, for credentials that stand in it literally.
    pub settings_file: Option<PathBuf>,
    /// The variables' values.
    pub vars: Map,
    /// Its own limits.
    pub limits: Limits,
    /// When it stops by itself.
    pub stop_rules: StopWhen,
    /// Its waves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waves: Option<Waves>,
    /// How many effects of a kind it may make.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub budget: BTreeMap<String, u64>,
    /// When it sends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<SendWindow>,
    /// How the row file is written.
    pub dialect: Option<Dialect>,
    /// The row file's name, for people.
    pub rows_name: Option<String>,
    /// The row file's columns.
    pub columns: Vec<String>,
    /// Heads of columns whose cells people must not see although the playbook does not say so: those that the run
    /// whose rows it takes has marked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub veiled: Vec<String>,
    /// Where the row files go, where that is not the run's folder.
    pub out: Option<PathBuf>,
    /// What was said of its files before it began, as [`crate::diagnostic::Diagnostic::to_json`] puts it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Value>,
    /// The trouble that its sandbox makes.
    pub faults: Option<String>,
    /// Whether it may make again what other runs have made.
    #[serde(default)]
    pub again: bool,
    /// The earlier run that it belongs to, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
}

/// What a linked run is to the run it was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// It does what is missing.
    Retry,
    /// It takes back what that run did.
    Undo,
}

/// The earlier run that a linked run belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What it is to that run.
    pub kind: LinkKind,
    /// That run.
    pub of: RunId,
    /// The names that its templates see, where they are not its own: an undo speaks as the run that it takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaks_as: Option<Map>,
    /// All earlier runs, the nearest first.
    pub lineage: Vec<RunId>,
}

impl FrozenRun {
    /// A run of a plan, as far as the plan tells: without rows, files or options of its own.
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
            veiled: Vec::new(),
            warnings: Vec::new(),
            out: None,
            faults: None,
            again: false,
            link: None,
        }
    }

    /// The run whose missing work it does.
    #[must_use]
    pub fn retry_of(&self) -> Option<RunId> {
        self.link.as_ref().filter(|link| link.kind == LinkKind::Retry).map(|link| link.of.clone())
    }

    /// The run as a journal keeps it: what was unmasked for the screen is not kept.
    #[must_use]
    pub fn written(&self, unmasked: bool) -> Cow<'_, Self> {
        match unmasked {
            true => Cow::Owned(Self { warnings: Vec::new(), ..self.clone() }),
            false => Cow::Borrowed(self),
        }
    }

    /// What bounds its damage.
    #[must_use]
    pub fn bounds(&self) -> RunBounds {
        let (waves, budget, window) = (self.waves.clone(), self.budget.clone(), self.window.clone());
        RunBounds { stop_when: self.stop_rules, waves, budget, window }
    }

    /// Gives it other bounds.
    pub fn set_bounds(&mut self, bounds: RunBounds) {
        let RunBounds { stop_when, waves, budget, window } = bounds;
        (self.stop_rules, self.waves, self.budget, self.window) = (stop_when, waves, budget, window);
    }

    /// Keeps the run in its journal. A journal without it is of a run that never began.
    ///
    /// # Errors
    /// The disk's trouble.
    pub fn write(&self, store: &mut Store) -> Result<(), JournalError> {
        let value = serde_json::to_value(self).map_err(|error| JournalError::Damaged(error.to_string()))?;
        store.set_environment(&self.environment.name)?;
        store.set_meta(RUN, &value)
    }

    /// Notes in a run's journal that a later run was made from it.
    ///
    /// # Errors
    /// The disk's trouble.
    pub fn add_successor(store: &mut Store, reader: &Reader, run: &RunId) -> Result<(), JournalError> {
        let mut all = Self::successors(reader)?;
        all.push(run.clone());
        let value = serde_json::to_value(all).map_err(|error| JournalError::Damaged(error.to_string()))?;
        store.set_meta(SUCCESSORS, &value)
    }

    /// The later runs that were made from a run, oldest first.
    ///
    /// # Errors
    /// The disk's trouble.
    pub fn successors(reader: &Reader) -> Result<Vec<RunId>, JournalError> {
        let Some(value) = reader.meta(SUCCESSORS)? else { return Ok(Vec::new()) };
        serde_json::from_value(value).map_err(|error| JournalError::Damaged(format!("the later runs: {error}")))
    }

    /// The runs whose facts this one carries on, the nearest first.
    #[must_use]
    pub fn lineage(&self) -> &[RunId] {
        self.link.as_ref().map(|link| link.lineage.as_slice()).unwrap_or_default()
    }

    /// The run from which `uuid` makes its ids: the first of all.
    #[must_use]
    pub fn identity(&self) -> &RunId {
        self.lineage().last().unwrap_or(&self.run_id)
    }

    /// A run made from this one, with a name and dice of its own and all else as it was. `random` makes both.
    #[must_use]
    pub fn anew(&self, started_at: Time, random: u128) -> Self {
        #[allow(clippy::cast_possible_truncation)]
        let (name, seed) = ((random >> 64) as u32, random as u64);
        let runsheet = env!("CARGO_PKG_VERSION").to_owned();
        let run_id = RunId::new(started_at, name);
        Self { run_id, started_at, seed, runsheet, warnings: Vec::new(), ..self.clone() }
    }

    /// The link of a run that is made from this one.
    #[must_use]
    pub fn linked(&self, kind: LinkKind, speaks_as: Option<Map>) -> Link {
        let lineage = std::iter::once(&self.run_id).chain(self.lineage()).cloned().collect();
        Link { kind, of: self.run_id.clone(), speaks_as, lineage }
    }

    /// Reads the run from its journal; `None` where it never began.
    ///
    /// # Errors
    /// The disk's trouble, or [`JournalError::Damaged`].
    pub fn find(reader: &Reader) -> Result<Option<Self>, JournalError> {
        let Some(value) = reader.meta(RUN)? else { return Ok(None) };
        let read = serde_json::from_value(value);
        read.map(Some).map_err(|error| JournalError::Damaged(format!("the run: {error}")))
    }
}
