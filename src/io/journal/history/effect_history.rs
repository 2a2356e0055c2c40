//! What other runs on this machine have made in an environment, so that nothing is made twice.
//!
//! Every run writes the intent of an effect to its own journal before it asks here, so of two runs that are about to
//! make the same at one time at least one finds the other's.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::listed_effects::ListedEffects;
use super::other_journal::{COARSE_TIME, JournalStatus, OtherJournal};
use super::query::{HistoryFilter, PriorEffect};
use crate::io::journal::format::JournalError;
use crate::io::journal::guards::RunLock;
use crate::io::journal::lost::{Loss, LostRun, RunMark};
use crate::io::journal::read::Reader;
use crate::io::marks::{LostAs, MarkFiles};
use crate::journal::{Claim, EffectState};
use crate::model::{EffectKey, RunId};

/// How often a journal is tried that another process has for a moment, beyond the wait that each try has itself.
const TRIES: u32 = 20;
const BETWEEN_TRIES: Duration = Duration::from_millis(10);

/// The effects of all other runs in the state folder.
pub struct EffectHistory {
    runs: PathBuf,
    of: HistoryFilter,
    journals: Vec<OtherJournal>,
    /// Sorted by key.
    known: Vec<EffectLocation>,
    /// What was found after `known` was sorted.
    later: BTreeMap<u64, Vec<EffectLocation>>,
    seen: [Option<SystemTime>; 2],
    lost: Vec<LostRun>,
    /// What marks alone say was made, or may have been.
    listed: Vec<ListedEffects>,
}

/// Where an effect is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EffectLocation {
    key: u64,
    journal: u32,
    number: u32,
}

impl EffectHistory {
    /// Reads what the journals below a state folder's `runs` list by now.
    #[must_use]
    pub fn open(runs: &Path, of: HistoryFilter) -> Self {
        let mut past = Self {
            runs: runs.to_owned(),
            of,
            journals: Vec::new(),
            known: Vec::new(),
            later: BTreeMap::new(),
            seen: [None; 2],
            lost: Vec::new(),
            listed: Vec::new(),
        };
        past.known = past.read(false);
        past.known.sort_unstable();
        past
    }

    /// The runs of which something is lost and of which nobody has said what became of it.
    #[must_use]
    pub fn lost(&self) -> &[LostRun] {
        &self.lost
    }

    /// Whether marks alone tell of effects, so that it is worth asking [`EffectHistory::find_listed`].
    #[must_use]
    pub fn has_listed(&self) -> bool {
        !self.listed.is_empty()
    }

    /// Whether a run of which no journal tells made this, or may have, by its list: its rows are known by their keys and
    /// by what they were known to make.
    #[must_use]
    pub fn find_listed(&self, effect: Option<&EffectKey>, operation: &str, row: Option<&str>) -> Option<PriorEffect> {
        self.listed.iter().rev().find_map(|listed| listed.find(effect, operation, row))
    }

    /// Whether another run made this, or is about to, by what has been read.
    pub fn find(&mut self, key: &EffectKey) -> Option<PriorEffect> {
        self.places(key).into_iter().find_map(|place| self.verify(place, key))
    }

    /// Where an effect may be listed, the latest run first: it is the one that a person remembers.
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
        &self.of.own
    }

    /// The folder of the run that lists an effect.
    fn folder_of(&self, place: EffectLocation) -> PathBuf {
        self.runs.join(self.journals[place.journal as usize].run.as_str())
    }

    /// What is to be done about an effect whose intent this run has written, by what has been read of the other runs, and
    /// which of them says so. `None` where no other run made it or is about to.
    pub fn claim(&mut self, key: &EffectKey) -> Option<(Claim, PriorEffect)> {
        let mut claims = Vec::new();
        for place in self.places(key) {
            // Looked at ahead of what the journal says: a run that has ended by now has said everything.
            let is_live = RunLock::is_held(&self.folder_of(place));
            if let Some(before) = self.verify(place, key) {
                claims.push((Claim::of(self.own(), &before.run, before.state, is_live), before));
            }
        }
        // The latest run comes first: it is the one that a person remembers.
        claims.into_iter().rev().max_by_key(|(claim, _)| *claim)
    }

    /// Reads what other runs have made since, or are about to, by what the disk says now.
    pub fn refresh(&mut self) {
        for place in self.read(true) {
            self.later.entry(place.key).or_default().push(place);
        }
    }

    fn verify(&mut self, place: EffectLocation, key: &EffectKey) -> Option<PriorEffect> {
        let at = place.journal as usize;
        let journal = &self.journals[at];
        let told = match &journal.reader {
            Some(reader) => journal.state(reader, place.number, key, &self.runs),
            None => {
                Reader::open(&journal.path).and_then(|reader| journal.state(&reader, place.number, key, &self.runs))
            }
        };
        let (run, was_lost) = (journal.run.clone(), journal.status == JournalStatus::Lost);
        match told {
            // What was lost may have been answered since; a person has said what became of that.
            Ok(state) if was_lost => {
                state.filter(|state| *state == EffectState::Made).map(|state| PriorEffect { run, state })
            }
            Ok(state) => state.map(|state| PriorEffect { run, state }),
            Err(_) if was_lost => None,
            Err(error) => {
                self.lose(at, Loss::of(&error));
                Some(PriorEffect { run, state: EffectState::Unknown })
            }
        }
    }

    /// Reads on: new runs, and what the known ones have written since. What is being written stays open where it will
    /// be read again.
    fn read(&mut self, again: bool) -> Vec<EffectLocation> {
        self.list();
        let mut found = Vec::new();
        for at in 0..self.journals.len() {
            let lost = match self.read_patiently(at, again, &mut found) {
                Ok(lost) => lost,
                Err(error) => Some(Loss::of(&error)),
            };
            if let Some(lost) = lost {
                self.lose(at, lost);
                self.read_what_is_left(at, &mut found);
            }
        }
        found
    }

    fn list(&mut self) {
        let folders = [Some(self.runs.clone()), MarkFiles::folder_beside(&self.runs)];
        let changed = folders.map(|folder| fs::metadata(folder?).and_then(|about| about.modified()).ok());
        if changed[0].is_some() && changed == self.seen {
            return;
        }
        let lately = |at: &Option<SystemTime>| at.is_some_and(|at| at.elapsed().map_or(true, |age| age < COARSE_TIME));
        self.seen = if changed.iter().any(lately) { [None; 2] } else { changed };
        let entries = fs::read_dir(&self.runs).into_iter().flatten().flatten();
        let mut ids: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        ids.extend(MarkFiles::runs(&self.runs));
        ids.sort();
        ids.dedup();
        for id in ids {
            let run = RunId::from_text(id);
            let known = self.journals.iter().any(|journal| journal.run == run);
            if !known && run != self.of.own && !self.of.except.contains(&run) {
                let path = self.runs.join(run.as_str()).join("journal.sqlite");
                self.journals.push(OtherJournal::new(run, path));
            }
        }
    }

    fn read_patiently(
        &mut self,
        at: usize,
        keep: bool,
        found: &mut Vec<EffectLocation>,
    ) -> Result<Option<Loss>, JournalError> {
        for _ in 0..TRIES {
            match self.read_on(at, keep, found) {
                Err(error) if error.is_passing() => std::thread::sleep(BETWEEN_TRIES),
                Ok(Some(_)) | Err(_) if self.journals[at].may_be_going() => std::thread::sleep(BETWEEN_TRIES),
                told => return told,
            }
        }
        self.read_on(at, keep, found)
    }

    /// Reads one journal on; what is lost of it, if anything.
    fn read_on(
        &mut self,
        at: usize,
        keep: bool,
        found: &mut Vec<EffectLocation>,
    ) -> Result<Option<Loss>, JournalError> {
        let journal = &mut self.journals[at];
        let quiet = journal.quiet();
        let fresh = match journal.status {
            JournalStatus::NotBegun => true,
            JournalStatus::Ours if quiet.is_none() || quiet != journal.read_as => false,
            JournalStatus::Ours | JournalStatus::Left | JournalStatus::Lost => return Ok(None),
        };
        // Ahead of the journal: who writes it says of an entry only afterwards that it is there.
        match fresh {
            true => journal.marked = RunMark::read(&journal.path)?,
            false => journal.marked.read_on(&journal.path)?,
        }
        if journal.marked.mark.as_ref().is_some_and(|mark| !mark.is_about(&self.of.environment)) {
            journal.status = JournalStatus::Left;
            return Ok(None);
        }
        let has_begun = journal.marked.has_begun();
        // A run that is about to begin has made its file and nothing in it yet.
        if fs::metadata(&journal.path).map_or(0, |about| about.len()) == 0 {
            return Ok(has_begun.then_some(Loss::Gone));
        }
        let reader = match journal.reader.take().map_or_else(|| Reader::open(&journal.path), Ok) {
            Err(JournalError::Empty(_)) if !has_begun => return Ok(None),
            opened => opened?,
        };
        if fresh {
            let environment = reader.environment()?;
            if journal.marked.mark.is_none() && environment.as_ref().is_some_and(|name| *name != self.of.environment) {
                journal.status = JournalStatus::Left;
                return Ok(None);
            }
            if let Some(lost) = journal.marked.lacks(&reader, &journal.path, &journal.run)? {
                return Ok(Some(lost));
            }
            if environment.is_none() {
                return Ok(None);
            }
            journal.status = JournalStatus::Ours;
            let mark = journal.marked.mark.as_deref();
            if let Some(mark) = mark.filter(|mark| !mark.copies.is_empty()) {
                self.listed.push(ListedEffects::of_a_copy(mark, &journal.path, &reader)?);
            }
        } else if let Some(lost) = journal.marked.is_ahead_of(&reader)? {
            return Ok(Some(lost));
        }
        let operations = &self.of.operations;
        let place = u32::try_from(at).unwrap_or(u32::MAX);
        let read = reader.effects_after(journal.read_to, &mut |number, key| {
            if operations.iter().any(|operation| key.is_of(operation)) {
                found.push(EffectLocation { key: key.short(), journal: place, number });
            }
        });
        journal.read_to = read?;
        if journal.marked.progress.effects.is_some_and(|listed| journal.read_to < listed) {
            return Err(JournalError::Damaged("its list of effects was cut".to_owned()));
        }
        journal.read_as = quiet;
        journal.reader = (keep && quiet.is_none()).then_some(reader);
        Ok(None)
    }

    /// From here on nothing that the journal does not show is believed not to have happened.
    fn lose(&mut self, at: usize, why: Loss) {
        let journal = &mut self.journals[at];
        journal.reader = None;
        let gone = why == Loss::Gone || !journal.path.exists();
        match RunMark::read(&journal.path) {
            // A run that never began may be taken away while it is looked at.
            Ok(marked) if gone && !marked.has_begun() && journal.status == JournalStatus::NotBegun => return,
            Ok(marked) => journal.marked = marked,
            // What the run is may be known although nobody knows how far it had come.
            Err(_) => journal.marked.mark = RunMark::read_mark(&journal.path),
        }
        journal.status = JournalStatus::Lost;
        let mark = journal.marked.mark.take();
        if mark.as_ref().is_some_and(|mark| !mark.is_about(&self.of.environment)) {
            return;
        }
        match mark.as_ref().and_then(|mark| Some((mark, mark.word()?))) {
            Some((mark, word)) => match word.said {
                LostAs::Done => self.listed.push(ListedEffects::of_a_word(mark, word, &journal.path)),
                LostAs::Failed => {}
            },
            None => {
                tracing::warn!("the run {} is not what it was: {why}", journal.run);
                self.listed.push(ListedEffects::in_doubt(&journal.run, mark.as_deref(), &journal.path));
                self.lost.push(LostRun::new(journal.run.clone(), why, mark, &journal.path));
            }
        }
    }

    /// Reads which effects a lost journal still lists.
    fn read_what_is_left(&mut self, at: usize, found: &mut Vec<EffectLocation>) {
        let journal = &mut self.journals[at];
        if journal.status != JournalStatus::Lost {
            return;
        }
        let Ok(reader) = Reader::open(&journal.path) else { return };
        let place = u32::try_from(at).unwrap_or(u32::MAX);
        reader.effects_left(&journal.run, &mut |number, key| {
            if self.of.operations.iter().any(|operation| key.is_of(operation)) {
                found.push(EffectLocation { key: key.short(), journal: place, number });
            }
        });
    }
}
