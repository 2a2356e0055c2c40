//! What other runs on this machine have made in an environment, so that nothing is made twice.
//!
//! Every run writes the intent of an effect to its own journal before it asks here, so of two runs that are about to
//! make the same at one time at least one finds the other's.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::reader::Reader;
use super::schema::JournalError;
use super::undos::Undos;
use crate::journal::EffectState;
use crate::model::{EffectKey, RunId};

/// A folder changed as lately as this may change again without a later time: it is listed again.
const COARSE_TIME: Duration = Duration::from_millis(100);

/// How often a journal is tried that another process has for a moment, beyond the wait that each try has itself.
const TRIES: u32 = 20;
const BETWEEN_TRIES: Duration = Duration::from_millis(10);

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
    listed: Option<SystemTime>,
    unreadable: Vec<(RunId, String)>,
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
    /// It is of another one, or cannot be read.
    Left,
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
            listed: None,
            unreadable: Vec::new(),
        };
        past.known = past.read(false);
        past.known.sort_unstable();
        past
    }

    /// The journals that could not be read, with the reason.
    #[must_use]
    pub fn unreadable(&self) -> &[(RunId, String)] {
        &self.unreadable
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
        let journal = &self.journals[place.journal as usize];
        let told = match &journal.reader {
            Some(reader) => journal.state(reader, place.number, key, &self.runs),
            None => {
                Reader::open(&journal.path).and_then(|reader| journal.state(&reader, place.number, key, &self.runs))
            }
        };
        match told {
            Ok(state) => state.map(|state| MadeBefore { run: journal.run.clone(), state }),
            Err(error) => {
                self.leave(place.journal as usize, &error);
                None
            }
        }
    }

    /// Reads on: new runs, and what the known ones have written since. What is being written stays open where it will
    /// be read again.
    fn read(&mut self, again: bool) -> Vec<Place> {
        self.list();
        let mut found = Vec::new();
        for at in 0..self.journals.len() {
            if let Err(error) = self.read_patiently(at, again, &mut found) {
                self.leave(at, &error);
            }
        }
        found
    }

    fn list(&mut self) {
        let changed = fs::metadata(&self.runs).and_then(|about| about.modified()).ok();
        if changed.is_some() && changed == self.listed {
            return;
        }
        let lately = changed.is_none_or(|at| at.elapsed().map_or(true, |age| age < COARSE_TIME));
        self.listed = if lately { None } else { changed };
        let Ok(entries) = fs::read_dir(&self.runs) else { return };
        let mut ids: Vec<String> = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
        ids.sort();
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
                    undos: OnceCell::new(),
                });
            }
        }
    }

    fn read_patiently(&mut self, at: usize, keep: bool, found: &mut Vec<Place>) -> Result<(), JournalError> {
        for _ in 0..TRIES {
            match self.read_on(at, keep, found) {
                Err(error) if error.is_passing() => std::thread::sleep(BETWEEN_TRIES),
                told => return told,
            }
        }
        self.read_on(at, keep, found)
    }

    fn read_on(&mut self, at: usize, keep: bool, found: &mut Vec<Place>) -> Result<(), JournalError> {
        let journal = &mut self.journals[at];
        let fresh = journal.standing == Standing::NotBegun;
        let quiet = journal.quiet();
        if journal.standing == Standing::Left || (!fresh && quiet.is_some() && quiet == journal.read_as) {
            return Ok(());
        }
        // A run that is about to begin has made its file and nothing in it yet.
        if fs::metadata(&journal.path).map_or(0, |about| about.len()) == 0 {
            return Ok(());
        }
        let reader = match journal.reader.take().map_or_else(|| Reader::open(&journal.path), Ok) {
            Err(JournalError::Empty(_)) => return Ok(()),
            opened => opened?,
        };
        if fresh {
            journal.standing = match reader.environment()? {
                None => Standing::NotBegun,
                Some(name) if name == self.of.environment => Standing::Ours,
                Some(_) => Standing::Left,
            };
        }
        if journal.standing == Standing::Ours {
            let operations = &self.of.operations;
            let place = u32::try_from(at).unwrap_or(u32::MAX);
            journal.read_to = reader.effects_after(journal.read_to, &mut |number, key| {
                if operations.iter().any(|operation| key.is_of(operation)) {
                    found.push(Place { key: key.short(), journal: place, number });
                }
            })?;
        }
        journal.read_as = quiet;
        journal.reader = (keep && journal.standing != Standing::Left && quiet.is_none()).then_some(reader);
        Ok(())
    }

    fn leave(&mut self, at: usize, error: &JournalError) {
        let journal = &mut self.journals[at];
        journal.standing = Standing::Left;
        journal.reader = None;
        tracing::warn!("the journal of the run {} cannot be read: {error}", journal.run);
        self.unreadable.push((journal.run.clone(), error.to_string()));
    }
}

impl Journal {
    /// What became of an effect in this run, and of that in its undos.
    fn state(
        &self,
        reader: &Reader,
        number: u32,
        key: &EffectKey,
        runs: &Path,
    ) -> Result<Option<EffectState>, JournalError> {
        let Some((scope, call, state)) = reader.effect_state(number, key)? else { return Ok(None) };
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
