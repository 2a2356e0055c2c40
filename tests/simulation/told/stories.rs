//! The story of every row against the facts of its journal: nothing is left out, everything is in order, and the requests
//! are those that were sent.

use std::collections::{BTreeMap, BTreeSet};

use runsheet::internals::journal::{AttemptEnd, CallRef, Fact};
use runsheet::internals::model::{StepScope, Time};
use runsheet::internals::report::{Event, MomentKind, RequestCheck};
use runsheet::operate::{Context, Story, WhichRow, WhyRequest, why};

use super::differences::Differences;
use super::expected::ExpectedRow;
use super::family::ToldRun;

/// The moments of a row's story that belong to the run as a whole.
const OF_THE_RUN: [&str; 4] = ["process_began", "steered", "run_stopped", "run_finished"];

/// Tells the story of every row and checks it. Gives the stories.
pub(super) fn check(run: &ToldRun, rows: &[ExpectedRow], context: &Context, found: &mut Differences) -> Vec<Story> {
    let of_run = run.facts(StepScope::Run);
    let story = |row: &ExpectedRow| {
        let request = WhyRequest { run: run.id().to_string(), which: WhichRow::Number(row.number), step: None };
        let story = why(&request, context).unwrap();
        let by_key = WhyRequest { which: WhichRow::Key(row.key.clone()), ..request };
        if row.position == 0 {
            found.same("story by key", &why(&by_key, context).unwrap(), &story);
        }
        check_state(row, &story, found);
        check_timeline(row, &of_run, &story, found);
        check_attempts(row, &story, found);
        story
    };
    rows.iter().map(story).collect()
}

fn check_state(row: &ExpectedRow, story: &Story, found: &mut Differences) {
    let what = format!("story of row {}", row.number);
    let state = story.state();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let outcome = state.outcome.to_string();
    let told = [outcome, text(&state.step), text(&state.code), text(&state.message), state.attempts.to_string()];
    found.same(&what, told, row.texts());
    found.same(&format!("{what}, key"), story.row().key.as_deref(), Some(row.key.as_str()));
    found.same(&format!("{what}, moments left out"), story.left_out, 0);
    found.same(&format!("{what}, notes"), &story.notes, &Vec::new());
}

/// The facts of a row and of its run, as the words and instants of the moments that tell them.
fn check_timeline(row: &ExpectedRow, of_run: &[(Time, Fact)], story: &Story, found: &mut Differences) {
    let told: Vec<(String, String)> = story
        .timeline()
        .iter()
        .map(|moment| {
            let json = serde_json::to_value(moment).unwrap();
            (json["what"].as_str().unwrap().to_owned(), moment.at.clone())
        })
        .collect();
    let is_of_run = |word: &str| OF_THE_RUN.contains(&word);
    let (run_told, row_told): (Vec<_>, Vec<_>) = told.iter().cloned().partition(|(word, _)| is_of_run(word));
    let moments = |facts: &mut dyn Iterator<Item = (&'static str, Time)>| {
        facts.map(|(word, at)| (word.to_owned(), Event::instant(at))).collect::<Vec<_>>()
    };
    let of_row = (0..row.facts.len()).filter_map(|place| Some((word_of(&row.facts, place)?, row.facts[place].0)));
    let what = format!("timeline of row {}", row.number);
    found.same(&what, row_told, moments(&mut of_row.into_iter()));
    let first = row.facts.first().map(|(at, _)| *at);
    let last = row.facts.last().filter(|(_, fact)| fact.ends_row()).map(|(at, _)| *at);
    let beside =
        of_run.iter().filter(|(at, _)| first.is_none_or(|first| *at >= first) && last.is_none_or(|last| *at <= last));
    let beside = beside.filter_map(|(at, fact)| Some((word_of_run(fact)?, *at)));
    found.same(&format!("{what}, the run"), run_told, moments(&mut beside.into_iter()));
    found.holds(&format!("{what} is not in order: {told:?}"), told.is_sorted_by_key(|(_, at)| at.clone()));
}

/// The word of the moment that a fact makes in a story; `None` for an intent, which stands in the moment of its answer.
fn word_of(facts: &[(Time, Fact)], place: usize) -> Option<&'static str> {
    Some(match &facts[place].1 {
        Fact::Intent(intent) => return (!is_answered(facts, place, intent.call)).then_some("intended"),
        Fact::Attempted(_) => "attempt",
        Fact::StepEnded(_) => "step_ended",
        Fact::RollbackStarted => "rollback_started",
        Fact::RowEnded(_) => "row_ended",
        Fact::Settled(_) => "settled",
        Fact::Reopened(_) => "reopened",
        Fact::ImportedCall(_) => "imported",
        Fact::ContinuedIn(_) => "continued_in",
        Fact::Began { .. } | Fact::Steered(_) | Fact::Stopped(_) | Fact::Finished => return None,
    })
}

fn word_of_run(fact: &Fact) -> Option<&'static str> {
    match fact {
        Fact::Began { .. } => Some("process_began"),
        Fact::Steered(_) => Some("steered"),
        Fact::Stopped(_) => Some("run_stopped"),
        Fact::Finished => Some("run_finished"),
        _ => None,
    }
}

/// Whether the next thing that happens to the call of an intent is the end of that send.
fn is_answered(facts: &[(Time, Fact)], place: usize, call: CallRef) -> bool {
    let next = facts[place + 1..].iter().find_map(|(_, fact)| match fact {
        Fact::Intent(intent) if intent.call == call => Some(false),
        Fact::Attempted(attempted) if attempted.call == call => Some(!is_lookup(attempted.end)),
        _ => None,
    });
    next.unwrap_or(false)
}

fn is_lookup(end: AttemptEnd) -> bool {
    matches!(end, AttemptEnd::LookedUp(_) | AttemptEnd::LookupFailed)
}

/// The attempts: their numbers, their times, what they waited for, and their requests.
fn check_attempts(row: &ExpectedRow, story: &Story, found: &mut Differences) {
    let facts = row.facts.iter().filter_map(|(at, fact)| match fact {
        Fact::Attempted(attempted) => Some((*at, attempted)),
        _ => None,
    });
    let told = story.timeline().iter().filter_map(|moment| match &moment.kind {
        MomentKind::Attempt(attempt) => Some((moment, attempt)),
        _ => None,
    });
    let written = written_calls(row);
    let mut shown: BTreeSet<(CallRef, bool)> = BTreeSet::new();
    let mut numbers: BTreeMap<CallRef, u32> = BTreeMap::new();
    for ((at, fact), (moment, attempt)) in facts.zip(told) {
        let what = format!("row {}, the attempt at {at}", row.number);
        found.same(&format!("{what}, took"), attempt.took_ms, fact.took_ms);
        let waits: Vec<_> = fact.waited.iter().collect();
        found.same(
            &format!("{what}, waits"),
            attempt.waited.iter().map(|wait| (wait.reason, wait.ms)).collect(),
            waits,
        );
        found.same(&format!("{what}, code"), &attempt.code, &fact.code);
        found.same(&format!("{what}, message"), &attempt.message, &fact.message);
        found.same(&format!("{what}, outcome"), attempt.outcome, fact.outcome);
        found.same(&format!("{what}, status"), attempt.http_status, fact.http_status);
        found.holds(
            &format!("{what} was sent after it ended"),
            attempt.sent_at.as_ref().is_none_or(|sent| *sent <= moment.at),
        );
        if let Some(number) = attempt.attempt {
            let last = numbers.entry(fact.call).or_default();
            found.holds(&format!("{what} is attempt {number} after {last}"), number > *last);
            *last = number;
        }
        let lookup = is_lookup(fact.end);
        let sent = !matches!(fact.end, AttemptEnd::NotMade) && attempt.attempt.is_some();
        found.same(&format!("{what}, lookup"), attempt.lookup.is_some(), lookup && sent);
        if sent && shown.insert((fact.call, lookup)) {
            let wanted =
                if written.contains(&fact.call) && !lookup { RequestCheck::Same } else { RequestCheck::NoHash };
            found.same(&format!("{what}, request"), attempt.request.as_ref().map(|one| one.check), Some(wanted));
        }
        if let AttemptEnd::Answered(_) = fact.end {
            found.holds(&format!("{what} has no rule"), attempt.rule.is_some());
        }
    }
    for moment in story.timeline() {
        let request = match &moment.kind {
            MomentKind::Attempt(attempt) => attempt.request.as_ref(),
            MomentKind::Intended { request, .. } => Some(request),
            _ => None,
        };
        let lost = request.filter(|one| matches!(one.check, RequestCheck::Differs | RequestCheck::Lost));
        found.holds(&format!("row {}, a request is not the one that was sent: {lost:?}", row.number), lost.is_none());
    }
}

/// The calls whose requests the journal keeps hashes of.
fn written_calls(row: &ExpectedRow) -> BTreeSet<CallRef> {
    let facts = row.facts.iter();
    facts.filter_map(|(_, fact)| if let Fact::Intent(intent) = fact { Some(intent.call) } else { None }).collect()
}
