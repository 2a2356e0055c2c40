//! A step with its operation, connection and compiled inputs.

use std::sync::Arc;
use std::time::Duration;

use super::tree::{BoundTree, with_spans};
use crate::diagnostic::Span;
use crate::model::{Map, Repeat};
use crate::playbook::{OnFailure, Retry, Until};
use crate::provider::Operation;
use crate::template::Template;

/// A call of a step or of its rollback: operation, connection, inputs.
#[derive(Debug, Clone)]
pub struct BoundCall {
    /// The operation that is called.
    pub operation: Arc<Operation>,
    /// Index into [`Plan::connections`](super::Plan::connections).
    pub connection: usize,
    /// Index into [`Plan::rate_buckets`](super::Plan::rate_buckets).
    pub rate_bucket: usize,
    /// The inputs as written.
    pub with: BoundTree,
    /// The settings of the connection that this step overrides.
    pub settings: BoundTree,
    /// The connection's settings overridden by the step's; `None` if a template makes them differ by row.
    pub merged_settings: Option<Arc<Map>>,
    /// The longest time of one call, after which it counts as unanswered.
    pub timeout: Duration,
    /// The step's `repeat:`: what may follow a call without an answer. Only for open operations.
    pub repeat: Option<Repeat>,
    /// The operation whose `undo` gives the inputs; `None` if `with` does.
    pub undoes: Option<Arc<Operation>>,
    /// The read that looks up a call without an answer, and its index into the rate buckets.
    pub lookup: Option<(Arc<Operation>, usize)>,
    /// Where the playbook names it.
    pub span: Span,
}

/// A step with its operation, connection and compiled inputs.
#[derive(Debug, Clone)]
pub struct BoundStep {
    /// The id of the step.
    pub id: String,
    /// The call that it makes.
    pub call: BoundCall,
    /// `when`: the step is skipped if this is false.
    pub when: Option<(Template, Span)>,
    /// `for_each`: the list; there is one call for each element.
    pub for_each: Option<(Template, Span)>,
    /// `until`: the condition that a read is repeated for.
    pub until: Option<Until>,
    /// `expect`: the conditions that must hold after the answer.
    pub expect: Vec<(Template, Span)>,
    /// What a failure of the step means for its row and the run.
    pub on_failure: OnFailure,
    /// The call that undoes it; `None` if there is none.
    pub rollback: Option<BoundCall>,
    /// How its calls are retried.
    pub retry: Retry,
    /// Whether a template uses the whole answer, so that the journal must keep it.
    pub body_used: bool,
    /// Where the playbook names it.
    pub span: Span,
}

/// Calls `each` with every template of a step and its rollback, and its place.
pub(super) fn each_template_of_step(step: &BoundStep, each: &mut dyn FnMut(&Template, Span)) {
    let expressions = step.when.iter().chain(&step.for_each).chain(&step.expect);
    expressions.for_each(|(template, span)| each(template, *span));
    if let Some(until) = &step.until {
        each(&until.is.value, until.is.span);
    }
    for call in std::iter::once(&step.call).chain(&step.rollback) {
        with_spans(&call.with, each);
        with_spans(&call.settings, each);
    }
}
