//! What other runs on this machine have made in an environment, so that nothing is made twice.
//!
//! Every run writes the intent of an effect to its own journal before it asks here, so of two runs that are about to
//! make the same at one time at least one finds the other's.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::listed::Listed;
use super::lost::{Lost, Marked};
use super::lost_run::LostRun;
use super::reader::Reader;
use super::schema::JournalError;
use super::undos::Undos;
use crate::io::marks::{LostAs, MarkFiles};
use crate::journal::EffectState;
use crate::model::{EffectKey, RunId};

/// A folder changed as lately as this may change again without a later time: it is listed again.
const COARSE_TIME: Duration = Duration::from_millis(100);

/// How often a journal is tried that another process has for a moment, beyond the wait that each try has itself.
const TRIES: u32 = 20;
const BETWEEN_TRIES: Duration = Duration::from_millis(10);

/// How long the folder of a run that never began may be on its way out.
const GOING: Duration = Duration::from_secs(2);

/// The same effect in another run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeBefore {
    /// The run.
    pub run: RunId,
    /// What became of it there.
    pub state: EffectState,
}

/// Which effects are asked about.
#[derive(Debug, Clone)]
pub struct PastOf {
    /// The environment's name.
    pub environment: String,
    /// The operations, by their full names.
    pub operations: Vec<String>,
    /// The asking run, which is left out.
    pub own: RunId,
    /// Runs that are left out, too: those whose facts it carries on.
    pub except: Vec<RunId>,
}

/// The effects of all other runs in the state folder.
pub struct Past {
    runs: PathBuf,
    of: PastOf,
    journals: Vec<Journal>,
    /// Sorted by key.
    known: Vec<Place>,
    /// What was found after `known` was sorted.
    later: BTreeMap<u64, Vec<Place>>,
    seen: [Option<SystemTime>; 2],
    lost: Vec<LostRun>,
    /// What marks alone say was made, or may have been.
    listed: Vec<Listed>,
}

/// Where an effect is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    key: u64,
    journal: u32,
    number: u32,
}

struct Journal {
    run: RunId,
    path: PathBuf,
    /// Open while somebody writes the journal, or may.
    reader: Option<Reader>,
    read_to: u32,
    /// The file as it stood before it was last read, where nobody wrote it then: what stands so still has nothing new.
    read_as: Option<Quiet>,
    standing: Standing,
    marked: Marked,
    /// Whether all of it was looked at, so that what it says was not made is believed.
    looked_through: OnceCell<()>,
    /// Its undos as they were when one of its effects was first asked for; a later one only makes it too careful.
    undos: OnceCell<Option<Undos>>,
}

/// A journal's file while nobody writes it: when it was last written, and its length.
type Quiet = (SystemTime, u64);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// The run has not begun, or never did.
    NotBegun,
    /// It is of the environment.
    Ours,
    /// It is of another one.
    Left,
    /// It is not what it once was. What is left of it tells what was made, and nothing else.
    Lost,
}

impl Past {
    /// Reads what the journals below a state folder's `runs` list by now.
    #[must_use]
    pub fn open(runs: &Path, of: PastOf) -> Self {
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

    /// Whether marks alone tell of effects, so that it is worth asking [`Past::find_listed`].
    #[must_use]
    pub fn has_listed(&self) -> bool {
        !self.listed.is_empty()
    }

    /// Whether a run of which no journal tells made this, or may have, by its list: its rows are known by their keys and
    /// by what they were known to make.
    #[must_use]
    pub fn find_listed(&self, effect: Option<&EffectKey>, operation: &str, row: Option<&str>) -> Option<MadeBefore> {
        self.listed.iter().rev().find_map(|listed| listed.find(effect, operation, row))
    }

    /// Whether another run made this, or is about to, by what has been read.
    pub fn find(&mut self, key: &EffectKey) -> Option<MadeBefore> {
        self.places(key).into_iter().find_map(|place| self.verify(place, key))
    }

    /// Where an effect may be listed, the latest run first: it is the one that a person remembers.
    pub(super) fn places(&self, key: &EffectKey) -> Vec<Place> {
        let short = key.short();
        let from = self.known.partition_point(|place| place.key < short);
        let known = self.known[from..].iter().take_while(|place| place.key == short);
        let later = self.later.get(&short).into_iter().flatten();
        let mut places: Vec<Place> = known.chain(later).copied().collect();
        places.reverse();
        places
    }

    pub(super) fn own(&self) -> &RunId {
        &self.of.own
    }

    /// The folder of the run that lists an effect.
    pub(super) fn folder_of(&self, place: Place) -> PathBuf {
        self.runs.join(self.journals[place.journal as usize].run.as_str())
    }

    /// Reads what other runs have made since, or are about to, by what the disk says now.
    pub fn refresh(&mut self) {
        for place in self.read(true) {
            self.later.entry(place.key).or_default().push(place);
        }
    }

    pub(super) fn verify(&mut self, place: Place, key: &EffectKey) -> Option<MadeBefore> {
        let at = place.journal as usize;
        let journal = &self.journals[at];
        let told = match &journal.reader {
            Some(reader) => journal.state(reader, place.number, key, &self.runs),
            None => {
                Reader::open(&journal.path).and_then(|reader| journal.state(&reader, place.number, key, &self.runs))
            }
        };
        let (run, was_lost) = (journal.run.clone(), journal.standing == Standing::Lost);
        match told {
            // What was lost may have been answered since; a person has said what became of that.
            Ok(state) if was_lost => {
                state.filter(|state| *state == EffectState::Made).map(|state| MadeBefore { run, state })
            }
            Ok(state) => state.map(|state| MadeBefore { run, state }),
            Err(_) if was_lost => None,
            Err(error) => {
                self.lose(at, Lost::of(&error));
                Some(MadeBefore { run, state: EffectState::Unknown })
            }
        }
    }

    /// Reads on: new runs, and what the known ones have written since. What is being written stays open where it will
    /// be read again.
    fn read(&mut self, again: bool) -> Vec<Place> {
        self.list();
        let mut found = Vec::new();
        for at in 0..self.journals.len() {
            let lost = match self.read_patiently(at, again, &mut found) {
                Ok(lost) => lost,
                Err(error) => Some(Lost::of(&error)),
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
                self.journals.push(Journal {
                    run,
                    path,
                    reader: None,
                    read_to: 0,
                    read_as: None,
                    standing: Standing::NotBegun,
                    marked: Marked::default(),
                    looked_through: OnceCell::new(),
                    undos: OnceCell::new(),
                });
            }
        }
    }

    fn read_patiently(&mut self, at: usize, keep: bool, found: &mut Vec<Place>) -> Result<Option<Lost>, JournalError> {
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
    fn read_on(&mut self, at: usize, keep: bool, found: &mut Vec<Place>) -> Result<Option<Lost>, JournalError> {
        let journal = &mut self.journals[at];
        let quiet = journal.quiet();
        let fresh = match journal.standing {
            Standing::NotBegun => true,
            Standing::Ours if quiet.is_none() || quiet != journal.read_as => false,
            Standing::Ours | Standing::Left | Standing::Lost => return Ok(None),
        };
        // Ahead of the journal: who writes it says of an entry only afterwards that it is there.
        match fresh {
            true => journal.marked = Marked::read(&journal.path)?,
            false => journal.marked.read_on(&journal.path)?,
        }
        if journal.marked.mark.as_ref().is_some_and(|mark| !mark.is_about(&self.of.environment)) {
            journal.standing = Standing::Left;
            return Ok(None);
        }
        let has_begun = journal.marked.has_begun();
        // A run that is about to begin has made its file and nothing in it yet.
        if fs::metadata(&journal.path).map_or(0, |about| about.len()) == 0 {
            return Ok(has_begun.then_some(Lost::Gone));
        }
        let reader = match journal.reader.take().map_or_else(|| Reader::open(&journal.path), Ok) {
            Err(JournalError::Empty(_)) if !has_begun => return Ok(None),
            opened => opened?,
        };
        if fresh {
            let environment = reader.environment()?;
            if journal.marked.mark.is_none() && environment.as_ref().is_some_and(|name| *name != self.of.environment) {
                journal.standing = Standing::Left;
                return Ok(None);
            }
            if let Some(lost) = journal.marked.lacks(&reader, &journal.path, &journal.run)? {
                return Ok(Some(lost));
            }
            if environment.is_none() {
                return Ok(None);
            }
            journal.standing = Standing::Ours;
            let mark = journal.marked.mark.as_deref();
            if let Some(mark) = mark.filter(|mark| !mark.copies.is_empty()) {
                self.listed.push(Listed::of_a_copy(mark, &journal.path, &reader)?);
            }
        } else if let Some(lost) = journal.marked.is_ahead_of(&reader)? {
            return Ok(Some(lost));
        }
        let operations = &self.of.operations;
        let place = u32::try_from(at).unwrap_or(u32::MAX);
        let read = reader.effects_after(journal.read_to, &mut |number, key| {
            if operations.iter().any(|operation| key.is_of(operation)) {
                found.push(Place { key: key.short(), journal: place, number });
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
    fn lose(&mut self, at: usize, why: Lost) {
        let journal = &mut self.journals[at];
        journal.reader = None;
        let gone = why == Lost::Gone || !journal.path.exists();
        match Marked::read(&journal.path) {
            // A run that never began may be taken away while it is looked at.
            Ok(marked) if gone && !marked.has_begun() && journal.standing == Standing::NotBegun => return,
            Ok(marked) => journal.marked = marked,
            // What the run is may be known although nobody knows how far it had come.
            Err(_) => journal.marked.mark = Marked::read_mark(&journal.path),
        }
        journal.standing = Standing::Lost;
        let mark = journal.marked.mark.take();
        if mark.as_ref().is_some_and(|mark| !mark.is_about(&self.of.environment)) {
            return;
        }
        match mark.as_ref().and_then(|mark| Some((mark, mark.word()?))) {
            Some((mark, word)) => match word.said {
                LostAs::Done => self.listed.push(Listed::of_a_word(mark, word, &journal.path)),
                LostAs::Failed => {}
            },
            None => {
                tracing::warn!("the run {} is not what it was: {why}", journal.run);
                self.listed.push(Listed::in_doubt(&journal.run, mark.as_deref(), &journal.path));
                self.lost.push(LostRun::new(journal.run.clone(), why, mark, &journal.path));
            }
        }
    }

    /// Reads which effects a lost journal still lists.
    fn read_what_is_left(&mut self, at: usize, found: &mut Vec<Place>) {
        let journal = &mut self.journals[at];
        if journal.standing != Standing::Lost {
            return;
        }
        let Ok(reader) = Reader::open(&journal.path) else { return };
        let place = u32::try_from(at).unwrap_or(u32::MAX);
        reader.effects_left(&journal.run, &mut |number, key| {
            if self.of.operations.iter().any(|operation| key.is_of(operation)) {
                found.push(Place { key: key.short(), journal: place, number });
            }
        });
    }
}

impl Journal {
    /// Whether it may be the journal of a run that was refused before it began and is taking its folder away just now.
    fn may_be_going(&self) -> bool {
        let changed = self.path.parent().and_then(|folder| fs::metadata(folder).ok()?.modified().ok());
        let lately = changed.is_some_and(|at| at.elapsed().map_or(true, |age| age < GOING));
        lately && self.standing == Standing::NotBegun && !self.marked.has_begun()
    }

    /// What became of an effect in this run, and of that in its undos.
    fn state(
        &self,
        reader: &Reader,
        number: u32,
        key: &EffectKey,
        runs: &Path,
    ) -> Result<Option<EffectState>, JournalError> {
        let Some((scope, call, state)) = reader.effect_state(number, key)? else { return Ok(None) };
        let Some(state) = state else {
            if self.looked_through.get().is_none() && self.standing != Standing::Lost {
                reader.verify_to_go_on(&self.path)?;
                let _ = self.looked_through.set(());
            }
            return Ok(None);
        };
        let undos = self.undos.get_or_init(|| Undos::of(&self.run, reader, runs).ok());
        Ok(undos.as_ref().map_or(Some(state), |undos| undos.leave(scope, call, state)))
    }

    /// The file as it stands, where nobody writes it and the next write would be told by its time.
    fn quiet(&self) -> Option<Quiet> {
        if self.is_written() {
            return None;
        }
        let about = fs::metadata(&self.path).ok()?;
        let at = about.modified().ok()?;
        at.elapsed().is_ok_and(|age| age >= COARSE_TIME).then_some((at, about.len()))
    }

    /// Whether its write-ahead log is there: it is being written, was cut off, or is open here.
    fn is_written(&self) -> bool {
        let mut log = self.path.clone().into_os_string();
        log.push("-wal");
        Path::new(&log).exists()
    }
}
