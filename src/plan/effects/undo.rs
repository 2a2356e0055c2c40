//! The plan of a run that undoes an earlier run.

use std::sync::Arc;

use crate::model::RunId;
use crate::plan::bound::{BoundCall, BoundStep, BoundTree, Plan, RateBucketPlan};
use crate::provider::{Operation, Registry};

/// The plan that undoes what the run `of` did under `plan`.
///
/// A step keeps its own rollback; without one, the `undo` of its operation becomes its rollback. Steps after the rows
/// are removed, and steps before them get no rollback.
#[must_use]
pub fn undo_plan(mut plan: Plan, registry: &Registry, of: RunId) -> Plan {
    let steps = std::mem::take(&mut plan.steps);
    plan.steps = steps
        .into_iter()
        .map(|step| match step.rollback {
            Some(_) => step,
            None => BoundStep { rollback: rollback_by_undo(&mut plan, registry, &step), ..step },
        })
        .collect();
    plan.after = Vec::new();
    plan.undoing = Some(of);
    plan.find_sent_cells();
    plan
}

/// The message why a step without a rollback cannot be undone.
#[must_use]
pub fn why_not_undone(plan: &Plan, registry: &Registry, step: &BoundStep) -> String {
    let operation = &step.call.operation;
    let Some(undo) = undo_operation(registry, operation) else {
        return "no operation is known that takes it back".to_owned();
    };
    let connection = &plan.connections[step.call.connection];
    undo.missing_path(connection).unwrap_or_else(|| "nothing takes it back".to_owned())
}

/// The operation that undoes `operation`; `None` if its file names none or the provider lacks it.
fn undo_operation(registry: &Registry, operation: &Operation) -> Option<Arc<Operation>> {
    let undo = operation.undo.as_ref()?;
    registry.operation_of(&operation.provider.name, &undo.operation).cloned()
}

/// The call that undoes a step by the `undo` of its operation, with its rate buckets added to the plan. `None` if
/// there is no such operation, or the connection lacks its path.
fn rollback_by_undo(plan: &mut Plan, registry: &Registry, step: &BoundStep) -> Option<BoundCall> {
    let made = &step.call;
    let operation = undo_operation(registry, &made.operation)?;
    let place = made.connection;
    let connection = plan.connections[place].clone();
    if operation.missing_path(&connection).is_some() {
        return None;
    }
    let mut rate_bucket = |operation: &Operation| {
        let bucket = RateBucketPlan::new(operation, &connection, place);
        let known = plan.rate_buckets.iter().position(|other| other.key == bucket.key);
        known.unwrap_or_else(|| {
            plan.rate_buckets.push(bucket);
            plan.rate_buckets.len() - 1
        })
    };
    let own = rate_bucket(&operation);
    let lookup = operation.lookup.as_ref().and_then(|lookup| {
        let read = registry.operation_of(&operation.provider.name, &lookup.operation)?.clone();
        let place = rate_bucket(&read);
        Some((read, place))
    });
    Some(BoundCall {
        connection: place,
        rate_bucket: own,
        with: BoundTree::Map(Vec::new()),
        settings: made.settings.clone(),
        merged_settings: made.merged_settings.clone(),
        timeout: operation.timeout_over(&connection),
        repeat: None,
        undoes: Some(made.operation.clone()),
        lookup,
        span: made.span,
        operation,
    })
}
