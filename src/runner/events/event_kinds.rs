//! Converts facts and observations to kinds of events.

use super::known_rows::KnownRows;
use crate::engine::Progress;
use crate::journal::{AttemptEnd, Attempted, Fact, RowEnded, Settled, StepEnded};
use crate::model::{RowOutcome, StepScope, Time};
use crate::policy::{StopReason, WaitReason};
use crate::report::{AttemptEndKind, Event, EventKind, RowCounts, SteeringEntry, Stop};

/// What only the transport knows about an attempt that has ended.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct TransportFacts {
    pub(super) http_status: Option<u16>,
    pub(super) duration_ms: Option<u64>,
}

/// The event of a fact that is on disk; `None` if another event reports it.
pub(super) fn of_fact(
    known: &mut KnownRows,
    scope: StepScope,
    fact: &Fact,
    transport: TransportFacts,
) -> Option<EventKind> {
    match fact {
        Fact::Attempted(attempted) => Some(of_attempt(known, scope, attempted, transport)),
        Fact::StepEnded(ended) => Some(of_step(known, scope, ended)),
        Fact::RollbackStarted => Some(EventKind::RollbackStarted { of: known.row(scope) }),
        Fact::RowEnded(ended) => Some(of_row(known, scope, ended)),
        Fact::Settled(settled) => Some(of_settled(known, scope, settled)),
        Fact::Steered(steered) => Some(EventKind::Steered { command: SteeringEntry::of(steered) }),
        Fact::Intent(_)
        | Fact::Reopened(_)
        | Fact::ImportedCall(_)
        | Fact::ContinuedIn(_)
        | Fact::Began { .. }
        | Fact::Stopped(_)
        | Fact::Finished => None,
    }
}

fn of_attempt(known: &mut KnownRows, scope: StepScope, fact: &Attempted, transport: TransportFacts) -> EventKind {
    let (came, disposition, verdict) = match fact.end {
        AttemptEnd::Answered(disposition) => (AttemptEndKind::Answered, Some(disposition), None),
        AttemptEnd::Lost => (AttemptEndKind::Lost, None, None),
        AttemptEnd::Unsent => (AttemptEndKind::NotSent, None, None),
        AttemptEnd::LookedUp(verdict) => (AttemptEndKind::LookedUp, None, Some(verdict)),
        AttemptEnd::LookupFailed => (AttemptEndKind::LookupFailed, None, None),
        AttemptEnd::NotMade => (AttemptEndKind::NotMade, None, None),
    };
    EventKind::AttemptEnded {
        call: known.call(scope, fact.call),
        came,
        disposition,
        verdict,
        outcome: fact.outcome,
        code: known.said(scope, fact.code.as_ref()),
        message: known.said(scope, fact.message.as_ref()),
        request_id: known.said(scope, fact.request_id.as_ref()),
        http_status: transport.http_status,
        duration_ms: transport.duration_ms,
    }
}

fn of_step(known: &mut KnownRows, scope: StepScope, ended: &StepEnded) -> EventKind {
    EventKind::StepEnded {
        of: known.row(scope),
        step: known.step_id(scope, ended.step),
        outcome: ended.outcome,
        code: known.said(scope, ended.code.as_ref()),
        message: known.said(scope, ended.message.as_ref()),
    }
}

fn of_row(known: &mut KnownRows, scope: StepScope, ended: &RowEnded) -> EventKind {
    EventKind::RowEnded {
        of: known.row(scope),
        outcome: ended.outcome,
        step: ended.step.clone(),
        code: known.said(scope, ended.code.as_ref()),
        message: known.said(scope, ended.message.as_ref()),
        request_id: known.said(scope, ended.request_id.as_ref()),
        attempts: known.sends(scope),
    }
}

fn of_settled(known: &mut KnownRows, scope: StepScope, settled: &Settled) -> EventKind {
    let message = known.said(scope, Some(&settled.message())).unwrap_or_default();
    EventKind::Settled { call: known.call(scope, settled.call), outcome: settled.outcome, message }
}

/// The event of a row that waits.
pub(super) fn of_wait(known: &KnownRows, scope: StepScope, reason: WaitReason, until: Time) -> EventKind {
    let of = known.row(scope);
    let until = Event::instant(until);
    EventKind::Waiting { reason, until, row: of.row, key: Some(of.key), operation: None, calls: None }
}

/// The event of a stop; `message` must hold no personal data.
pub(super) fn of_stop(reason: &StopReason, message: String) -> EventKind {
    let kind = reason.kind().as_str().to_owned();
    EventKind::Stopping { reason: Stop { kind, message: Some(message) } }
}

/// The event of the counters.
pub(super) fn of_progress(progress: &Progress) -> EventKind {
    let mut rows = RowCounts::default();
    for outcome in RowOutcome::ALL {
        rows.count(outcome, progress.rows.of(outcome));
    }
    rows.total = progress.rows.total;
    let (active, in_flight, operations) = (progress.active, progress.in_flight, progress.operations.clone());
    EventKind::Counters { rows, active, in_flight, operations }
}
