//! The journal of another run, and what it says of one effect.

use std::cell::OnceCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::undo_runs::UndoRuns;
use crate::io::journal::format::JournalError;
use crate::io::journal::lost::RunMark;
use crate::io::journal::read::Reader;
use crate::journal::EffectState;
use crate::model::{EffectKey, RunId};

/// A folder changed as lately as this may change again without a later time: it is listed again.
pub(super) const COARSE_TIME: Duration = Duration::from_millis(100);

/// How long the folder of a run that never began may be on its way out.
const GOING: Duration = Duration::from_secs(2);

pub(super) struct OtherJournal {
    pub(super) run: RunId,
    pub(super) path: PathBuf,
    /// Open while somebody writes the journal, or may.
    pub(super) reader: Option<Reader>,
    pub(super) read_to: u32,
    /// The file as it stood before it was last read, where nobody wrote it then: what stands so still has nothing new.
    pub(super) read_as: Option<FileStamp>,
    pub(super) status: JournalStatus,
    pub(super) marked: RunMark,
    /// Whether all of it was looked at, so that what it says was not made is believed.
    pub(super) looked_through: OnceCell<()>,
    /// Its undos as they were when one of its effects was first asked for; a later one only makes it too careful.
    pub(super) undos: OnceCell<Option<UndoRuns>>,
}

/// A journal's file while nobody writes it: when it was last written, and its length.
pub(super) type FileStamp = (SystemTime, u64);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum JournalStatus {
    /// The run has not begun, or never did.
    NotBegun,
    /// It is of the environment.
    Ours,
    /// It is of another one.
    Left,
    /// It is not what it once was. What is left of it tells what was made, and nothing else.
    Lost,
}

impl OtherJournal {
    /// The journal of `run` at `path`, not read yet.
    pub(super) fn new(run: RunId, path: PathBuf) -> Self {
        Self {
            run,
            path,
            reader: None,
            read_to: 0,
            read_as: None,
            status: JournalStatus::NotBegun,
            marked: RunMark::default(),
            looked_through: OnceCell::new(),
            undos: OnceCell::new(),
        }
    }

    /// Whether it may be the journal of a run that was refused before it began and is taking its folder away just now.
    pub(super) fn may_be_going(&self) -> bool {
        let changed = self.path.parent().and_then(|folder| fs::metadata(folder).ok()?.modified().ok());
        let lately = changed.is_some_and(|at| at.elapsed().map_or(true, |age| age < GOING));
        lately && self.status == JournalStatus::NotBegun && !self.marked.has_begun()
    }

    /// What became of an effect in this run, and of that in its undos.
    pub(super) fn state(
        &self,
        reader: &Reader,
        number: u32,
        key: &EffectKey,
        runs: &Path,
    ) -> Result<Option<EffectState>, JournalError> {
        let Some((scope, call, state)) = reader.effect_state(number, key)? else { return Ok(None) };
        let Some(state) = state else {
            if self.looked_through.get().is_none() && self.status != JournalStatus::Lost {
                reader.verify_to_go_on(&self.path)?;
                let _ = self.looked_through.set(());
            }
            return Ok(None);
        };
        let undos = self.undos.get_or_init(|| UndoRuns::of(&self.run, reader, runs).ok());
        Ok(undos.as_ref().map_or(Some(state), |undos| undos.leave(scope, call, state)))
    }

    /// The file as it stands, where nobody writes it and the next write would be told by its time.
    pub(super) fn quiet(&self) -> Option<FileStamp> {
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
