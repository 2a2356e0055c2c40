//! The details that are shown for a call: those of its own send. Later lookups add to them and do not replace them.

use std::borrow::Cow;

use super::call_state::{CallState, SendDetails};
use crate::journal::facts::{AttemptEnd, Attempted};
use crate::model::{Disposition, StepOutcome};

impl CallState {
    /// Records which send first left the call in doubt, and whether it is to be sent again nevertheless.
    pub(super) fn keep_doubt(&mut self, attempted: &Attempted) {
        let failed = attempted.end == AttemptEnd::LookupFailed && attempted.outcome.is_none();
        self.lookup_said = failed.then(|| lookup_failed(attempted).into());
        if !self.doubt {
            self.doubted = None;
            return;
        }
        let said = match attempted.end {
            AttemptEnd::Lost => "the answer to an earlier send was lost".to_owned(),
            AttemptEnd::Answered(Disposition::Unknown) => {
                let code = attempted.code.as_deref().map(|code| format!(" ({code})")).unwrap_or_default();
                format!("the answer to an earlier send did not say whether it took effect{code}")
            }
            AttemptEnd::Answered(_)
            | AttemptEnd::Unsent
            | AttemptEnd::LookedUp(_)
            | AttemptEnd::LookupFailed
            | AttemptEnd::NotMade => return,
        };
        self.doubted.get_or_insert_with(|| said.into());
        self.may_be_repeated |= attempted.outcome.is_none() && !attempted.look_up;
    }

    /// The details of an attempt, with a note if an earlier send of the call may have taken effect.
    fn said_in_doubt(&self, attempted: &Attempted) -> SendDetails {
        let said = SendDetails::of(attempted);
        let about_itself = matches!(attempted.end, AttemptEnd::Lost | AttemptEnd::Answered(Disposition::Unknown));
        match &self.doubted {
            Some(doubted) if !about_itself => said.with(&format!("{doubted}, so the call may have taken effect")),
            _ => said,
        }
    }

    /// Records the details of a send after which a lookup may have to decide.
    pub(super) fn keep_said(&mut self, attempted: &Attempted) {
        let open = attempted.outcome.is_none_or(|outcome| outcome == StepOutcome::Unknown);
        let may_be_looked_up = matches!(
            attempted.end,
            AttemptEnd::Lost
                | AttemptEnd::Answered(Disposition::Unknown | Disposition::Rejected | Disposition::Unchanged)
        );
        if open && may_be_looked_up {
            self.said = Some(Box::new(self.said_in_doubt(attempted)));
        }
    }

    /// The details of a call that ends with this attempt: after a lookup, those of the call's own send and what the lookup
    /// found.
    pub(super) fn said_at_the_end(&self, attempted: &Attempted) -> SendDetails {
        let found = match attempted.end {
            AttemptEnd::LookedUp(verdict) => Cow::Borrowed(verdict.in_words()),
            AttemptEnd::LookupFailed => Cow::Owned(lookup_failed(attempted)),
            AttemptEnd::Answered(_) | AttemptEnd::Lost | AttemptEnd::Unsent | AttemptEnd::NotMade => {
                let unknown = attempted.outcome == Some(StepOutcome::Unknown);
                return if unknown { self.said_in_doubt(attempted) } else { SendDetails::of(attempted) };
            }
        };
        self.said.as_ref().map_or_else(|| SendDetails::of(attempted), |said| said.with(&found))
    }
}

impl CallState {
    /// The details of a call in doubt that has not ended: those of its own send and of its last lookup.
    #[must_use]
    pub fn said_so_far(&self) -> Option<SendDetails> {
        let said = self.said.as_deref().filter(|_| !self.open)?;
        Some(self.lookup_said.as_deref().map_or_else(|| said.clone(), |failed| said.with(failed)))
    }
}

/// A sentence that the lookup failed, with its code and message.
fn lookup_failed(attempted: &Attempted) -> String {
    match (&attempted.code, &attempted.message) {
        (None, None) => "the lookup failed".to_owned(),
        (Some(said), None) | (None, Some(said)) => format!("the lookup failed ({said})"),
        (Some(code), Some(message)) => format!("the lookup failed ({code}: {message})"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::call_state::CallEnded;
    use super::super::row_state::RowState;
    use super::*;
    use crate::journal::facts::sample::{answer, intent};
    use crate::journal::facts::{CallRef, Fact};
    use crate::model::Time;
    use crate::policy::LookupVerdict::{DidNot, TookEffect, Undecided};

    const CALL: CallRef = CallRef { step: 0, item: 0, phase: crate::model::Phase::Do };
    const UNCLEAR: AttemptEnd = AttemptEnd::Answered(Disposition::Unknown);

    /// An attempt with words of its own.
    fn attempt(end: AttemptEnd, ended: Option<StepOutcome>, word: &str) -> Fact {
        let Fact::Attempted(attempted) = answer(CALL, end, ended) else { panic!() };
        let said = |what: &str| Some(format!("{what} of the {word}"));
        Fact::Attempted(Attempted { code: said("code"), message: said("words"), request_id: said("id"), ..attempted })
    }

    fn fold(facts: &[Fact]) -> RowState {
        RowState::fold(facts.iter().map(|fact| (Time::from_secs(1), fact)))
    }

    fn ended(facts: &[Fact]) -> CallEnded {
        fold(facts).call(CALL).unwrap().ended.clone().unwrap()
    }

    #[track_caller]
    fn is_said_of(ended: &CallEnded, word: &str, found: &str) {
        assert_eq!(ended.code, Some(format!("code of the {word}")));
        assert_eq!(ended.message, Some(format!("words of the {word}{found}")));
        assert_eq!(ended.request_id, Some(format!("id of the {word}")));
    }

    #[test]
    fn a_looked_up_call_keeps_the_details_of_its_own_send() {
        for write in [AttemptEnd::Lost, UNCLEAR] {
            for (lookup, outcome, found) in [
                (AttemptEnd::LookedUp(TookEffect), StepOutcome::Succeeded, "; a lookup found the effect"),
                (AttemptEnd::LookedUp(DidNot), StepOutcome::Failed, "; a lookup found no effect"),
                (AttemptEnd::LookedUp(Undecided), StepOutcome::Unknown, "; a lookup could not tell"),
                (
                    AttemptEnd::LookupFailed,
                    StepOutcome::Unknown,
                    "; the lookup failed (code of the lookup: words of the lookup)",
                ),
            ] {
                let facts = [
                    intent(CALL),
                    attempt(write, None, "write"),
                    attempt(AttemptEnd::LookupFailed, None, "first lookup"),
                    attempt(lookup, Some(outcome), "lookup"),
                ];
                is_said_of(&ended(&facts), "write", found);
                assert_eq!(fold(&facts).sends, 1, "lookups are not among the requests sent for the row");
                assert_eq!(fold(&facts).call(CALL).unwrap().all_sends, 3);
            }
        }
    }

    #[test]
    fn the_details_are_those_of_the_last_answered_send() {
        let lookup = || attempt(AttemptEnd::LookedUp(Undecided), Some(StepOutcome::Unknown), "lookup");
        let refused = AttemptEnd::Answered(Disposition::Rejected);
        let facts = [
            intent(CALL),
            attempt(AttemptEnd::Lost, None, "first"),
            intent(CALL),
            attempt(refused, None, "second"),
            lookup(),
        ];
        let lost = "; the answer to an earlier send was lost, so the call may have taken effect";
        is_said_of(&ended(&facts), "second", &format!("{lost}; a lookup could not tell"));
        // A send that was refused for pace, or never left, says nothing of what the one before it did.
        for gate in [AttemptEnd::Answered(Disposition::Throttled), AttemptEnd::Unsent, AttemptEnd::NotMade] {
            let facts =
                [intent(CALL), attempt(UNCLEAR, None, "first"), intent(CALL), attempt(gate, None, "second"), lookup()];
            is_said_of(&ended(&facts), "first", "; a lookup could not tell");
        }
        let again = [
            intent(CALL),
            attempt(AttemptEnd::Lost, None, "first"),
            attempt(AttemptEnd::LookedUp(DidNot), None, "lookup"),
            intent(CALL),
            attempt(refused, Some(StepOutcome::Failed), "second"),
        ];
        is_said_of(&ended(&again), "second", "");
        assert_eq!(fold(&again).sends, 2);
    }

    #[test]
    fn the_end_of_a_repeated_call_mentions_its_lost_first_answer() {
        let unclear = "; the answer to an earlier send did not say whether it took effect (code of the first)";
        for (first, told) in [(AttemptEnd::Lost, "; the answer to an earlier send was lost"), (UNCLEAR, unclear)] {
            // Refused, out of attempts at the gate, too late, or without a token: none of them tells of the first send.
            for last in [
                AttemptEnd::Answered(Disposition::Rejected),
                AttemptEnd::Answered(Disposition::Throttled),
                AttemptEnd::Answered(Disposition::ExpiredToken),
                AttemptEnd::Unsent,
                AttemptEnd::NotMade,
            ] {
                let end = attempt(last, Some(StepOutcome::Unknown), "second");
                let facts = [intent(CALL), attempt(first, None, "first"), intent(CALL), end];
                is_said_of(&ended(&facts), "second", &format!("{told}, so the call may have taken effect"));
            }
        }
        let once = [intent(CALL), attempt(AttemptEnd::Lost, Some(StepOutcome::Unknown), "first")];
        is_said_of(&ended(&once), "first", "");
        let twice = [
            intent(CALL),
            attempt(AttemptEnd::Lost, None, "first"),
            intent(CALL),
            attempt(AttemptEnd::Lost, Some(StepOutcome::Unknown), "second"),
        ];
        is_said_of(&ended(&twice), "second", "");
    }

    #[test]
    fn a_reopened_call_mentions_only_its_last_lookup() {
        for write in [AttemptEnd::Lost, UNCLEAR] {
            let mut facts = vec![intent(CALL), attempt(write, Some(StepOutcome::Unknown), "write")];
            for _ in 0..3 {
                facts.push(Fact::Reopened(CALL));
                facts.push(attempt(AttemptEnd::LookedUp(Undecided), Some(StepOutcome::Unknown), "lookup"));
                is_said_of(&ended(&facts), "write", "; a lookup could not tell");
            }
            facts.push(Fact::Reopened(CALL));
            facts.push(attempt(AttemptEnd::LookedUp(DidNot), Some(StepOutcome::Failed), "lookup"));
            is_said_of(&ended(&facts), "write", "; a lookup found no effect");
        }
    }
}
