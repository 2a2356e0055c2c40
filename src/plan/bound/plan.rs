//! The bound plan: everything that a run needs to know but its rows.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::rate_bucket::RateBucketPlan;
use super::sensitive_names::SensitiveNames;
use super::step::{BoundStep, each_template_of_step};
use super::tree::{BoundTree, with_spans};
use crate::diagnostic::{Source, Span};
use crate::model::{Limits, Map, RunId, Scope, words};
use crate::playbook::RunBounds;
use crate::provider::{Connection, host};
use crate::settings::Environment;
use crate::template::{Template, Templates};

/// What stands for the host of a connection that leaves it to its steps.
const ANY: &str = "any host that a step names";

words! {
    /// Which list of steps.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum BoundList {
        /// Once, ahead of the rows.
        Before = "before",
        /// For every row.
        Steps = "steps",
        /// Once, when the rows are done.
        After = "after",
    }
}

/// Everything a run needs to know but its rows.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The playbook's text.
    pub source: Arc<Source>,
    /// The playbook's name.
    pub name: String,
    /// The compiled templates.
    pub templates: Arc<Templates>,
    /// What people must not see.
    pub sensitive: SensitiveNames,
    /// Where it sends.
    pub environment: Environment,
    /// The environment's connections.
    pub connections: Vec<Arc<Connection>>,
    /// The budgets that calls share.
    pub rate_buckets: Vec<RateBucketPlan>,
    /// The variables' values.
    pub vars: Map,
    /// Steps ahead of the rows.
    pub before: Vec<BoundStep>,
    /// Steps of each row.
    pub steps: Vec<BoundStep>,
    /// Steps after the rows.
    pub after: Vec<BoundStep>,
    /// Extra columns of the row files.
    pub results: Vec<(String, BoundTree)>,
    /// The run's own limits.
    pub limits: Limits,
    /// What bounds its damage.
    pub bounds: RunBounds,
    /// Where the words of its budget stand in the playbook.
    pub effect_budget_places: BTreeMap<String, Span>,
    /// Whether the playbook has rows at all.
    pub has_rows: bool,
    /// `run.*` of templates: id, start, environment.
    pub run: Map,
    /// The id that `uuid` makes its ids from: the run's own, or in a retry that of the first run.
    pub identity: String,
    /// The run whose effects are taken back, where that is what the run is for.
    pub undoing: Option<RunId>,
}

impl BoundList {
    /// The list that a scope's steps stand in.
    #[must_use]
    pub fn of(scope: Scope) -> Self {
        match scope {
            Scope::Before => Self::Before,
            Scope::Row(_) | Scope::Run => Self::Steps,
            Scope::After => Self::After,
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

    /// The shortest time that a call over a connection may take; `None` where no step uses the connection.
    #[must_use]
    pub fn shortest_timeout(&self, connection: usize) -> Option<Duration> {
        let steps = self.before.iter().chain(&self.steps).chain(&self.after);
        let calls = steps.flat_map(|step| std::iter::once(&step.call).chain(&step.rollback));
        calls.filter(|call| call.connection == connection).map(|call| call.timeout).min()
    }

    /// The name and the host of every connection over which something is sent, in the order of the settings; empty for
    /// the sandbox, whose calls stay inside the process.
    #[must_use]
    pub fn hosts(&self) -> Vec<(String, String)> {
        if self.environment.is_sandbox() {
            return Vec::new();
        }
        let steps = || self.before.iter().chain(&self.steps).chain(&self.after);
        let calls = || steps().flat_map(|step| std::iter::once(&step.call).chain(&step.rollback));
        let connections = self.connections.iter().enumerate();
        let used = connections.filter_map(|(place, connection)| {
            let call = calls().find(|call| call.connection == place)?;
            let base = connection.base_url.as_deref().or(call.operation.provider.base_url.as_deref());
            Some((connection.name.clone(), base.and_then(host).unwrap_or_else(|| ANY.to_owned())))
        });
        used.collect()
    }
}

/// Calls `each` with every template, where it stands, and whether rows are known there.
pub(in crate::plan) fn each_template_of_plan(plan: &Plan, each: &mut dyn FnMut(&Template, Span, bool)) {
    for (steps, rows) in [(&plan.before, false), (&plan.steps, plan.has_rows), (&plan.after, false)] {
        for step in steps {
            each_template_of_step(step, &mut |template, span| each(template, span, rows));
        }
    }
    for (_, tree) in &plan.results {
        with_spans(tree, &mut |template, span| each(template, span, plan.has_rows));
    }
}
