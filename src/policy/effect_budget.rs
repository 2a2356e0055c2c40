//! The effect budget: how many effects of each kind a run may still make.

use std::collections::BTreeMap;

use super::stop_reason::StopReason;

/// Numbers of effects by kind, the word that operations count them under.
pub type EffectCounts = BTreeMap<String, u64>;

/// A run's effect budget and how much of it is used. An effect counts from the moment its intent is written until it
/// is certain that it was not made.
#[derive(Debug, Clone, Default)]
pub struct EffectBudget {
    /// By kind: the limit, and the effects that were made or may have been.
    effects: BTreeMap<String, (u64, u64)>,
}

impl EffectBudget {
    /// A budget of which `spent` is used already.
    #[must_use]
    pub fn new(budget: &EffectCounts, spent: &EffectCounts) -> Self {
        let so_far = |word: &String| spent.get(word).copied().unwrap_or_default();
        Self { effects: budget.iter().map(|(word, most)| (word.clone(), (*most, so_far(word)))).collect() }
    }

    /// Whether the run has no effect budget.
    #[must_use]
    pub fn is_unbounded(&self) -> bool {
        self.effects.is_empty()
    }

    /// The first of these kinds whose limit is reached; `None` if all effects may be made.
    #[must_use]
    pub fn lacks<'w>(&self, words: &'w [String]) -> Option<&'w String> {
        words.iter().find(|word| self.effects.get(*word).is_some_and(|(most, made)| made >= most))
    }

    /// Replaces the effects that a row counted for by those that it counts for now.
    pub fn change(&mut self, was: &EffectCounts, is: &EffectCounts) {
        for (word, (_, made)) in &mut self.effects {
            let of = |effects: &EffectCounts| effects.get(word).copied().unwrap_or_default();
            *made = (*made + of(is)).saturating_sub(of(was));
        }
    }

    /// The stop reason once the limit of this kind is reached.
    #[must_use]
    pub fn exhausted(&self, word: &str) -> StopReason {
        let (most, made) = self.effects.get(word).copied().unwrap_or_default();
        StopReason::Budget { effect: word.to_owned(), most, made }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effects(pairs: &[(&str, u64)]) -> EffectCounts {
        pairs.iter().map(|(word, count)| ((*word).to_owned(), *count)).collect()
    }

    #[test]
    fn the_last_effect_is_made_and_the_one_after_it_is_not() {
        let words = ["sms".to_owned(), "contract".to_owned()];
        let mut budget = EffectBudget::new(&effects(&[("sms", 2)]), &effects(&[("sms", 1), ("contract", 9)]));
        assert_eq!(budget.lacks(&words), None);
        budget.change(&effects(&[]), &effects(&[("sms", 1)]));
        assert_eq!(budget.lacks(&words), Some(&words[0]));
        assert_eq!(budget.lacks(&words[1..]), None, "what has no bound is not counted");
        let why = budget.exhausted("sms").to_string();
        assert_eq!(why, "the effect budget is used up: 2 of at most 2 × sms are made, or may have been");
        budget.change(&effects(&[("sms", 1)]), &effects(&[]));
        assert_eq!(budget.lacks(&words), None, "an effect that was not made is given back");
    }

    #[test]
    fn a_budget_of_zero_allows_no_effect() {
        let budget = EffectBudget::new(&effects(&[("sms", 0)]), &effects(&[]));
        assert!(budget.lacks(&["sms".to_owned()]).is_some());
        assert!(EffectBudget::default().is_unbounded() && !budget.is_unbounded());
    }

    #[test]
    fn the_first_word_without_budget_left_is_named() {
        let words = ["a", "b", "c"].map(str::to_owned);
        let budget = EffectBudget::new(&effects(&[("a", 2), ("b", 1), ("c", 0)]), &effects(&[("a", 1), ("b", 1)]));
        assert_eq!(budget.lacks(&words), Some(&words[1]));
        assert_eq!(budget.lacks(&words[..1]), None);
        assert_eq!(budget.lacks(&words[2..]), Some(&words[2]));
        assert_eq!(budget.lacks(&[]), None);
    }

    #[test]
    fn a_change_replaces_what_a_row_counted_for() {
        let mut budget = EffectBudget::new(&effects(&[("sms", 9)]), &effects(&[("sms", 4)]));
        budget.change(&effects(&[("sms", 3)]), &effects(&[("sms", 5), ("mail", 7)]));
        let StopReason::Budget { effect, most, made } = budget.exhausted("sms") else { panic!("another reason") };
        assert_eq!((effect.as_str(), most, made), ("sms", 9, 6));
        budget.change(&effects(&[("sms", 99)]), &effects(&[]));
        let StopReason::Budget { made, .. } = budget.exhausted("sms") else { panic!("another reason") };
        assert_eq!(made, 0, "never below nothing");
    }
}
