//! The bound plan: every step with its operation, its connection and its compiled inputs.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::budget::BudgetPlan;
use super::sensitive::Sensitive;
use crate::diagnostic::{Source, Span};
use crate::model::{Limits, Map, Repeat, RunId, StepScope, Value, words};
use crate::playbook::{Bounds, OnFailure, Retry, Until};
use crate::provider::{Connection, Operation};
use crate::settings::Environment;
use crate::template::{Template, Templates};

/// A value with templates inside, its literals already of the type their place wants.
#[derive(Debug, Clone)]
pub enum BoundTree {
    /// Known now.
    Constant(Value, Span),
    /// Rendered per row.
    Template(Template, Span),
    /// A list.
    List(Vec<BoundTree>),
    /// An object.
    Map(Vec<(String, BoundTree)>),
    /// One element of the surrounding list per element of a list.
    Each(Template, Box<BoundTree>, Span),
}

/// A call: operation, connection, inputs.
#[derive(Debug, Clone)]
pub struct BoundCall {
    /// The operation.
    pub operation: Arc<Operation>,
    /// The connection's place in [`Plan::connections`].
    pub connection: usize,
    /// The budget's place in [`Plan::budgets`].
    pub budget: usize,
    /// The inputs.
    pub with: BoundTree,
    /// Settings of the connection that this step overrides.
    pub settings: BoundTree,
    /// The connection's settings under these, where they are the same for all rows.
    pub settled: Option<Arc<Map>>,
    /// How long a call may take.
    pub timeout: Duration,
    /// What the step says may follow a lost answer, where the operation leaves that open.
    pub repeat: Option<Repeat>,
    /// The operation whose `undo` gives the inputs, where `with` does not.
    pub undoes: Option<Arc<Operation>>,
    /// The read that settles doubts, with its budget.
    pub lookup: Option<(Arc<Operation>, usize)>,
    /// Where it stands in the playbook.
    pub span: Span,
}

/// A step with everything looked up.
#[derive(Debug, Clone)]
pub struct BoundStep {
    /// Its id.
    pub id: String,
    /// Its call.
    pub call: BoundCall,
    /// Whether it is wanted.
    pub when: Option<(Template, Span)>,
    /// Its elements.
    pub for_each: Option<(Template, Span)>,
    /// What a read is repeated for.
    pub until: Option<Until>,
    /// What must hold afterwards.
    pub expect: Vec<(Template, Span)>,
    /// What its failure means.
    pub on_failure: OnFailure,
    /// How it is taken back.
    pub rollback: Option<BoundCall>,
    /// How its calls are sent again.
    pub retry: Retry,
    /// Whether a template uses its whole answer.
    pub body_used: bool,
    /// Where it stands in the playbook.
    pub span: Span,
}

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
    pub sensitive: Sensitive,
    /// Where it sends.
    pub environment: Environment,
    /// The environment's connections.
    pub connections: Vec<Arc<Connection>>,
    /// The budgets that calls share.
    pub budgets: Vec<BudgetPlan>,
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
    pub bounds: Bounds,
    /// Where the words of its budget stand in the playbook.
    pub budget_places: BTreeMap<String, Span>,
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

    /// The shortest time that a call over a connection may take; `None` where no step uses the connection.
    #[must_use]
    pub fn shortest_timeout(&self, connection: usize) -> Option<Duration> {
        let steps = self.before.iter().chain(&self.steps).chain(&self.after);
        let calls = steps.flat_map(|step| std::iter::once(&step.call).chain(&step.rollback));
        calls.filter(|call| call.connection == connection).map(|call| call.timeout).min()
    }
}
