//! What became of a run, as one sentence that stands above every report.

use super::grouped_number::grouped;
use super::run_record::{RecordedState, RunKind, RunRecord};
use crate::diagnostic::one_line;
use crate::model::RowOutcome;

/// The sentence about a run: how many rows succeeded, what became of the others, and why the run has not finished.
pub(super) fn verdict(record: &RunRecord) -> String {
    let mut text = rows(record);
    match record.state {
        RecordedState::Running => text.push_str(". The run is under way."),
        RecordedState::BrokenOff => text.push_str(". The run broke off and can be resumed."),
        RecordedState::Stopped => {
            let why = record.why_stopped().map(|why| one_line(why).trim_end_matches('.').to_owned());
            match why.filter(|why| !why.is_empty()) {
                Some(why) => text.push_str(&format!(". The run stopped: {why}.")),
                None => text.push_str(". The run stopped early."),
            }
        }
        RecordedState::Finished => text.push('.'),
    }
    text
}

/// What became of the steps of a playbook that has no rows.
fn what_steps_did(outcome: RowOutcome) -> &'static str {
    match outcome {
        RowOutcome::Succeeded => "succeeded",
        RowOutcome::Unchanged => "found everything as it should be",
        RowOutcome::Skipped => "were skipped",
        RowOutcome::Failed => "failed",
        RowOutcome::Partial => "did a part of their work",
        RowOutcome::Unknown => "have an unknown outcome",
        RowOutcome::NotStarted => "did not start",
    }
}

/// How the steps of a playbook that has no rows ended; `None` for a playbook with rows.
pub(super) fn outcome_without_rows(record: &RunRecord) -> Option<RowOutcome> {
    let is_without = record.rows_file.is_none() && record.rows.total == 1;
    RowOutcome::ALL.into_iter().find(|outcome| is_without && record.rows.of(*outcome) > 0)
}

/// The rows by outcome, as the beginning of the sentence.
fn rows(record: &RunRecord) -> String {
    let rows = &record.rows;
    let done = match record.kind {
        RunKind::Run | RunKind::Retry => "succeeded",
        RunKind::Undo => "were taken back",
    };
    let noun = if rows.total == 1 { "row" } else { "rows" };
    if rows.total == 0 {
        return "There were no rows".to_owned();
    }
    if let Some(outcome) = outcome_without_rows(record) {
        return format!("The steps {}", what_steps_did(outcome));
    }
    let at_rest = record.rows_at_rest();
    let succeeded = at_rest.of(RowOutcome::Succeeded);
    let mut text = match succeeded == rows.total {
        true if rows.total == 1 => format!("The row {}", done.replace("were", "was")),
        true => format!("All {} rows {done}", grouped(rows.total)),
        false => format!("{} of {} {noun} {done}", grouped(succeeded), grouped(rows.total)),
    };
    let others = [
        (at_rest.of(RowOutcome::Unchanged), "unchanged"),
        (at_rest.of(RowOutcome::Skipped), "skipped"),
        (at_rest.of(RowOutcome::Failed), "failed"),
        (at_rest.of(RowOutcome::Partial), "partial"),
        (at_rest.of(RowOutcome::Unknown), "unknown"),
        (record.rows_under_way(), "under way"),
        (at_rest.of(RowOutcome::NotStarted), "not started"),
    ];
    for (count, word) in others.into_iter().filter(|(count, _)| *count > 0) {
        text.push_str(&format!("; {} {word}", grouped(count)));
    }
    text
}
