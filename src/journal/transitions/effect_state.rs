//! The state of one call's effect, for other runs that are about to make the same effect.

use super::call_state::CallState;
use super::row_state::RowState;
use crate::journal::facts::CallRef;
use crate::model::{Phase, RowOutcome, RunId};

/// An effect that another run must not make again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EffectState {
    /// It was made and exists.
    Made,
    /// It may have been made, and its run will not find out.
    Unknown,
    /// Its run intends to make it and has recorded no end. If that run is alive, it is under way; if its process
    /// died, it is in doubt.
    UnderWay,
    /// It was made, as a person stated for a run whose journal is damaged.
    Told,
}

impl EffectState {
    /// The state of a call's effect; `None` if it was not made, or was undone by its own rollback.
    #[must_use]
    pub fn of(state: &RowState, call: CallRef) -> Option<Self> {
        let known = state.call(call)?;
        let undo = match call.phase {
            Phase::Do => state.call(CallRef { phase: Phase::Rollback, ..call }),
            Phase::Rollback => None,
        };
        if known.is_in_doubt() {
            return Some(if known.ended.is_some() { Self::Unknown } else { Self::UnderWay });
        }
        match undo {
            _ if !known.made_an_effect() => None,
            Some(undo) if undo.is_done() => None,
            Some(undo) if undo.is_in_doubt() => Some(Self::Unknown),
            _ => Some(Self::Made),
        }
    }

    /// Its state after an undo of the run `of`, given the undo's state of the same row; `None` if it was undone.
    #[must_use]
    pub fn after_undo(self, undo: &RowState, call: CallRef, of: &RunId) -> Option<Self> {
        let about = undo.call(call).is_some_and(|known| known.imported_from.as_ref() == Some(of));
        if !about {
            return Some(self);
        }
        let own = undo.call(CallRef { phase: Phase::Rollback, ..call });
        // An effect without a rollback of its own is undone with the step on which it depends.
        let whole = undo.ended.as_ref().is_some_and(|ended| ended.outcome == RowOutcome::Succeeded);
        match own {
            Some(own) if own.is_done() => None,
            Some(own) if own.is_in_doubt() => Some(Self::Unknown),
            _ if whole => None,
            _ if undo.steps.iter().flat_map(|step| &step.undone).any(CallState::is_in_doubt) => Some(Self::Unknown),
            _ => Some(self),
        }
    }

    /// Whether it is unknown if the effect was made.
    #[must_use]
    pub fn is_in_doubt(self) -> bool {
        match self {
            Self::Unknown | Self::UnderWay => true,
            Self::Made | Self::Told => false,
        }
    }

    /// The state in words, to follow the run's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Made => "succeeded",
            Self::Unknown => "unknown",
            Self::UnderWay => "unknown or under way",
            Self::Told => "done, as a person stated",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::facts::sample::{answer, intent};
    use crate::journal::facts::{AttemptEnd, Fact, ImportedCall, RowEnded};
    use crate::model::{Disposition, Map, StepOutcome, Time, Value};

    const UNDO: CallRef = CallRef { step: 0, item: 0, phase: Phase::Rollback };

    fn state(facts: &[Fact]) -> Option<EffectState> {
        let facts = facts.iter().map(|fact| (Time::from_secs(1), fact));
        EffectState::of(&RowState::fold(facts), CallRef::default())
    }

    #[test]
    fn an_unanswered_call_that_ended_is_unknown() {
        let call = CallRef::default();
        assert_eq!(state(&[intent(call)]), Some(EffectState::UnderWay));
        let again = answer(call, AttemptEnd::Lost, None);
        assert_eq!(state(&[intent(call), again]), Some(EffectState::UnderWay), "it will be sent again or looked up");
        let lost = answer(call, AttemptEnd::Lost, Some(StepOutcome::Unknown));
        assert_eq!(state(&[intent(call), lost]), Some(EffectState::Unknown));
        let withheld = answer(call, AttemptEnd::Unsent, None);
        assert_eq!(state(&[intent(call), withheld]), None);
        assert_eq!(state(&[intent(call), answer(call, AttemptEnd::NotMade, Some(StepOutcome::Failed))]), None);
    }

    #[test]
    fn an_undone_effect_has_no_state() {
        let call = CallRef::default();
        let answered = AttemptEnd::Answered(Disposition::Succeeded);
        let done = answer(call, answered, Some(StepOutcome::Succeeded));
        let undone = answer(UNDO, answered, Some(StepOutcome::Succeeded));
        assert_eq!(state(&[intent(call), done.clone()]), Some(EffectState::Made));
        assert_eq!(state(&[intent(call), done.clone(), intent(UNDO)]), Some(EffectState::Unknown));
        assert_eq!(state(&[intent(call), done.clone(), intent(UNDO), undone]), None);
        let refused = answer(UNDO, AttemptEnd::Answered(Disposition::Rejected), Some(StepOutcome::Failed));
        assert_eq!(state(&[intent(call), done, intent(UNDO), refused]), Some(EffectState::Made));
    }

    fn undone(of: &str, facts: &[Fact], ended: Option<RowOutcome>) -> Option<EffectState> {
        let mut all = vec![Fact::ImportedCall(ImportedCall {
            call: CallRef::default(),
            from: RunId::from_text(of),
            made_at: Time::from_secs(1),
            outcome: StepOutcome::Succeeded,
            hash: None,
            element: None,
            code: None,
            message: None,
            request_id: None,
            outputs: Map::new(),
            body: Value::Null,
        })];
        all.extend_from_slice(facts);
        all.extend(ended.map(|outcome| {
            let (step, code, message, request_id, results) = (None, None, None, None, Map::new());
            Fact::RowEnded(RowEnded { outcome, step, code, message, request_id, results })
        }));
        let row = RowState::fold(all.iter().map(|fact| (Time::from_secs(1), fact)));
        EffectState::Made.after_undo(&row, CallRef::default(), &RunId::from_text("first"))
    }

    #[test]
    fn only_an_undo_that_succeeded_frees_an_effect() {
        let answered = AttemptEnd::Answered(Disposition::Succeeded);
        let done = [intent(UNDO), answer(UNDO, answered, Some(StepOutcome::Succeeded))];
        let refused =
            [intent(UNDO), answer(UNDO, AttemptEnd::Answered(Disposition::Rejected), Some(StepOutcome::Failed))];
        let lost = [intent(UNDO), answer(UNDO, AttemptEnd::Lost, Some(StepOutcome::Unknown))];
        assert_eq!(undone("first", &[], None), Some(EffectState::Made), "not yet");
        assert_eq!(undone("first", &refused, Some(RowOutcome::Failed)), Some(EffectState::Made));
        assert_eq!(undone("first", &lost, Some(RowOutcome::Unknown)), Some(EffectState::Unknown));
        assert_eq!(undone("first", &[intent(UNDO)], None), Some(EffectState::Unknown), "under way");
        assert_eq!(undone("another", &done, Some(RowOutcome::Succeeded)), Some(EffectState::Made), "not this one");
        assert_eq!(undone("first", &done, None), None);
        assert_eq!(undone("first", &[], Some(RowOutcome::Succeeded)), None, "it went with another step");
    }

    #[test]
    fn an_unchanged_call_made_no_effect() {
        let call = CallRef::default();
        let unchanged = answer(call, AttemptEnd::Answered(Disposition::Unchanged), Some(StepOutcome::Unchanged));
        assert_eq!(state(&[intent(call), unchanged]), None);
    }

    #[test]
    fn an_unanswered_intent_is_under_way_and_both_it_and_an_unknown_end_are_in_doubt() {
        assert_eq!(state(&[intent(CallRef::default())]), Some(EffectState::UnderWay));
        assert_eq!(state(&[]), None);
        let doubted = [EffectState::Made, EffectState::Unknown, EffectState::UnderWay, EffectState::Told];
        assert_eq!(doubted.map(EffectState::is_in_doubt), [false, true, true, false]);
        let words = ["succeeded", "unknown", "unknown or under way", "done, as a person stated"];
        assert_eq!(doubted.map(EffectState::as_str), words);
    }
}
