//! Which of several runs makes an effect that more than one of them is about to make.
//!
//! Every run writes the intent of an effect to its journal before it looks into the other journals. So of two runs,
//! at least one sees the intent of the other. Between two live runs, the lower id decides. The run with the higher id
//! gives way at once. The run with the lower id waits until the other one has recorded what happened to its intent:
//! that run may have looked, and sent, before the lower one's intent was written. No run waits for a lower id, so no
//! circle of waiting runs is possible.

use super::effect_state::EffectState;
use crate::model::RunId;

/// The code of a row, or of an attempt, whose call another run has under way.
pub const LEFT_TO_OTHER_RUN: &str = "left_to_other_run";

/// What a run does about an effect, given the effect's state in another run. With several other runs, the greatest
/// value decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// Wait: the other run gives way, or soon records how its call ended.
    Wait,
    /// Give way: the other run makes the effect.
    GiveWay,
    /// Do not make the effect: it was made, or may have been.
    DoneBefore,
}

impl Claim {
    /// What the run `own` does if the effect has this `state` in the run `other`. `is_live` is whether a process
    /// drove that run before its journal was read, so that `state` includes everything that a finished process wrote.
    #[must_use]
    pub fn of(own: &RunId, other: &RunId, state: EffectState, is_live: bool) -> Self {
        match state {
            EffectState::Made | EffectState::Unknown | EffectState::Told => Self::DoneBefore,
            EffectState::UnderWay if !is_live => Self::DoneBefore,
            EffectState::UnderWay if other < own => Self::GiveWay,
            EffectState::UnderWay => Self::Wait,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [EffectState; 4] =
        [EffectState::Made, EffectState::Unknown, EffectState::Told, EffectState::UnderWay];

    fn ids() -> [RunId; 2] {
        [RunId::from_text("20260101-000000-aaaaaa"), RunId::from_text("20260101-000000-bbbbbb")]
    }

    #[test]
    fn of_two_live_runs_the_lower_id_waits_and_the_higher_gives_way() {
        let [low, high] = ids();
        assert_eq!(Claim::of(&low, &high, EffectState::UnderWay, true), Claim::Wait);
        assert_eq!(Claim::of(&high, &low, EffectState::UnderWay, true), Claim::GiveWay);
    }

    #[test]
    fn an_effect_under_way_in_a_dead_run_counts_as_done_for_either_id() {
        let [low, high] = ids();
        for (own, other) in [(&low, &high), (&high, &low)] {
            assert_eq!(Claim::of(own, other, EffectState::UnderWay, false), Claim::DoneBefore);
        }
    }

    #[test]
    fn a_recorded_result_counts_as_done_for_either_id_alive_or_dead() {
        let [low, high] = ids();
        for (own, other) in [(&low, &high), (&high, &low)] {
            for state in STATES.into_iter().filter(|state| *state != EffectState::UnderWay) {
                for is_live in [true, false] {
                    assert_eq!(Claim::of(own, other, state, is_live), Claim::DoneBefore);
                }
            }
        }
    }

    #[test]
    fn the_most_careful_claim_is_the_greatest() {
        assert!(Claim::DoneBefore > Claim::GiveWay && Claim::GiveWay > Claim::Wait);
    }
}
