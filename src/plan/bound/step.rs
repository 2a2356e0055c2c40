//! A step with everything looked up: its operation, its connection and its compiled inputs.

use std::sync::Arc;
use std::time::Duration;

use super::tree::{BoundTree, with_spans};
use crate::diagnostic::Span;
use crate::model::{Map, Repeat};
use crate::playbook::{OnFailure, Retry, Until};
use crate::provider::Operation;
use crate::template::Template;

/// A call: operation, connection, inputs.
#[derive(Debug, Clone)]
pub struct BoundCall {
    /// The operation.
    pub operation: Arc<Operation>,
    /// The connection's place in [`Plan::connections`].
    pub connection: usize,
    /// The budget's place in [`Plan::rate_buckets`].
    pub rate_bucket: usize,
    /// The inputs.
    pub with: BoundTree,
    /// Settings of the connection that this step overrides.
    pub settings: BoundTree,
    /// The connection's settings under these, where they are the same for all rows.
    pub merged_settings: Option<Arc<Map>>,
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

pub(super) fn each_template_of_step(step: &BoundStep, each: &mut dyn FnMut(&Template, Span)) {
    let expressions = step.when.iter().chain(&step.for_each).chain(&step.expect);
    expressions.for_each(|(template, span)| each(template, *span));
    if let Some(until) = &step.until {
        each(&until.is.template, until.is.span);
    }
    for call in std::iter::once(&step.call).chain(&step.rollback) {
        with_spans(&call.with, each);
        with_spans(&call.settings, each);
    }
}
