//! What to do next about a row, by how it stands.

use super::row_story::{RowStanding, StoryState};
use super::tell::StorySource;
use crate::diagnostic::{one_line, shell_word, without_inline_commands};
use crate::journal::{GoesOn, RowState, RunSteering};
use crate::model::{RowOutcome, StepScope};
use crate::report::next_action::NextAction;
use crate::report::next_steps::NextStep;
use crate::report::run_record::RunKind;

/// What a command names instead of a key that must not be shown, or that cannot be typed as it is shown.
const KEY: &str = "KEY";

/// What to do next; empty if nothing is left to do, or if a process is at it.
pub(super) fn next_steps(source: &StorySource<'_>, state: &RowState, now: &StoryState) -> Vec<NextStep> {
    let run = &source.run.run_id;
    let key = key_word(source);
    let key_for_why = if key.starts_with('-') && matches!(source.prior.scope, StepScope::Row(_)) {
        format!("-- {key}")
    } else {
        key.clone()
    };
    let step = |what: NextAction, command: String| vec![NextStep::new(what, command)];
    if let Some(later) = &state.continued_in {
        let what = if key == KEY { NextAction::ReadWhereItWentOnByKey } else { NextAction::ReadWhereItWentOn };
        return step(what, why(later.as_str(), &key_for_why));
    }
    if let Some(later) = source.elsewhere.iter().rev().find(|other| other.later) {
        let what = if key == KEY { NextAction::ReadLaterRunByKey } else { NextAction::ReadLaterRun };
        return step(what, why(later.run_id.as_str(), &key_for_why));
    }
    if source.running {
        return Vec::new();
    }
    if source.invalid.is_some() {
        return step(NextAction::CorrectRow, format!("runsheet retry {run} --rows FILE"));
    }
    if source.damaged {
        return step(NextAction::ExportProven, format!("runsheet runs export {run} --out DIR"));
    }
    let steering = RunSteering::fold(source.run_facts);
    let goes_on = state.goes_on();
    let needs_word = match steering.cancelled {
        // Nothing sends a call in doubt again once a person has closed the run.
        Some(_) => now.outcome == RowOutcome::Unknown || goes_on == GoesOn::InDoubt,
        None => now.outcome == RowOutcome::Unknown && goes_on == GoesOn::No,
    };
    match (now.outcome, now.standing) {
        _ if needs_word => {
            let is_hidden = key == KEY;
            let has_key = matches!(source.prior.scope, StepScope::Row(_)) && source.view.plan.has_rows;
            let key = if has_key { format!(" --key={key}") } else { String::new() };
            let what = if has_key && is_hidden { NextAction::FindOutRowByKey } else { NextAction::FindOutRow };
            step(what, format!("runsheet resolve {run}{key}"))
        }
        (RowOutcome::Unknown, _) | (_, RowStanding::Open | RowStanding::NotStarted) => match steering.cancelled {
            Some(_) => step(NextAction::DoMissingOfCancelled, format!("runsheet retry {run}")),
            None => vec![NextStep::go_on(run, steering.paused.is_some())],
        },
        (RowOutcome::Failed | RowOutcome::Partial, _) => match (source.run.kind, &source.run.of) {
            (RunKind::Undo, Some(of)) => step(NextAction::UndoAgain, format!("runsheet undo {of}")),
            (RunKind::Run | RunKind::Retry | RunKind::Undo, _) => {
                step(NextAction::RepeatFailed, format!("runsheet retry {run}"))
            }
        },
        (
            RowOutcome::NotStarted | RowOutcome::Succeeded | RowOutcome::Unchanged | RowOutcome::Skipped,
            RowStanding::Ended | RowStanding::UnderWay | RowStanding::WentOn | RowStanding::Damaged,
        ) => Vec::new(),
    }
}

fn why(run: &str, key: &str) -> String {
    format!("runsheet why {run} {key}").trim_end().to_owned()
}

/// The key as a shell takes it, or [`KEY`]; empty for steps that run once and for playbooks without rows.
fn key_word(source: &StorySource<'_>) -> String {
    let (plan, key) = (&source.view.plan, source.prior.key);
    match source.prior.scope {
        StepScope::Before => "--before".to_owned(),
        StepScope::After => "--after".to_owned(),
        StepScope::Row(_) | StepScope::Run if !plan.has_rows => String::new(),
        StepScope::Row(_) | StepScope::Run => {
            let is_shown_as_it_is = without_inline_commands(&one_line(key)) == key;
            if is_shown_as_it_is && !plan.masks_keys() { shell_word(key) } else { KEY.to_owned() }
        }
    }
}
