//! The plan: everything that a run needs to know except its rows.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::rate_bucket::RateBucketPlan;
use super::sensitive_names::SensitiveNames;
use super::step::{BoundStep, each_template_of_step};
use super::tree::{BoundTree, with_spans};
use crate::diagnostic::{Source, Span};
use crate::model::{Limits, Map, RunId, StepScope, words};
use crate::playbook::RunBounds;
use crate::provider::{Connection, host};
use crate::settings::Environment;
use crate::template::{Template, Templates};

/// Shown instead of a host for a connection whose steps give the whole address.
const ANY: &str = "any host that a step names";

words! {
    /// One of the three lists of steps of a playbook.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum BoundList {
        /// Runs once, before the rows.
        Before = "before",
        /// Runs for every row.
        Steps = "steps",
        /// Runs once, after the rows.
        After = "after",
    }
}

/// Everything that a run needs to know except its rows.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The playbook's text.
    pub source: Arc<Source>,
    /// The playbook's name.
    pub name: String,
    /// The compiled templates.
    pub templates: Arc<Templates>,
    /// The names that are marked `sensitive`.
    pub sensitive: SensitiveNames,
    /// The environment that it sends to.
    pub environment: Environment,
    /// The connections of the environment.
    pub connections: Vec<Arc<Connection>>,
    /// The rate limits, one for each account and operation; calls refer to them by index.
    pub rate_buckets: Vec<RateBucketPlan>,
    /// The values of the variables.
    pub vars: Map,
    /// Steps that run once, before the rows.
    pub before: Vec<BoundStep>,
    /// Steps that run for every row.
    pub steps: Vec<BoundStep>,
    /// Steps that run once, after the rows.
    pub after: Vec<BoundStep>,
    /// The result columns with their values.
    pub results: Vec<(String, BoundTree)>,
    /// The limits of the run that the playbook declares, whatever its options say.
    pub declared_limits: Limits,
    /// The limits that the playbook sets for the whole run.
    pub limits: Limits,
    /// The bounds of a run: waves, stop rules, effect budgets.
    pub bounds: RunBounds,
    /// The place of each word of the effect budget in the playbook.
    pub effect_budget_places: BTreeMap<String, Span>,
    /// Whether the playbook has rows; otherwise its steps run once.
    pub has_rows: bool,
    /// The values of `run.*` in templates: id, start, environment.
    pub run: Map,
    /// The run id that the `uuid` helper derives its ids from: the run's own; in a retry, that of the first run.
    pub identity: String,
    /// The run whose effects this run undoes; `None` unless it is an undo.
    pub undoing: Option<RunId>,
}

impl BoundList {
    /// The list of steps of a scope.
    #[must_use]
    pub fn of(scope: StepScope) -> Self {
        match scope {
            StepScope::Before => Self::Before,
            StepScope::Row(_) | StepScope::Run => Self::Steps,
            StepScope::After => Self::After,
        }
    }
}

impl Plan {
    /// The steps of a list.
    #[must_use]
    pub fn list(&self, list: BoundList) -> &[BoundStep] {
        match list {
            BoundList::Before => &self.before,
            BoundList::Steps => &self.steps,
            BoundList::After => &self.after,
        }
    }

    /// The shortest timeout of the calls on a connection; `None` if no step uses it.
    #[must_use]
    pub fn shortest_timeout(&self, connection: usize) -> Option<Duration> {
        let steps = self.before.iter().chain(&self.steps).chain(&self.after);
        let calls = steps.flat_map(|step| std::iter::once(&step.call).chain(&step.rollback));
        calls.filter(|call| call.connection == connection).map(|call| call.timeout).min()
    }

    /// The name and host of every connection that a step uses, in the order of the settings; empty for the sandbox,
    /// whose calls stay inside the process.
    #[must_use]
    pub fn hosts(&self) -> Vec<(String, String)> {
        if self.environment.is_sandbox() {
            return Vec::new();
        }
        let steps = || self.before.iter().chain(&self.steps).chain(&self.after);
        let calls = || steps().flat_map(|step| std::iter::once(&step.call).chain(&step.rollback));
        let connections = self.connections.iter().enumerate();
        let used = connections.filter_map(|(place, connection)| {
            calls().find(|call| call.connection == place)?;
            Some((connection.name.clone(), self.host_of(place).unwrap_or_else(|| ANY.to_owned())))
        });
        used.collect()
    }

    /// The host that the calls on a connection go to; `None` if each step names its own, or no step uses it.
    #[must_use]
    pub fn host_of(&self, place: usize) -> Option<String> {
        let steps = self.before.iter().chain(&self.steps).chain(&self.after);
        let mut calls = steps.flat_map(|step| std::iter::once(&step.call).chain(&step.rollback));
        let call = calls.find(|call| call.connection == place)?;
        let base = self.connections[place].base_url.as_deref().or(call.operation.provider.base_url.as_deref());
        base.and_then(host)
    }
}

/// Calls `each` with every template and its place.
pub(super) fn each_template_of_plan(plan: &Plan, each: &mut dyn FnMut(&Template, Span)) {
    for step in plan.before.iter().chain(&plan.steps).chain(&plan.after) {
        each_template_of_step(step, each);
    }
    for (_, tree) in &plan.results {
        with_spans(tree, each);
    }
}
