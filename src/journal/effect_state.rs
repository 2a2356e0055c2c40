//! What became of one call's effect, for other runs that are about to make the same.

use super::fact::CallRef;
use super::row_state::RowState;
use crate::model::Phase;

/// An effect that another run must not make again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectState {
    /// It was made and stands.
    Made,
    /// It may have been made, or is being made.
    Unknown,
}

impl EffectState {
    /// What became of a call's effect; none where it was not made, or was taken back by its own rollback.
    #[must_use]
    pub fn of(state: &RowState, call: CallRef) -> Option<Self> {
        let known = state.call(call)?;
        let undo = match call.phase {
            Phase::Do => state.call(CallRef { phase: Phase::Rollback, ..call }),
            Phase::Rollback => None,
        };
        if known.is_in_doubt() {
            return Some(Self::Unknown);
        }
        match undo {
            _ if !known.made_an_effect() => None,
            Some(undo) if undo.is_done() => None,
            Some(undo) if undo.is_in_doubt() => Some(Self::Unknown),
            _ => Some(Self::Made),
        }
    }

    /// In words, after the run's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Made => "succeeded",
            Self::Unknown => "unknown or under way",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fact::{Attempted, Fact, How, Intent};
    use super::*;
    use crate::model::{Disposition, Map, StepOutcome, Time, Value};

    const UNDO: CallRef = CallRef { step: 0, item: 0, phase: Phase::Rollback };

    fn intent(call: CallRef) -> Fact {
        Fact::Intent(Intent { call, attempt: 1, hash: String::new(), element: None, natural_key: None, effect: None })
    }

    fn end(call: CallRef, how: How, ended: Option<StepOutcome>) -> Fact {
        let (code, message, request_id, outputs, body) = (None, None, None, Map::new(), Value::Null);
        Fact::Attempted(Attempted {
            call,
            how,
            ended,
            look_up: false,
            code,
            message,
            request_id,
            outputs,
            body,
            read: false,
            joined: false,
            token_known_expired: false,
        })
    }

    fn state(facts: &[Fact]) -> Option<EffectState> {
        let facts = facts.iter().map(|fact| (Time::from_secs(1), fact));
        EffectState::of(&RowState::fold(facts), CallRef::default())
    }

    #[test]
    fn what_was_sent_and_not_answered_is_unknown() {
        let call = CallRef::default();
        assert_eq!(state(&[intent(call)]), Some(EffectState::Unknown));
        let lost = end(call, How::Lost, Some(StepOutcome::Unknown));
        assert_eq!(state(&[intent(call), lost]), Some(EffectState::Unknown));
        let withheld = end(call, How::Unsent, None);
        assert_eq!(state(&[intent(call), withheld]), None);
        assert_eq!(state(&[intent(call), end(call, How::NotMade, Some(StepOutcome::Failed))]), None);
    }

    #[test]
    fn what_was_taken_back_does_not_stand() {
        let call = CallRef::default();
        let answered = How::Answered(Disposition::Succeeded);
        let done = end(call, answered, Some(StepOutcome::Succeeded));
        let undone = end(UNDO, answered, Some(StepOutcome::Succeeded));
        assert_eq!(state(&[intent(call), done.clone()]), Some(EffectState::Made));
        assert_eq!(state(&[intent(call), done.clone(), intent(UNDO)]), Some(EffectState::Unknown));
        assert_eq!(state(&[intent(call), done.clone(), intent(UNDO), undone]), None);
        let refused = end(UNDO, How::Answered(Disposition::Rejected), Some(StepOutcome::Failed));
        assert_eq!(state(&[intent(call), done, intent(UNDO), refused]), Some(EffectState::Made));
    }

    #[test]
    fn what_was_so_already_was_not_made() {
        let call = CallRef::default();
        let unchanged = end(call, How::Answered(Disposition::Unchanged), Some(StepOutcome::Unchanged));
        assert_eq!(state(&[intent(call), unchanged]), None);
    }
}
