//! Settles unknown outcomes: by lookups where there are any, else by a person's word.

use super::asking::ask;
use super::filled::from_file;
use super::telling::{Told, tell};
use super::word::{Word, settled};
use crate::cli::args::{Common, ResolveArgs, SettleAs};
use crate::cli::desk::{Case, Desk};
use crate::cli::exit::Exit;
use crate::cli::failure::{Ended, Failure};
use crate::cli::screen::Screen;
use crate::cli::state;
use crate::io::user_name;
use crate::journal::{CallRef, Fact, RowState, Settled};
use crate::model::{Phase, Scope, StepOutcome};
use crate::report::{CallPlace, EventKind, RowPlace};

/// Runs `resolve RUN`.
pub(crate) fn resolve(args: &ResolveArgs, common: &Common, screen: Screen) -> Ended {
    let known = state::find(&state::folder(common)?, &args.run)?;
    let desk = Desk::open(known, common.unmask, screen)?;
    let all = desk.cases()?;
    let who = user_name();
    let told = match (&args.from, args.settle_as) {
        (Some(path), _) => say(&desk, from_file(&desk, &all, path, &who)?, &who)?,
        (None, Some(done)) => say(&desk, vec![one(&desk, &all, args, done, &who)?], &who)?,
        (None, None) => look_up(&desk, &meant(&all, args)?)?,
    };
    let unknown = desk.cases()?;
    if told.is_empty() && unknown.is_empty() {
        screen.talk(&format!("Nothing is unknown in the run {}", desk.frozen.run_id));
    }
    if !told.is_empty() {
        desk.close()?;
    }
    tell(&desk, &told, &unknown)?;
    Ok(if unknown.is_empty() { Exit::Done } else { Exit::Unknown })
}

/// The cases that `--key` and `--step` mean; all where there are neither.
fn meant(all: &[Case], args: &ResolveArgs) -> Result<Vec<Case>, Failure> {
    let key = |case: &&Case| args.key.as_ref().is_none_or(|key| case.key == *key);
    let step = |case: &&Case| args.step.as_ref().is_none_or(|step| case.doubt.step == *step);
    let meant: Vec<Case> = all.iter().filter(key).filter(step).cloned().collect();
    if !meant.is_empty() || (args.key.is_none() && args.step.is_none()) {
        return Ok(meant);
    }
    Err(Failure::Usage(match (&args.key, &args.step) {
        (Some(key), Some(step)) => format!("step `{step}` of the row `{key}` is not unknown"),
        (Some(key), None) => format!("nothing of the row `{key}` is unknown"),
        (None, step) => format!("step `{}` is unknown for no row", step.as_deref().unwrap_or_default()),
    }))
}

/// A person's word on the one call that is meant.
fn one(desk: &Desk, all: &[Case], args: &ResolveArgs, done: SettleAs, who: &str) -> Result<(Case, Settled), Failure> {
    let meant = meant(all, args)?;
    let case = match meant.as_slice() {
        [] => return Err(Failure::Usage("nothing is unknown in this run".to_owned())),
        [case] => case,
        [first, ..] if args.key.is_none() && matches!(first.scope, Scope::Row(_)) => {
            let message = "several calls are unknown: say which row with `--key`, or settle all with `--from`";
            return Err(Failure::Usage(message.to_owned()));
        }
        several => {
            let steps: Vec<String> = several.iter().map(|case| format!("`{}`", case.doubt.step)).collect();
            let message = format!("several calls of it are unknown: say which with `--step`: {}", steps.join(", "));
            return Err(Failure::Usage(message));
        }
    };
    let outputs = args.outputs.iter().map(|pair| (pair.name.as_str(), pair.value.as_str())).collect();
    let word = Word { done, outputs, note: args.note.as_deref(), who };
    Ok((case.clone(), settled(case, &desk.plan, &word).map_err(Failure::Usage)?))
}

/// Writes what a person said.
fn say(desk: &Desk, said: Vec<(Case, Settled)>, who: &str) -> Result<Vec<Told>, Failure> {
    let facts = said.iter().map(|(case, fact)| (case.scope, vec![Fact::Settled(fact.clone())])).collect();
    desk.write(facts)?;
    tell_of_words(desk, &said)?;
    let word = |fact: &Settled| if fact.outcome == StepOutcome::Failed { "failed" } else { "done" };
    Ok(said.into_iter().map(|(case, fact)| Told { case, settled: Some(word(&fact)), by: who.to_owned() }).collect())
}

/// Tells what a person said as events.
fn tell_of_words(desk: &Desk, said: &[(Case, Settled)]) -> Result<(), Failure> {
    let Some(telling) = desk.telling() else { return Ok(()) };
    telling.begin(&desk.plan, desk.frozen.limits, desk.counts()?, desk.clock.now());
    for (case, fact) in said {
        let row = matches!(case.scope, Scope::Row(_)).then_some(case.number);
        let key = if row.is_some() { desk.plan.shown_key(&case.key) } else { &case.key };
        let rollback = case.doubt.call.phase == Phase::Rollback;
        let call = CallPlace {
            of: RowPlace { row, key: key.to_owned() },
            step: case.doubt.step.clone(),
            element: case.doubt.element,
            rollback,
            operation: case.doubt.operation.clone(),
        };
        let message = case.masks.text(&fact.message()).into_owned();
        telling.tell(desk.clock.now(), EventKind::Settled { call, outcome: fact.outcome, message });
    }
    Ok(())
}

/// Looks the cases up and gives what was found.
fn look_up(desk: &Desk, cases: &[Case]) -> Result<Vec<Told>, Failure> {
    let asked: Vec<Case> =
        cases.iter().filter(|case| case.doubt.lookup.is_some() && case.doubt.ended).cloned().collect();
    if let Some(stop) = ask(desk, &asked)? {
        desk.screen.insist(&crate::diagnostic::printable(&format!("The lookups stopped: {stop}")));
    }
    let mut told = Vec::new();
    for case in asked {
        let facts = desk.reader.facts(case.scope).map_err(anyhow::Error::from)?;
        let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
        let settled = found(&state, case.doubt.call);
        told.push(Told { by: case.doubt.lookup.clone().unwrap_or_default(), case, settled });
    }
    Ok(told)
}

fn found(state: &RowState, call: CallRef) -> Option<&'static str> {
    let call = state.call(call)?;
    match &call.ended {
        _ if call.is_in_doubt() => None,
        Some(ended) if ended.outcome != StepOutcome::Failed => Some("done"),
        _ => Some("failed"),
    }
}
