//! A step with everything looked up: its operation, its connection and its compiled inputs.

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
    /// Settings of the connection that this step overrides.
    pub settings: BoundTree,
    /// The connection's settings with the step's over them; `None` where a template makes them differ by row.
    pub merged_settings: Option<Arc<Map>>,
    /// How long one call may take before it counts as unanswered.
    pub timeout: Duration,
    /// The step's `repeat:`, which says whether a call without an answer may be sent again; only for open operations.
    pub repeat: Option<Repeat>,
    /// The operation whose `undo` gives the inputs; `None` where `with` does.
    pub undoes: Option<Arc<Operation>>,
    /// The read that finds out what a call without an answer did, and its index into the rate buckets.
    pub lookup: Option<(Arc<Operation>, usize)>,
    /// Where the playbook names it.
    pub span: Span,
}

/// A step with everything looked up.
#[derive(Debug, Clone)]
pub struct BoundStep {
    /// The id of the step.
    pub id: String,
    /// The call that it makes.
    pub call: BoundCall,
    /// `when`: the step is skipped where this is false.
    pub when: Option<(Template, Span)>,
    /// `for_each`: the list with one call for each element.
    pub for_each: Option<(Template, Span)>,
    /// `until`: the condition that a read is repeated for.
    pub until: Option<Until>,
    /// `expect`: the conditions that must hold after the answer.
    pub expect: Vec<(Template, Span)>,
    /// What a failure of the step means for its row and the run.
    pub on_failure: OnFailure,
    /// The call that takes it back; `None` where nothing does.
    pub rollback: Option<BoundCall>,
    /// How its calls are retried.
    pub retry: Retry,
    /// Whether a template uses the whole answer, so that the journal must keep it.
    pub body_used: bool,
    /// Where the playbook names it.
    pub span: Span,
}

/// Calls `each` with every template of a step and its rollback, and the place where it stands.
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
