//! Pruned runs among the others: the list of its effects stands for the journal of such a run, also where it was pruned while
//! its journal was being read.

use super::effect_history::{EffectHistory, EffectLocation};
use super::other_journal::{JournalStatus, OtherJournal};
use super::query::PriorEffect;
use crate::io::journal::lost::RunMark;
use crate::io::marks::GuardList;
use crate::model::EffectKey;

impl EffectHistory {
    /// Reads the mark of a run again, and takes the list of its effects if it was pruned. False if it was not.
    pub(super) fn take_as_pruned(&mut self, at: usize, found: &mut Vec<EffectLocation>) -> bool {
        let journal = &mut self.journals[at];
        let Ok(mark) = RunMark::read(&journal.path) else { return false };
        let Ok(Some(guard)) = mark.guard(&journal.path) else { return false };
        journal.mark = mark;
        if journal.mark.mark.as_ref().is_some_and(|mark| !mark.is_about(&self.filter.environment)) {
            journal.status = JournalStatus::Irrelevant;
        } else {
            self.take_guard(at, guard, found);
        }
        true
    }

    /// Lets the list of a pruned run's effects stand for its journal.
    pub(super) fn take_guard(&mut self, at: usize, guard: GuardList, found: &mut Vec<EffectLocation>) {
        let place = u32::try_from(at).unwrap_or(u32::MAX);
        for key in guard.keys() {
            if self.filter.operations.iter().any(|operation| key.is_of(operation)) {
                // A guard is searched by key, so that its records need no numbers.
                found.push(EffectLocation { key: key.short(), journal: place, number: 0 });
            }
        }
        let journal = &mut self.journals[at];
        (journal.status, journal.reader, journal.guard) = (JournalStatus::Pruned, None, guard);
    }
}

/// What the list of a pruned run's effects says of one effect.
pub(super) fn guarded(journal: &OtherJournal, key: &EffectKey) -> Option<PriorEffect> {
    let state = journal.guard.state(key)?;
    Some(PriorEffect { run: journal.run.clone(), state, pruned: true })
}
