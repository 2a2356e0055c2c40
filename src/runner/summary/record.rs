//! Makes the record of a run: the summary, and what the frozen run and the facts of the run say beyond it.

use super::close_run::RecordParts;
use super::run_facts::{LeftAt, processes};
use crate::journal::CallTimes;
use crate::plan::Plan;
use crate::report::{OperationRecord, RECORD_VERSION, RecordedState, RunKind, RunRecord, Summary};
use crate::runner::frozen::{FrozenRun, LinkKind};

/// Makes the record of a run in the state in which its last process left it.
pub(super) fn run_record(frozen: &FrozenRun, plan: &Plan, summary: &Summary, parts: RecordParts<'_>) -> RunRecord {
    let RecordParts { kinds, other, facts, later, under_way, times, problems } = parts;
    let latency = |name: &str| times.get(name).and_then(CallTimes::summary);
    let state = if summary.stopped.is_some() { RecordedState::Stopped } else { LeftAt::of(facts).state };
    let (processes, started_by) = processes(facts);
    let mut record = RunRecord {
        version: RECORD_VERSION,
        run_id: frozen.run_id.clone(),
        kind: match frozen.link.as_ref().map(|link| link.kind) {
            None => RunKind::Run,
            Some(LinkKind::Retry) => RunKind::Retry,
            Some(LinkKind::Undo) => RunKind::Undo,
        },
        earlier_run: frozen.link.as_ref().map(|link| link.of.clone()),
        later_runs: later,
        state,
        outcome: Some(summary.outcome),
        verdict: String::new(),
        next: summary.next_steps(),
        playbook: plan.name.clone(),
        playbook_file: frozen.playbook.name.clone(),
        rows_file: frozen.rows_name.clone(),
        environment: frozen.environment.name.clone(),
        sandbox: plan.environment.is_sandbox(),
        started_by,
        processes,
        runsheet: frozen.runsheet.clone(),
        started_at: summary.started_at.clone(),
        finished_at: Some(summary.finished_at.clone()),
        recorded_at: summary.finished_at.clone(),
        duration_ms: summary.duration_ms,
        stopped: summary.stopped.clone(),
        steered: summary.steered.clone(),
        rows: summary.rows,
        under_way: Some(under_way).filter(|rows| rows.total > 0),
        operations: summary
            .operations
            .iter()
            .map(|(name, counts)| (name.clone(), OperationRecord::new(*counts, latency(name))))
            .collect(),
        failures: kinds,
        other_failures: other,
        warnings: summary.warnings.clone(),
        problems: problems.to_vec(),
        files: Vec::new(),
    };
    record.set_state(state);
    record
}
