//! The audit of a run: folds every row's facts again, checks each fact and adds up the totals.

use std::collections::BTreeMap;
use std::fmt::Display;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call_times::CallTimes;
use crate::journal::facts::{AttemptEnd, Attempted, Fact, ScopeShape};
use crate::journal::transitions::{RowState, derive_outcome, violation};
use crate::model::{Disposition, Phase, RowOutcome, Time};
use crate::policy::{Counts, EffectCounts};

/// The most problems that are named; further ones are counted.
const PROBLEMS_NAMED: usize = 20;

/// How often an operation was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct OperationCounts {
    /// Calls that have ended.
    pub calls: u64,
    /// Requests sent for them.
    pub attempts: u64,
    /// Throttled answers.
    pub throttled: u64,
}

/// The totals and problems of a pass over all rows.
#[derive(Debug, Default)]
pub struct Audit {
    /// Rows by outcome.
    pub counts: Counts,
    /// What was sent, by operation.
    pub operations: BTreeMap<String, OperationCounts>,
    /// How long requests took, by operation; without those of journals that do not hold it.
    pub times: BTreeMap<String, CallTimes>,
    /// Effects that were made, or may have been, by kind.
    pub effects: EffectCounts,
    /// The first problems, one sentence each.
    pub problems: Vec<String>,
    /// The number of all problems.
    pub problems_in_all: u64,
}

impl Audit {
    /// Adds the facts of one scope and returns its state. `name` names the scope in problems.
    pub fn fold(&mut self, name: impl Display, facts: &[(Time, Fact)], shape: &ScopeShape) -> RowState {
        let mut state = RowState::default();
        for (at, fact) in facts {
            if let Some(problem) = violation(&state, fact, shape) {
                self.problem(format!("{name}: {problem}"));
            }
            if let Fact::Attempted(attempted) = fact {
                self.count(attempted, &state, shape);
            }
            state.apply(*at, fact);
        }
        for (word, count) in state.effects() {
            *self.effects.entry(word).or_default() += count;
        }
        state
    }

    /// Counts a row by its outcome and returns the outcome. An outcome that its facts do not support is a problem.
    pub fn close_row(&mut self, name: impl Display, state: &RowState, shape: &ScopeShape) -> RowOutcome {
        self.counts.total += 1;
        let stands = derive_outcome(state, shape);
        let outcome = match &state.ended {
            Some(ended) => ended.outcome,
            None => stands,
        };
        // A row that was never run (`invalid`) ends without any step, so there is nothing to compare.
        if outcome != stands && !state.steps.is_empty() {
            self.problem(format!("{name}: ended as {}, its facts say {}", outcome.as_str(), stands.as_str()));
        }
        self.counts.add(outcome);
        outcome
    }

    /// Checks that the run made no more effects than its effect budget allows.
    pub fn close_budget(&mut self, budget: &EffectCounts) {
        for (word, most) in budget {
            let made = self.effects.get(word).copied().unwrap_or_default();
            if made > *most {
                self.problem(format!("{made} × {word}, and the budget lets through {most}"));
            }
        }
    }

    /// Ends the pass: checks that the counts add up to `rows`.
    pub fn close(&mut self, rows: u64) {
        if self.counts.ended() != rows {
            self.problem(format!("{} outcomes for {rows} rows", self.counts.ended()));
        }
    }

    fn problem(&mut self, what: String) {
        self.problems_in_all += 1;
        if self.problems.len() < PROBLEMS_NAMED {
            self.problems.push(what);
        }
    }

    fn count(&mut self, attempted: &Attempted, before: &RowState, shape: &ScopeShape) {
        let Some(step) = shape.steps.get(attempted.call.step as usize) else { return };
        let lookup = attempted.end.is_of_a_lookup();
        let operation = match (lookup, attempted.call.phase) {
            (true, Phase::Do) => step.lookup.as_ref(),
            (true, Phase::Rollback) => step.rollback_lookup.as_ref(),
            (false, Phase::Do) => Some(&step.operation),
            (false, Phase::Rollback) => step.rollback.as_ref(),
        };
        let Some(operation) = operation.filter(|_| attempted.end != AttemptEnd::NotMade && !attempted.joined) else {
            return;
        };
        if !self.operations.contains_key(operation) {
            self.operations.insert(operation.clone(), OperationCounts::default());
        }
        let Some(counts) = self.operations.get_mut(operation) else { return };
        let first = lookup || before.call(attempted.call).is_none_or(|call| call.all_sends == 0);
        counts.calls += u64::from(first);
        counts.attempts += 1;
        counts.throttled += u64::from(attempted.end == AttemptEnd::Answered(Disposition::Throttled));
        let Some(took) = attempted.took_ms else { return };
        if !self.times.contains_key(operation) {
            self.times.insert(operation.clone(), CallTimes::default());
        }
        if let Some(times) = self.times.get_mut(operation) {
            times.add(took);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::facts::sample::{answer, intent};
    use crate::journal::facts::{CallRef, Intent, RowEnded, StepShape};
    use crate::journal::transitions::CallState;
    use crate::model::{Map, StepOutcome};

    fn shape() -> ScopeShape {
        let step = StepShape { id: "move".into(), operation: "x.move".into(), write: true, ..StepShape::default() };
        ScopeShape { steps: vec![step], undoing: None }
    }

    fn problems(facts: &[Fact]) -> Vec<String> {
        let facts: Vec<_> = facts.iter().map(|fact| (Time::from_secs(1), fact.clone())).collect();
        let mut audit = Audit::default();
        let state = audit.fold("row 2", &facts, &shape());
        audit.close_row("row 2", &state, &shape());
        audit.close(1);
        audit.problems
    }

    const DONE: AttemptEnd = AttemptEnd::Answered(Disposition::Succeeded);

    #[test]
    fn an_answer_without_an_intent_is_found() {
        let found = problems(&[answer(CallRef::default(), DONE, Some(StepOutcome::Succeeded))]);
        assert!(found[0].contains("without an intent"), "{found:?}");
    }

    #[test]
    fn a_second_send_of_a_done_call_is_found() {
        let found = problems(&[
            intent(CallRef::default()),
            answer(CallRef::default(), DONE, Some(StepOutcome::Succeeded)),
            intent(CallRef::default()),
        ]);
        assert!(found[0].contains("sent again after it had ended"), "{found:?}");
    }

    #[test]
    fn two_sends_at_once_are_found() {
        assert!(
            problems(&[intent(CallRef::default()), intent(CallRef::default())])[0]
                .contains("while an answer was awaited")
        );
    }

    #[test]
    fn an_outcome_that_its_facts_contradict_is_found() {
        let (step, code, message, request_id, results) = (None, None, None, None, Map::new());
        let ended = RowEnded { outcome: RowOutcome::Succeeded, step, code, message, request_id, results };
        let found = problems(&[
            intent(CallRef::default()),
            answer(CallRef::default(), AttemptEnd::Lost, Some(StepOutcome::Unknown)),
            Fact::RowEnded(ended),
        ]);
        assert!(found[0].contains("ended as succeeded, its facts say unknown"), "{found:?}");
    }

    #[test]
    fn an_effect_beyond_the_budget_is_found() {
        let Fact::Intent(intent) = intent(CallRef::default()) else { panic!() };
        let counted = Fact::Intent(Intent { counts: vec!["sms".into()], ..intent });
        let made = |how, ended| {
            let mut audit = Audit::default();
            let facts =
                [counted.clone(), answer(CallRef::default(), how, Some(ended))].map(|fact| (Time::from_secs(1), fact));
            audit.fold("row 2", &facts, &shape());
            audit.close_budget(&EffectCounts::from([("sms".to_owned(), 0)]));
            audit.problems
        };
        assert_eq!(made(DONE, StepOutcome::Succeeded), ["1 × sms, and the budget lets through 0"]);
        assert_eq!(made(AttemptEnd::Lost, StepOutcome::Unknown).len(), 1);
        for how in [
            AttemptEnd::Unsent,
            AttemptEnd::Answered(Disposition::Rejected),
            AttemptEnd::Answered(Disposition::Throttled),
        ] {
            assert_eq!(made(how, StepOutcome::Failed), Vec::<String>::new(), "{how:?}");
        }
        assert_eq!(made(AttemptEnd::Answered(Disposition::Unchanged), StepOutcome::Unchanged), Vec::<String>::new());
    }

    #[test]
    fn a_call_that_was_withheld_is_no_call_and_stays_to_be_made() {
        let call = CallRef::default();
        let mut audit = Audit::default();
        let facts = [intent(call), answer(call, AttemptEnd::NotMade, None), intent(call), answer(call, DONE, None)];
        let facts = facts.map(|fact| (Time::from_secs(1), fact));
        let withheld = audit.fold("row 2", &facts[..2], &shape());
        assert_eq!((withheld.sends, withheld.call(call).map(CallState::is_in_doubt)), (0, Some(false)));
        assert!(audit.operations.is_empty(), "{:?}", audit.operations);
        audit.fold("row 2", &facts, &shape());
        assert_eq!(
            audit.operations.values().map(|counts| (counts.calls, counts.attempts)).collect::<Vec<_>>(),
            [(1, 1)]
        );
        assert!(audit.problems.is_empty(), "{:?}", audit.problems);
    }

    #[test]
    fn an_open_intent_counts_as_unknown() {
        let mut audit = Audit::default();
        let state = audit.fold("row 2", &[(Time::from_secs(1), intent(CallRef::default()))], &shape());
        assert_eq!(audit.close_row("row 2", &state, &shape()), RowOutcome::Unknown);
    }

    #[test]
    fn requests_are_counted_for_the_operation_that_was_sent() {
        let step = StepShape {
            id: "move".into(),
            operation: "x.move".into(),
            lookup: Some("x.get".into()),
            rollback: Some("x.back".into()),
            rollback_lookup: Some("x.look_back".into()),
            write: true,
            ..StepShape::default()
        };
        let shape = ScopeShape { steps: vec![step], undoing: None };
        let call = CallRef::default();
        let undo = CallRef { phase: Phase::Rollback, ..call };
        let throttled = AttemptEnd::Answered(Disposition::Throttled);
        let lookup = AttemptEnd::LookedUp(crate::policy::LookupVerdict::DidNot);
        let Fact::Attempted(joined) = answer(call, lookup, None) else { panic!("an attempt") };
        let facts = [
            intent(call),
            answer(call, throttled, None),
            intent(call),
            answer(call, AttemptEnd::Lost, None),
            answer(call, AttemptEnd::LookupFailed, None),
            answer(call, lookup, None),
            Fact::Attempted(Attempted { joined: true, ..joined }),
            intent(call),
            answer(call, DONE, Some(StepOutcome::Succeeded)),
            intent(undo),
            answer(undo, AttemptEnd::Lost, None),
            answer(undo, lookup, Some(StepOutcome::Succeeded)),
        ];
        let mut audit = Audit::default();
        audit.fold("row 2", &facts.map(|fact| (Time::from_secs(1), fact)), &shape);
        let counted = |operation: &str| {
            let counts = audit.operations[operation];
            (counts.calls, counts.attempts, counts.throttled)
        };
        assert_eq!((counted("x.move"), counted("x.get"), counted("x.back")), ((1, 3, 1), (2, 2, 0), (1, 1, 0)));
        assert_eq!((counted("x.look_back"), audit.operations.len()), ((1, 1, 0), 4));
    }

    #[test]
    fn a_call_outside_the_shape_is_not_counted() {
        let mut audit = Audit::default();
        let far = CallRef { step: 9, ..CallRef::default() };
        audit.fold("row 2", &[(Time::from_secs(1), answer(far, DONE, None))], &shape());
        assert!(audit.operations.is_empty());
    }

    #[test]
    fn a_row_counts_under_the_outcome_it_ended_with_and_one_that_was_never_run_is_not_compared() {
        let (step, code, message, request_id, results) = (None, None, None, None, Map::new());
        let ended = RowEnded { outcome: RowOutcome::Failed, step, code, message, request_id, results };
        let mut audit = Audit::default();
        let state = audit.fold("row 2", &[(Time::from_secs(1), Fact::RowEnded(ended))], &shape());
        assert_eq!(audit.close_row("row 2", &state, &shape()), RowOutcome::Failed);
        assert_eq!((audit.counts.of(RowOutcome::Failed), audit.counts.total), (1, 1));
        audit.close(1);
        assert_eq!(audit.problems, Vec::<String>::new());
        audit.close(2);
        assert_eq!(audit.problems, ["1 outcomes for 2 rows"]);
    }

    #[test]
    fn a_budget_that_is_just_used_up_is_no_problem() {
        let mut audit = Audit { effects: EffectCounts::from([("sms".to_owned(), 2)]), ..Audit::default() };
        audit.close_budget(&EffectCounts::from([("sms".to_owned(), 2), ("mail".to_owned(), 0)]));
        assert_eq!(audit.problems, Vec::<String>::new());
        audit.close_budget(&EffectCounts::from([("sms".to_owned(), 1)]));
        assert_eq!(audit.problems, ["2 × sms, and the budget lets through 1"]);
    }

    #[test]
    fn the_first_twenty_problems_are_named_and_all_are_counted() {
        let mut audit = Audit::default();
        (0..25).for_each(|rows| audit.close(rows + 1));
        assert_eq!((audit.problems.len(), audit.problems_in_all), (20, 25));
    }
}
