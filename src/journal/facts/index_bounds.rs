//! Bounds of step and element indexes. A fold allocates a place for every call up to the highest index, so facts with
//! impossible indexes must be found before they are folded.

use std::collections::BTreeMap;

use super::call_ref::CallRef;
use super::fact::Fact;
use crate::model::{Phase, Time};

/// Facts whose indexes are all below these need no further check.
const NEAR: CallRef = CallRef { step: 64, item: 4_096, phase: Phase::Do };
/// The most places of a scope that may lack a fact. Imported elements and rollbacks may come in any order.
const MOST_UNTOLD: u64 = 1 << 20;

/// Whether the facts can be those of a run: not more than 2²⁰ steps and elements beyond the number of facts.
#[must_use]
pub fn indexes_are_in_bounds(facts: &[(Time, Fact)]) -> bool {
    let near = |call: CallRef| call.step < NEAR.step && call.item < NEAR.item;
    if facts.iter().all(|(_, fact)| call_of(fact).is_none_or(near)) {
        return true;
    }
    let mut places: BTreeMap<(u32, Phase), u64> = BTreeMap::new();
    let mut steps = 0;
    for call in facts.iter().filter_map(|(_, fact)| call_of(fact)) {
        steps = steps.max(u64::from(call.step) + 1);
        let last = places.entry((call.step, call.phase)).or_default();
        *last = (*last).max(u64::from(call.item) + 1);
    }
    steps + places.values().sum::<u64>() <= MOST_UNTOLD + facts.len() as u64
}

/// The call of a fact; for a step's end, the step's first call.
fn call_of(fact: &Fact) -> Option<CallRef> {
    match fact {
        Fact::Intent(intent) => Some(intent.call),
        Fact::Attempted(attempted) => Some(attempted.call),
        Fact::StepEnded(ended) => Some(CallRef { step: ended.step, ..CallRef::default() }),
        Fact::Settled(settled) => Some(settled.call),
        Fact::Reopened(call) => Some(*call),
        Fact::ImportedCall(carried) => Some(carried.call),
        Fact::RollbackStarted
        | Fact::RowEnded(_)
        | Fact::ContinuedIn(_)
        | Fact::Began { .. }
        | Fact::Steered(_)
        | Fact::Stopped(_)
        | Fact::Finished => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lawful(calls: &[(u32, u32)]) -> bool {
        let fact = |&(step, item): &(u32, u32)| Fact::Reopened(CallRef { step, item, phase: Phase::Do });
        let facts: Vec<_> = calls.iter().map(|call| (Time::from_secs(1), fact(call))).collect();
        indexes_are_in_bounds(&facts)
    }

    #[test]
    fn calls_that_no_run_can_have_made_are_found() {
        for calls in [&[(u32::MAX, 0)][..], &[(0, u32::MAX)], &[(0, 1 << 20)], &[(0, 1), (1, 700_000), (2, 700_000)]] {
            assert!(!lawful(calls), "{calls:?}");
        }
    }

    #[test]
    fn facts_of_elements_in_any_order_are_accepted() {
        for calls in [&[][..], &[(63, 4_095)], &[(0, 900_000)], &[(1_000, 0), (3, 500_000), (4, 500_000)]] {
            assert!(lawful(calls), "{calls:?}");
        }
        let dense: Vec<(u32, u32)> = (0..1_100_000).map(|item| (0, item)).collect();
        assert!(lawful(&dense), "as many facts as elements");
    }

    #[test]
    fn the_bound_is_a_million_places_beyond_the_facts() {
        assert!(lawful(&[(0, (1 << 20) - 1)]) && !lawful(&[(0, 1 << 20)]));
        let two = [(0, 600_000), (1, 0), (1, (1 << 20) - 600_001)];
        assert!(lawful(&two), "two steps, all elements of both, three facts");
        assert!(!lawful(&[two[0], two[1], (1, two[2].1 + 1)]));
        assert!(lawful(&[(63, 4_095), (0, 4_095)]) && lawful(&[(64, 0)]) && lawful(&[(0, 4_096)]));
    }
}
