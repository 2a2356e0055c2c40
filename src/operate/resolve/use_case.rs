//! `resolve`: unknown outcomes are settled, by lookups where there are any, else by a person's word.

use super::filled_file::from_file;
use super::person::{Word, settled};
use super::request::{CallInDoubt, ResolveReport, ResolveRequest, SettleAs, SettledBy, SettledCall, WhichCalls};
use crate::io::user_name;
use crate::journal::{CallRef, Fact, RowState, Settled};
use crate::model::{Phase, StepOutcome, StepScope};
use crate::operate::drive::look_up;
use crate::operate::interface::{Context, Refusal};
use crate::operate::state_folder;
use crate::operate::stored_run::{OpenRun, UnknownCall};
use crate::report::{CallPlace, EventKind, RowPlace};

/// A call with what became of it and who told.
type Told = (UnknownCall, Option<SettleAs>, String);

/// Settles unknown calls of a run, and draws up its summary and its row files anew.
///
/// # Examples
/// ```
/// use runsheet::operate::{
///     Context, ResolveRequest, RunRequest, Selection, SettleAs, SettledBy, WhichCalls, resolve, run,
/// };
///
/// let state = tempfile::tempdir()?;
/// let context = Context::new().state_folder(state.path());
///
/// // The sandbox loses every answer, so that the outcome of the one row is unknown.
/// let mut request = RunRequest::new("playbooks/release-contracts.yaml");
/// request.selection = Selection { limit: Some(1), ..Selection::default() };
/// request.faults = Some("lose=100%".to_owned());
/// assert_eq!(run(&request, &context)?.summary.rows.unknown, 1);
///
/// // A person asked the vendor: the call did not take effect.
/// let word = SettledBy::Word {
///     call: WhichCalls::default(),
///     settled: SettleAs::Failed,
///     outputs: Vec::new(),
///     note: Some("told by support".to_owned()),
/// };
/// let report = resolve(&ResolveRequest { run: "latest".to_owned(), by: word }, &context)?;
/// assert!(report.unknown.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal::Usage`] where the request means no call or several, or says what cannot be; [`Refusal::Invalid`] for
/// mistakes in a filled-in file; [`Refusal::Conflict`] where another process drives the run; [`Refusal::Broken`] where
/// the journal fails.
pub fn resolve(request: &ResolveRequest, context: &Context) -> Result<ResolveReport, Refusal> {
    let run = OpenRun::open(state_folder::find(context.state()?, &request.run)?, context)?;
    let all = run.unknown_calls()?;
    let who = user_name();
    let (told, stopped) = match &request.by {
        SettledBy::File(path) => (say(&run, from_file(&run, &all, path, &who)?, &who, context)?, None),
        SettledBy::Word { call, settled, outputs, note } => {
            let outputs = outputs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let word = Word { done: *settled, outputs, note: note.as_deref(), who: &who };
            (say(&run, vec![one(&run, &all, call, &word)?], &who, context)?, None)
        }
        SettledBy::Lookups(calls) => ask(&run, &meant(&all, calls)?, context)?,
    };
    let unknown = run.unknown_calls()?;
    if !told.is_empty() {
        run.close(context)?;
    }
    let folder = run.frozen.out.as_deref().unwrap_or(run.folder.path());
    let dialect = run.frozen.dialect.clone().unwrap_or_default();
    Ok(ResolveReport {
        run: run.frozen.run_id.clone(),
        settled: told
            .into_iter()
            .map(|(call, settled, by)| SettledCall { call: CallInDoubt::of(&run, &call), settled, by })
            .collect(),
        unknown: unknown.iter().map(|call| CallInDoubt::of(&run, call)).collect(),
        stopped,
        open_rows: run.open_rows()?,
        unknown_file: folder.join(format!("unknown.{}", dialect.extension())),
    })
}

/// The calls that are meant.
fn meant(all: &[UnknownCall], which: &WhichCalls) -> Result<Vec<UnknownCall>, Refusal> {
    let key = |call: &&UnknownCall| which.key.as_ref().is_none_or(|key| call.key == *key);
    let step = |call: &&UnknownCall| which.step.as_ref().is_none_or(|step| call.doubt.step == *step);
    let meant: Vec<UnknownCall> = all.iter().filter(key).filter(step).cloned().collect();
    if !meant.is_empty() || (which.key.is_none() && which.step.is_none()) {
        return Ok(meant);
    }
    Err(Refusal::Usage(match (&which.key, &which.step) {
        (Some(key), Some(step)) => format!("step `{step}` of the row `{key}` is not unknown"),
        (Some(key), None) => format!("nothing of the row `{key}` is unknown"),
        (None, step) => format!("step `{}` is unknown for no row", step.as_deref().unwrap_or_default()),
    }))
}

/// A person's word on the one call that is meant.
fn one(
    run: &OpenRun,
    all: &[UnknownCall],
    which: &WhichCalls,
    word: &Word<'_>,
) -> Result<(UnknownCall, Settled), Refusal> {
    let meant = meant(all, which)?;
    let call = match meant.as_slice() {
        [] => return Err(Refusal::Usage("nothing is unknown in this run".to_owned())),
        [call] => call,
        [first, ..] if which.key.is_none() && matches!(first.scope, StepScope::Row(_)) => {
            let message = "several calls are unknown: say which row with `--key`, or settle all with `--from`";
            return Err(Refusal::Usage(message.to_owned()));
        }
        several => {
            let steps: Vec<String> = several.iter().map(|call| format!("`{}`", call.doubt.step)).collect();
            let message = format!("several calls of it are unknown: say which with `--step`: {}", steps.join(", "));
            return Err(Refusal::Usage(message));
        }
    };
    Ok((call.clone(), settled(call, &run.plan, word).map_err(Refusal::Usage)?))
}

/// Writes what a person said.
fn say(run: &OpenRun, said: Vec<(UnknownCall, Settled)>, who: &str, context: &Context) -> Result<Vec<Told>, Refusal> {
    let facts = said.iter().map(|(call, fact)| (call.scope, vec![Fact::Settled(fact.clone())])).collect();
    run.write(facts)?;
    tell_of_words(run, &said, context)?;
    let word = |fact: &Settled| if fact.outcome == StepOutcome::Failed { SettleAs::Failed } else { SettleAs::Done };
    Ok(said.into_iter().map(|(call, fact)| (call, Some(word(&fact)), who.to_owned())).collect())
}

/// Tells what a person said as events.
fn tell_of_words(run: &OpenRun, said: &[(UnknownCall, Settled)], context: &Context) -> Result<(), Refusal> {
    let Some(telling) = run.telling(context) else { return Ok(()) };
    telling.begin(&run.plan, run.frozen.limits, run.counts()?, run.clock.now());
    for (call, fact) in said {
        let row = matches!(call.scope, StepScope::Row(_)).then_some(call.number);
        let key = if row.is_some() { run.plan.shown_key(&call.key) } else { &call.key };
        let rollback = call.doubt.call.phase == Phase::Rollback;
        let place = CallPlace {
            of: RowPlace { row, key: key.to_owned() },
            step: call.doubt.step.clone(),
            element: call.doubt.element,
            rollback,
            operation: call.doubt.operation.clone(),
        };
        let message = call.masks.text(&fact.message()).into_owned();
        telling.tell(run.clock.now(), EventKind::Settled { call: place, outcome: fact.outcome, message });
    }
    Ok(())
}

/// Looks the calls up. Gives what was found, and why the lookups stopped before their end, if they did.
fn ask(run: &OpenRun, calls: &[UnknownCall], context: &Context) -> Result<(Vec<Told>, Option<String>), Refusal> {
    let asked: Vec<UnknownCall> = calls.iter().filter(|call| call.can_be_looked_up()).cloned().collect();
    let stopped = look_up(run, &asked, context)?;
    let mut told = Vec::new();
    for call in asked {
        let facts = run.reader.facts(call.scope)?;
        let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
        let settled = found(&state, call.doubt.call);
        let by = call.doubt.lookup.clone().unwrap_or_default();
        told.push((call, settled, by));
    }
    Ok((told, stopped))
}

fn found(state: &RowState, call: CallRef) -> Option<SettleAs> {
    let call = state.call(call)?;
    match &call.ended {
        _ if call.is_in_doubt() => None,
        Some(ended) if ended.outcome != StepOutcome::Failed => Some(SettleAs::Done),
        Some(_) | None => Some(SettleAs::Failed),
    }
}
