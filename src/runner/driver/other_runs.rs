//! What to do with a call whose effect another run has made or has under way.

use std::collections::HashMap;
use std::time::Duration;

use crate::engine::CallResult;
use crate::io::journal::PriorEffect;
use crate::journal::Claim;
use crate::model::{EffectKey, Time};

/// How long to wait for another run that has the same call under way, as a multiple of the call's own timeout.
const MAX_WAIT_IN_TIMEOUTS: u32 = 3;

/// Whether a call may be sent, given what other runs record about its effect.
#[derive(Debug, PartialEq)]
pub(super) enum Clearance {
    /// No other run claims the effect.
    Free,
    /// Another run has it under way, and gives way or soon records how it ended.
    Wait,
    /// The call is not sent; this is its result.
    Taken(CallResult),
}

impl Clearance {
    /// Another run made the effect, or may have.
    pub(super) fn made_before(prior: PriorEffect) -> Self {
        Self::Taken(CallResult::DoneBefore { run: prior.run, state: prior.state })
    }
}

/// The effects that another run has under way and this run waits for, with the start of the wait.
#[derive(Debug, Default)]
pub(super) struct AwaitedEffects {
    since: HashMap<EffectKey, Time>,
}

impl AwaitedEffects {
    /// Decides about a call with `effect`, given the strongest claim of another run on it. `timeout` is the call's own.
    pub(super) fn decide(
        &mut self,
        effect: EffectKey,
        claim: Option<(Claim, PriorEffect)>,
        timeout: Duration,
        now: Time,
    ) -> Clearance {
        if !matches!(claim, Some((Claim::Wait, _))) {
            self.since.remove(&effect);
        }
        match claim {
            None => Clearance::Free,
            Some((Claim::DoneBefore, prior)) => Clearance::made_before(prior),
            Some((Claim::GiveWay, prior)) => Clearance::Taken(CallResult::LeftTo(prior.run)),
            Some((Claim::Wait, prior)) => {
                let since = *self.since.entry(effect).or_insert(now);
                // A process that hangs must not delay this run for ever.
                match now.since(since) > timeout.saturating_mul(MAX_WAIT_IN_TIMEOUTS) {
                    true => Clearance::Taken(CallResult::LeftTo(prior.run)),
                    false => Clearance::Wait,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::EffectState;
    use crate::model::RunId;

    const TIMEOUT: Duration = Duration::from_secs(10);

    fn effect(name: &str) -> EffectKey {
        EffectKey::of_natural_key("a.make", name)
    }

    fn claim(claim: Claim) -> Option<(Claim, PriorEffect)> {
        Some((claim, PriorEffect { run: RunId::from_text("r-1"), state: EffectState::Unknown, pruned: false }))
    }

    fn left() -> Clearance {
        Clearance::Taken(CallResult::LeftTo(RunId::from_text("r-1")))
    }

    #[test]
    fn an_unclaimed_effect_is_free_and_a_made_one_is_not_made_again() {
        let mut awaited = AwaitedEffects::default();
        let now = Time::from_secs(100);
        assert_eq!(awaited.decide(effect("1"), None, TIMEOUT, now), Clearance::Free);
        let done = CallResult::DoneBefore { run: RunId::from_text("r-1"), state: EffectState::Unknown };
        assert_eq!(awaited.decide(effect("1"), claim(Claim::DoneBefore), TIMEOUT, now), Clearance::Taken(done));
        assert_eq!(awaited.decide(effect("1"), claim(Claim::GiveWay), TIMEOUT, now), left());
    }

    #[test]
    fn a_run_that_has_the_call_in_hand_is_waited_for_three_timeouts_long() {
        let mut awaited = AwaitedEffects::default();
        let mut at = |seconds| awaited.decide(effect("1"), claim(Claim::Wait), TIMEOUT, Time::from_secs(seconds));
        assert_eq!([at(100), at(115), at(130)], [Clearance::Wait, Clearance::Wait, Clearance::Wait]);
        assert_eq!(at(131), left());
    }

    #[test]
    fn a_wait_that_ended_is_forgotten_and_each_effect_is_waited_for_by_itself() {
        let mut awaited = AwaitedEffects::default();
        let mut at = |name, claim, seconds| awaited.decide(effect(name), claim, TIMEOUT, Time::from_secs(seconds));
        assert_eq!(at("1", claim(Claim::Wait), 100), Clearance::Wait);
        assert_eq!(at("2", claim(Claim::Wait), 131), Clearance::Wait, "the other effect is new");
        assert_eq!(at("1", None, 131), Clearance::Free);
        assert_eq!(at("1", claim(Claim::Wait), 132), Clearance::Wait, "a new wait begins");
    }
}
