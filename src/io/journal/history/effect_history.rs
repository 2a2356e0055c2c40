//! The effects that other runs on this machine have made in an environment, so that nothing is made twice.
//!
//! Every run writes the intent of an effect to its own journal before it asks here. So of two runs that are about to make
//! the same effect at the same time, at least one finds the other's intent.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::listed_effects::ListedEffects;
use super::other_journal::{COARSE_TIME, JournalStatus, OtherJournal};
use super::pruned_runs::guarded;
use super::query::{HistoryFilter, PriorEffect};
use crate::io::journal::format::JournalError;
use crate::io::journal::guards::RunLock;
use crate::io::journal::lost::{Loss, LostRun, RunMark};
use crate::io::journal::read::Reader;
use crate::io::journal::run_ids::run_ids;
use crate::io::marks::{LossOutcome, MarkError, MarkFiles};
use crate::journal::{Claim, EffectState};
use crate::model::{EffectKey, RunId};

/// Tries to read a journal that another process has locked, in addition to the wait of each try.
const TRIES: u32 = 20;
const BETWEEN_TRIES: Duration = Duration::from_millis(10);

/// The effects of all other runs in the state folder.
pub struct EffectHistory {
    runs: PathBuf,
    pub(super) filter: HistoryFilter,
    pub(super) journals: Vec<OtherJournal>,
    /// The effects found when the history was opened, sorted by key.
    known: Vec<EffectLocation>,
    /// The effects found since, by key.
    later: BTreeMap<u64, Vec<EffectLocation>>,
    /// When the folders of runs and of marks last changed, as of the last listing.
    listed_at: [Option<SystemTime>; 2],
    /// Lost runs about which nobody has decided.
    lost: Vec<LostRun>,
    /// Effects that count as made by marks alone.
    listed: Vec<ListedEffects>,
}

/// The journal, by its index, and the number under which an effect is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EffectLocation {
    pub(super) key: u64,
    pub(super) journal: u32,
    pub(super) number: u32,
}

impl EffectHistory {
    /// Reads the effects that all journals in the folder `runs` list by now.
    ///
    /// # Errors
    /// [`JournalError::Io`] if the runs cannot be listed; an error that [is a shortage](JournalError::is_shortage) if this
    /// process could not open what it had to read.
    pub fn open(runs: &Path, filter: HistoryFilter) -> Result<Self, JournalError> {
        let mut history = Self {
            runs: runs.to_owned(),
            filter,
            journals: Vec::new(),
            known: Vec::new(),
            later: BTreeMap::new(),
            listed_at: [None; 2],
            lost: Vec::new(),
            listed: Vec::new(),
        };
        let mut found = Vec::new();
        history.read(false, &mut found)?;
        found.sort_unstable();
        history.known = found;
        Ok(history)
    }

    /// The lost runs about which nobody has decided.
    #[must_use]
    pub fn lost(&self) -> &[LostRun] {
        &self.lost
    }

    /// Whether [`EffectHistory::find_listed`] can find anything.
    #[must_use]
    pub fn has_listed(&self) -> bool {
        !self.listed.is_empty()
    }

    /// Looks for an effect, or for a row and an operation, in the lists of lost runs. `row` is the row's key. Returns the
    /// latest run that made it or may have.
    #[must_use]
    pub fn find_listed(&self, effect: Option<&EffectKey>, operation: &str, row: Option<&str>) -> Option<PriorEffect> {
        self.listed.iter().rev().find_map(|listed| listed.find(effect, operation, row))
    }

    /// The latest run that made an effect or is about to, by what has been read; `None` if no run did. A run whose journal
    /// this process could not open may have made it.
    pub fn find(&mut self, key: &EffectKey) -> Option<PriorEffect> {
        self.places(key).into_iter().find_map(|place| match self.verify(place, key) {
            Ok(before) => before,
            Err(_) => Some(PriorEffect { run: self.run_of(place), state: EffectState::Unknown, pruned: false }),
        })
    }

    /// Where an effect may be listed, the latest run first, as that is the one that a person remembers.
    fn places(&self, key: &EffectKey) -> Vec<EffectLocation> {
        let short = key.short();
        let from = self.known.partition_point(|place| place.key < short);
        let known = self.known[from..].iter().take_while(|place| place.key == short);
        let later = self.later.get(&short).into_iter().flatten();
        let mut places: Vec<EffectLocation> = known.chain(later).copied().collect();
        places.reverse();
        places
    }

    fn own(&self) -> &RunId {
        &self.filter.own
    }

    /// The folder of the run that lists an effect.
    fn folder_of(&self, place: EffectLocation) -> PathBuf {
        self.runs.join(self.run_of(place).as_str())
    }

    fn run_of(&self, place: EffectLocation) -> RunId {
        self.journals[place.journal as usize].run.clone()
    }

    /// Decides what this run does about an effect whose intent it has written, by what has been read of the other runs.
    /// Returns the strongest claim and the run that has it; `None` if no other run made the effect or is about to.
    ///
    /// # Errors
    /// An error that [is a shortage](JournalError::is_shortage) if this process could not open a journal: nothing is known
    /// about the effect then.
    pub fn claim(&mut self, key: &EffectKey) -> Result<Option<(Claim, PriorEffect)>, JournalError> {
        let mut claims = Vec::new();
        for place in self.places(key) {
            // Asked before the journal is read: a run that has ended by now has written everything.
            let is_live = RunLock::is_held(&self.folder_of(place));
            if let Some(before) = self.verify(place, key)? {
                claims.push((Claim::of(self.own(), &before.run, before.state, is_live), before));
            }
        }
        // Of equal claims the latest run is named.
        Ok(claims.into_iter().rev().max_by_key(|(claim, _)| *claim))
    }

    /// Reads what other runs have made or are about to make since the last read.
    ///
    /// # Errors
    /// As [`EffectHistory::open`]: then it is not known what other runs have made by now, and the next call reads on.
    pub fn refresh(&mut self) -> Result<(), JournalError> {
        let mut found = Vec::new();
        let read = self.read(true, &mut found);
        for place in found {
            self.later.entry(place.key).or_default().push(place);
        }
        read
    }

    /// Reads from its journal whether a listed effect is this one and was made.
    fn verify(&mut self, place: EffectLocation, key: &EffectKey) -> Result<Option<PriorEffect>, JournalError> {
        let at = place.journal as usize;
        let journal = &self.journals[at];
        if journal.status == JournalStatus::Pruned {
            return Ok(guarded(journal, key));
        }
        let state = match &journal.reader {
            Some(reader) => journal.state(reader, place.number, key, &self.runs),
            None => {
                Reader::open(&journal.path).and_then(|reader| journal.state(&reader, place.number, key, &self.runs))
            }
        };
        let (run, was_lost) = (journal.run.clone(), journal.status == JournalStatus::Lost);
        Ok(match state {
            Err(error) if error.is_shortage() => return Err(error),
            // Other states may have changed in the part that is lost; a person decides about those.
            Ok(state) if was_lost => {
                let made = state.filter(|state| *state == EffectState::Made);
                made.map(|state| PriorEffect { run, state, pruned: false })
            }
            Ok(state) => state.map(|state| PriorEffect { run, state, pruned: false }),
            Err(_) if was_lost => None,
            Err(_) if self.take_as_pruned(at, &mut Vec::new()) => guarded(&self.journals[at], key),
            Err(error) => {
                self.mark_as_lost(at, Loss::of(&error));
                Some(PriorEffect { run, state: EffectState::Unknown, pruned: false })
            }
        })
    }

    /// Reads new runs, and what known runs have written since, into `found`. With `again`, journals that are being written
    /// stay open.
    fn read(&mut self, again: bool, found: &mut Vec<EffectLocation>) -> Result<(), JournalError> {
        self.list()?;
        for at in 0..self.journals.len() {
            let lost = match self.read_patiently(at, again, found) {
                Ok(lost) => lost,
                Err(error) if error.is_shortage() => return Err(error),
                Err(error) => Some(Loss::of(&error)),
            };
            // The run may have been pruned since its mark was read.
            if let Some(lost) = lost
                && !self.take_as_pruned(at, found)
            {
                self.mark_as_lost(at, lost);
                self.read_what_is_left(at, found);
            }
        }
        Ok(())
    }

    /// Adds the journals of runs that appeared since the last listing.
    fn list(&mut self) -> Result<(), JournalError> {
        let folders = [Some(self.runs.clone()), MarkFiles::folder_beside(&self.runs)];
        let changed = folders.map(|folder| fs::metadata(folder?).and_then(|about| about.modified()).ok());
        if changed[0].is_some() && changed == self.listed_at {
            return Ok(());
        }
        for id in run_ids(&self.runs)? {
            let run = RunId::from_text(id);
            let known = self.journals.iter().any(|journal| journal.run == run);
            if !known && run != self.filter.own && !self.filter.except.contains(&run) {
                let path = self.runs.join(run.as_str()).join("journal.sqlite");
                self.journals.push(OtherJournal::new(run, path));
            }
        }
        let recent = |at: &Option<SystemTime>| at.is_some_and(|at| at.elapsed().map_or(true, |age| age < COARSE_TIME));
        self.listed_at = if changed.iter().any(recent) { [None; 2] } else { changed };
        Ok(())
    }

    /// Reads what is new in one journal; tries again while another process has it locked or is removing it.
    fn read_patiently(
        &mut self,
        at: usize,
        keep: bool,
        found: &mut Vec<EffectLocation>,
    ) -> Result<Option<Loss>, JournalError> {
        for _ in 0..TRIES {
            match self.read_on(at, keep, found) {
                Err(error) if error.is_shortage() => return Err(error),
                Err(error) if error.is_passing() => std::thread::sleep(BETWEEN_TRIES),
                Ok(Some(_)) | Err(_) if self.journals[at].may_be_being_removed() => std::thread::sleep(BETWEEN_TRIES),
                result => return result,
            }
        }
        self.read_on(at, keep, found)
    }

    /// Reads what is new in one journal; `Some` if something of it is lost.
    fn read_on(
        &mut self,
        at: usize,
        keep: bool,
        found: &mut Vec<EffectLocation>,
    ) -> Result<Option<Loss>, JournalError> {
        let journal = &mut self.journals[at];
        let stamp = journal.stamp();
        let fresh = match journal.status {
            JournalStatus::NotBegun => true,
            JournalStatus::Relevant if stamp.is_none() || stamp != journal.read_as => false,
            JournalStatus::Relevant | JournalStatus::Irrelevant | JournalStatus::Lost | JournalStatus::Pruned => {
                return Ok(None);
            }
        };
        // Read before the journal: the writer records each entry in the watermark only after writing it.
        match fresh {
            true => journal.mark = RunMark::read(&journal.path)?,
            false => journal.mark.read_on(&journal.path)?,
        }
        if journal.mark.mark.as_ref().is_some_and(|mark| !mark.is_about(&self.filter.environment)) {
            journal.status = JournalStatus::Irrelevant;
            return Ok(None);
        }
        match journal.mark.guard(&journal.path) {
            Ok(None) => {}
            Ok(Some(guard)) => {
                self.take_guard(at, guard, found);
                return Ok(None);
            }
            Err(error @ MarkError::Io { .. }) => return Err(error.into()),
            Err(error) => return Ok(Some(Loss::Guard(error.to_string()))),
        }
        let has_begun = journal.mark.has_begun();
        // A run that is about to begin has created its file and written nothing yet.
        if fs::metadata(&journal.path).map_or(0, |about| about.len()) == 0 {
            return Ok(has_begun.then_some(Loss::Gone));
        }
        let reader = match journal.reader.take().map_or_else(|| Reader::open(&journal.path), Ok) {
            Err(JournalError::Empty(_)) if !has_begun => return Ok(None),
            opened => opened?,
        };
        if fresh {
            let environment = reader.environment()?;
            if journal.mark.mark.is_none() && environment.as_ref().is_some_and(|name| *name != self.filter.environment)
            {
                journal.status = JournalStatus::Irrelevant;
                return Ok(None);
            }
            if let Some(lost) = journal.mark.find_loss(&reader, &journal.path, &journal.run)? {
                return Ok(Some(lost));
            }
            if environment.is_none() {
                return Ok(None);
            }
            journal.status = JournalStatus::Relevant;
            let mark = journal.mark.mark.as_deref();
            if let Some(mark) = mark.filter(|mark| !mark.copies.is_empty()) {
                self.listed.push(ListedEffects::after_a_copy(mark, &journal.path, &reader)?);
            }
        } else if let Some(lost) = journal.mark.missing_entries(&reader)? {
            return Ok(Some(lost));
        }
        self.read_effects(at, &reader, found)?;
        let journal = &mut self.journals[at];
        journal.read_as = stamp;
        journal.reader = (keep && stamp.is_none()).then_some(reader);
        Ok(None)
    }

    /// Reads the effects that a journal lists beyond those that were read.
    fn read_effects(
        &mut self,
        at: usize,
        reader: &Reader,
        found: &mut Vec<EffectLocation>,
    ) -> Result<(), JournalError> {
        let (journal, operations) = (&mut self.journals[at], &self.filter.operations);
        let place = u32::try_from(at).unwrap_or(u32::MAX);
        let read = reader.effects_after(journal.read_to, &mut |number, key| {
            if operations.iter().any(|operation| key.is_of(operation)) {
                found.push(EffectLocation { key: key.short(), journal: place, number });
            }
        });
        journal.read_to = read?;
        if journal.mark.progress.effects.is_some_and(|listed| journal.read_to < listed) {
            return Err(JournalError::Damaged("its list of effects was cut".to_owned()));
        }
        Ok(())
    }

    /// Treats a journal as lost: what it does not show may still have happened.
    fn mark_as_lost(&mut self, at: usize, why: Loss) {
        let journal = &mut self.journals[at];
        journal.reader = None;
        let gone = why == Loss::Gone || !journal.path.exists();
        match RunMark::read(&journal.path) {
            // A run that never began may be removed while it is looked at.
            Ok(mark) if gone && !mark.has_begun() && journal.status == JournalStatus::NotBegun => return,
            Ok(mark) => journal.mark = mark,
            // What the run is may be readable even if its watermark is not.
            Err(_) => journal.mark.mark = RunMark::read_mark(&journal.path),
        }
        journal.status = JournalStatus::Lost;
        let mark = journal.mark.mark.take();
        if mark.as_ref().is_some_and(|mark| !mark.is_about(&self.filter.environment)) {
            return;
        }
        match mark.as_ref().and_then(|mark| Some((mark, mark.decision()?))) {
            Some((mark, word)) => match word.outcome {
                LossOutcome::Done => self.listed.push(ListedEffects::decided(mark, word, &journal.path)),
                LossOutcome::Failed => {}
            },
            None => {
                tracing::warn!("the run {} has lost something: {why}", journal.run);
                self.listed.push(ListedEffects::in_doubt(&journal.run, mark.as_deref(), &journal.path));
                self.lost.push(LostRun::new(journal.run.clone(), why, mark, &journal.path));
            }
        }
    }

    /// Reads the effects that a lost journal still lists.
    fn read_what_is_left(&mut self, at: usize, found: &mut Vec<EffectLocation>) {
        let journal = &mut self.journals[at];
        if journal.status != JournalStatus::Lost {
            return;
        }
        let Ok(reader) = Reader::open(&journal.path) else { return };
        let place = u32::try_from(at).unwrap_or(u32::MAX);
        reader.effects_left(&journal.run, &mut |number, key| {
            if self.filter.operations.iter().any(|operation| key.is_of(operation)) {
                found.push(EffectLocation { key: key.short(), journal: place, number });
            }
        });
    }
}
