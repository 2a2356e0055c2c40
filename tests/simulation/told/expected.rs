//! What the journal of a run says, folded from its facts.

use std::collections::BTreeMap;

use runsheet::internals::journal::{AttemptEnd, Attempted, Fact, RowState, ScopeShape, derive_outcome};
use runsheet::internals::model::{Phase, RowOutcome, StepScope, Time};
use runsheet::internals::plan::BoundList;
use runsheet::internals::runner::{LeftAt, LinkKind, report_unended};
use runsheet::operate::RecordedState;

use super::family::{Family, ToldRun};

/// A row by its facts.
pub(super) struct ExpectedRow {
    pub(super) position: u64,
    pub(super) number: u64,
    pub(super) key: String,
    pub(super) facts: Vec<(Time, Fact)>,
    pub(super) ended: bool,
    pub(super) outcome: RowOutcome,
    pub(super) step: String,
    pub(super) code: String,
    pub(super) message: String,
    pub(super) attempts: u64,
}

impl ExpectedRow {
    /// The texts of its result columns, as row files have them.
    pub(super) fn texts(&self) -> [String; 5] {
        let outcome = self.outcome.to_string();
        [outcome, self.step.clone(), self.code.clone(), self.message.clone(), self.attempts.to_string()]
    }

    /// Whether it went wrong: reports count it among the kinds of failure.
    pub(super) fn is_trouble(&self) -> bool {
        matches!(self.outcome, RowOutcome::Failed | RowOutcome::Partial | RowOutcome::Unknown)
    }
}

pub(super) fn rows(run: &ToldRun) -> Vec<ExpectedRow> {
    let shape = ScopeShape::of(&run.plan, BoundList::Steps);
    let row = |row: &runsheet::internals::journal::FrozenRow| {
        let facts = run.facts(StepScope::Row(row.position));
        let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
        // The last end that nothing opened again.
        let ended = facts.iter().rev().map(|(_, fact)| fact).find_map(|fact| match fact {
            Fact::RowEnded(ended) => Some(Some(ended.clone())),
            Fact::Settled(_) | Fact::Reopened(_) => Some(None),
            _ => None,
        });
        let ended = ended.flatten();
        let has_ended = ended.is_some();
        let now = ended.unwrap_or_else(|| report_unended(&state, &shape, derive_outcome(&state, &shape), &facts));
        ExpectedRow {
            position: row.position,
            number: row.number,
            key: row.key.clone(),
            ended: has_ended,
            outcome: now.outcome,
            step: now.step.unwrap_or_default(),
            code: now.code.unwrap_or_default(),
            message: now.message.unwrap_or_default(),
            attempts: facts.iter().filter(|(_, fact)| is_request(fact)).count() as u64,
            facts,
        }
    };
    run.rows.iter().map(row).collect()
}

/// The rows with an outcome.
pub(super) fn count(rows: &[ExpectedRow], outcome: RowOutcome) -> u64 {
    rows.iter().filter(|row| row.outcome == outcome).count() as u64
}

/// Whether a fact is a request for a step or a rollback.
fn is_request(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Attempted(Attempted { end: AttemptEnd::Answered(_) | AttemptEnd::Lost | AttemptEnd::Unsent, .. })
    )
}

/// The requests by operation, lookups that several rows shared once.
pub(super) fn requests(run: &ToldRun) -> BTreeMap<String, u64> {
    let mut requests = BTreeMap::new();
    for fact in run.disk.iter().flat_map(|entry| &entry.facts) {
        let Fact::Attempted(attempted) = fact else { continue };
        let step = &run.plan.steps[attempted.call.step as usize];
        let call = match attempted.call.phase {
            Phase::Do => Some(&step.call),
            Phase::Rollback => step.rollback.as_ref(),
        };
        let call = call.unwrap();
        let operation = match attempted.end {
            AttemptEnd::NotMade => continue,
            AttemptEnd::LookedUp(_) | AttemptEnd::LookupFailed => &call.lookup.as_ref().unwrap().0,
            AttemptEnd::Answered(_) | AttemptEnd::Lost | AttemptEnd::Unsent => &call.operation,
        };
        if !attempted.joined {
            *requests.entry(operation.full_name().to_owned()).or_default() += 1;
        }
    }
    requests
}

/// How a run was left: `finished`, `stopped` or `broken_off`; also `stopped` if rows of it were settled and have not gone
/// on.
pub(super) fn state(run: &ToldRun, rows: &[ExpectedRow]) -> RecordedState {
    let left = LeftAt::of(&run.facts(StepScope::Run)).state;
    let open = rows.iter().any(|row| !row.ended && !went_on(row));
    if left == RecordedState::Finished && open { RecordedState::Stopped } else { left }
}

/// Whether a row goes on in a later run.
pub(super) fn went_on(row: &ExpectedRow) -> bool {
    row.facts.iter().any(|(_, fact)| matches!(fact, Fact::ContinuedIn(_)))
}

/// What the runs of a family have met, in words.
pub(super) fn words(family: &Family) -> Vec<String> {
    let mut words = Vec::new();
    for run in &family.runs {
        let rows = rows(run);
        let kind = match run.frozen.link.as_ref().map(|link| link.kind) {
            None => "run",
            Some(LinkKind::Retry) => "retry",
            Some(LinkKind::Undo) => "undo",
        };
        words.extend([kind.to_owned(), state(run, &rows).to_string()]);
        words.extend(rows.iter().map(|row| row.outcome.to_string()));
        let facts = run.disk.iter().flat_map(|entry| &entry.facts);
        words.extend(facts.filter_map(|fact| match fact {
            Fact::Steered(_) => Some("steered".to_owned()),
            Fact::Settled(_) => Some("settled".to_owned()),
            Fact::Reopened(_) => Some("looked up again".to_owned()),
            _ => None,
        }));
    }
    words
}
