//! What other runs made, so that no run makes it again. A run of which something is lost blocks every other run in its
//! environment until a person states its outcome.

use std::fmt::Write;

use crate::diagnostic::{one_line, plural_of};
use crate::io::journal::{EffectHistory, HistoryFilter};
use crate::model::RunId;
use crate::operate::interface::{Context, Notice, OrRefuse, Refusal};
use crate::operate::state_folder::{RUNS_NAMED, why_lost_runs_block};
use crate::plan::Plan;
use crate::runner::{Repeats, RunFolder};

/// Opens the effects of other runs in the environment of the plan; `None` for the sandbox and for plans without effects.
/// `carried` are the runs whose facts this run imports; they are left out.
///
/// # Errors
/// [`Refusal::Conflict`] where something is lost of a run that may have sent there, and no person has stated its outcome;
/// [`Refusal::Broken`] where it cannot be known what other runs made.
pub(crate) fn open_effect_history(
    folder: &RunFolder,
    plan: &Plan,
    carried: &[RunId],
) -> Result<Option<EffectHistory>, Refusal> {
    let history = read_effect_history(folder, plan, carried)?;
    match &history {
        Some(history) if !history.lost().is_empty() => {
            Err(Refusal::Conflict(why_lost_runs_block(history.lost(), &plan.environment.name)))
        }
        Some(_) | None => Ok(history),
    }
}

/// Like [`open_effect_history`], for a plan, which sends nothing: it reports lost runs, and counts what they may have made as
/// made.
///
/// # Errors
/// [`Refusal::Broken`] where it cannot be known what other runs made.
pub(crate) fn preview_effect_history(
    folder: &RunFolder,
    plan: &Plan,
    context: &Context,
) -> Result<Option<EffectHistory>, Refusal> {
    let Some(history) = read_effect_history(folder, plan, &[])? else { return Ok(None) };
    for lost in history.lost().iter().take(RUNS_NAMED) {
        context.notice(Notice::UnreadableRun { run: lost.run.clone(), why: lost.why.to_string() });
    }
    let more = history.lost().len().saturating_sub(RUNS_NAMED);
    if more > 0 {
        context.notice(Notice::MoreUnreadableRuns(more));
    }
    Ok(Some(history))
}

fn read_effect_history(folder: &RunFolder, plan: &Plan, carried: &[RunId]) -> Result<Option<EffectHistory>, Refusal> {
    let operations = plan.effect_operations();
    let (Some(runs), Some(own)) = (folder.path().parent(), folder.path().file_name()) else { return Ok(None) };
    if plan.environment.is_sandbox() || operations.is_empty() {
        return Ok(None);
    }
    let (own, except) = (RunId::from_text(own.to_string_lossy()), carried.to_vec());
    let environment = plan.environment.name.clone();
    let filter = HistoryFilter { environment, operations, own, except };
    EffectHistory::open(runs, filter).map(Some).or_refuse("what other runs sent cannot be read, and nothing was sent")
}

/// Explains why the run is refused, where other runs have made some of its calls; `None` where they have not. `advice` says
/// what to do.
pub(crate) fn repeats_message(repeats: &Repeats, plan: &Plan, advice: &str) -> Option<String> {
    if repeats.calls == 0 {
        return None;
    }
    let calls = plural_of(repeats.calls, "call");
    let mut text = format!("{calls} to `{}` would be sent a second time:\n", plan.environment.name);
    for call in &repeats.named {
        let row = match call.row {
            Some(number) => format!("row {number} (`{}`)", one_line(plan.shown_key(&call.key))),
            None => "a step that runs once".to_owned(),
        };
        let before = &call.before;
        // Writing to a string cannot fail.
        let pruned = if before.pruned { " (the run was pruned)" } else { "" };
        let _ = writeln!(text, "  {row}: `{}`, run {}: {}{pruned}", call.operation, before.run, before.state.as_str());
    }
    let more = repeats.calls - repeats.named.len() as u64;
    if more > 0 {
        let _ = writeln!(text, "  … and {more} more");
    }
    text.push_str("Nothing was sent. ");
    text.push_str(advice);
    if repeats.unknown > 0 {
        text.push_str(" Settle unknown calls with `runsheet resolve RUN`.");
    }
    Some(text)
}
