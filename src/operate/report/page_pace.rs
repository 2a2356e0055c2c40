//! The pace of a run, from the attempts in its journal.

use super::run_source::RunSource;
use crate::journal::{AttemptEnd, Attempted, Fact};
use crate::model::{Phase, StepScope, Time};
use crate::operate::interface::{OrRefuse, Refusal};
use crate::plan::{BoundList, BoundStep, Plan};
use crate::report::page::{PaceBuilder, RunPace, SentCall};
use crate::runner::RecordedRow;

/// The pace of a run while its rows are read.
pub(super) struct PaceReader<'s> {
    plan: &'s Plan,
    pace: PaceBuilder,
}

impl<'s> PaceReader<'s> {
    /// Begins with the steps that run once.
    ///
    /// # Errors
    /// [`Refusal::Broken`] where the journal cannot be read.
    pub(super) fn new(source: &'s RunSource) -> Result<Self, Refusal> {
        let plan: &Plan = &source.plan;
        let mut pace = PaceBuilder::new(source.known.frozen.started_at);
        for scope in [StepScope::Before, StepScope::After] {
            let facts = source.known.reader.facts(scope).or_refuse("the journal")?;
            add_calls(&mut pace, plan.list(BoundList::of(scope)), &facts);
        }
        Ok(Self { plan, pace })
    }

    /// Adds the calls of a row.
    pub(super) fn add(&mut self, row: &RecordedRow<'_>) {
        add_calls(&mut self.pace, self.plan.list(BoundList::Steps), row.facts);
    }

    /// The pace; `None` if the run sent nothing.
    pub(super) fn finish(self) -> Option<RunPace> {
        self.pace.finish(|operation| limit_of(self.plan, operation))
    }
}

fn add_calls(pace: &mut PaceBuilder, steps: &[BoundStep], facts: &[(Time, Fact)]) {
    for (ended, fact) in facts {
        if let Fact::Attempted(attempted) = fact
            && let Some(operation) = operation_of(steps, attempted)
        {
            let call = SentCall { operation, ended: *ended, took_ms: attempted.took_ms };
            pace.add(call, attempted.waited.iter().map(|(reason, millis)| (reason.as_str(), millis)));
        }
    }
}

/// The operation that was sent; `None` if nothing was.
fn operation_of<'p>(steps: &'p [BoundStep], attempted: &Attempted) -> Option<&'p str> {
    let step = steps.get(usize::try_from(attempted.call.step).ok()?)?;
    let call = match attempted.call.phase {
        Phase::Do => &step.call,
        Phase::Rollback => step.rollback.as_ref()?,
    };
    match attempted.end {
        AttemptEnd::Answered(_) | AttemptEnd::Lost => Some(call.operation.full_name()),
        // A lookup that several rows share is counted for one of them.
        AttemptEnd::LookedUp(_) | AttemptEnd::LookupFailed if attempted.joined => None,
        AttemptEnd::LookedUp(_) | AttemptEnd::LookupFailed => {
            call.lookup.as_ref().map(|(operation, _)| operation.full_name())
        }
        AttemptEnd::Unsent | AttemptEnd::NotMade => None,
    }
}

/// The most calls of an operation per second: over all its accounts, and within the run's own limit.
fn limit_of(plan: &Plan, operation: &str) -> Option<f64> {
    let buckets = plan.rate_buckets.iter().filter(|bucket| bucket.operation == operation);
    let rates: Option<Vec<f64>> = buckets.map(|bucket| bucket.limits.rate.map(|rate| rate.per_second())).collect();
    let own = rates.filter(|rates| !rates.is_empty()).map(|rates| rates.iter().sum::<f64>());
    let run = plan.limits.rate.map(|rate| rate.per_second());
    match (own, run) {
        (Some(own), Some(run)) => Some(own.min(run)),
        (own, run) => own.or(run),
    }
}
