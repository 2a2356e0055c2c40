//! The journal of another run and what it says about one effect.

use std::cell::OnceCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::undo_runs::UndoRuns;
use crate::io::journal::format::JournalError;
use crate::io::journal::lost::RunMark;
use crate::io::journal::read::Reader;
use crate::io::marks::GuardList;
use crate::journal::EffectState;
use crate::model::{EffectKey, RunId};

/// The resolution assumed of file times: something that changed this recently may change again under the same time.
pub(super) const COARSE_TIME: Duration = Duration::from_millis(100);

/// How long the folder of a run that never began may take to be removed.
const REMOVAL_TIME: Duration = Duration::from_secs(2);

/// The journal of another run.
pub(super) struct OtherJournal {
    pub(super) run: RunId,
    pub(super) path: PathBuf,
    /// Kept open while the journal is being written; `None` otherwise.
    pub(super) reader: Option<Reader>,
    /// The number of the last effect that was read.
    pub(super) read_to: u32,
    /// The file's stamp before it was last read, if nobody was writing then: the same stamp means nothing new.
    pub(super) read_as: Option<FileStamp>,
    pub(super) status: JournalStatus,
    pub(super) mark: RunMark,
    /// The effects of a pruned run; empty for any other.
    pub(super) guard: GuardList,
    /// Set once the whole journal was verified, so that it is believed when it says that an effect was not made.
    pub(super) verified: OnceCell<()>,
    /// Its undos when one of its effects was first asked for. Missing a later undo only makes the answer more careful.
    pub(super) undos: OnceCell<Option<UndoRuns>>,
}

/// The time of the last write and the length of a file that nobody is writing.
pub(super) type FileStamp = (SystemTime, u64);

/// How another journal counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum JournalStatus {
    /// Its run has not begun, so that it must be looked at again.
    NotBegun,
    /// Its run sends to the environment that is asked about.
    Relevant,
    /// Its run sends to another environment.
    Irrelevant,
    /// Something of it is lost: it is believed when it says that an effect was made, and in nothing else.
    Lost,
    /// Its run was pruned: the list of its effects stands for the journal.
    Pruned,
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
            mark: RunMark::default(),
            guard: GuardList::default(),
            verified: OnceCell::new(),
            undos: OnceCell::new(),
        }
    }

    /// Whether its run may have been refused before it began and is removing its folder just now.
    pub(super) fn may_be_being_removed(&self) -> bool {
        let changed = self.path.parent().and_then(|folder| fs::metadata(folder).ok()?.modified().ok());
        let recently = changed.is_some_and(|at| at.elapsed().map_or(true, |age| age < REMOVAL_TIME));
        recently && self.status == JournalStatus::NotBegun && !self.mark.has_begun()
    }

    /// What became of an effect in this run, after its undos. `None` if it was not made or was taken back.
    pub(super) fn state(
        &self,
        reader: &Reader,
        number: u32,
        key: &EffectKey,
        runs: &Path,
    ) -> Result<Option<EffectState>, JournalError> {
        let Some((scope, call, state)) = reader.effect_state(number, key)? else { return Ok(None) };
        let Some(state) = state else {
            if self.verified.get().is_none() && self.status != JournalStatus::Lost {
                reader.verify_to_go_on(&self.path)?;
                let _ = self.verified.set(());
            }
            return Ok(None);
        };
        let undos = self.undos.get_or_init(|| UndoRuns::of(&self.run, reader, runs).ok());
        Ok(undos.as_ref().map_or(Some(state), |undos| undos.state_after(scope, call, state)))
    }

    /// The file's stamp; `None` if it is being written, or was written so recently that the next write may have the same
    /// time.
    pub(super) fn stamp(&self) -> Option<FileStamp> {
        if self.is_written() {
            return None;
        }
        let about = fs::metadata(&self.path).ok()?;
        let at = about.modified().ok()?;
        at.elapsed().is_ok_and(|age| age >= COARSE_TIME).then_some((at, about.len()))
    }

    /// Whether its write-ahead log exists: it is being written, was not closed, or is open here.
    fn is_written(&self) -> bool {
        let mut log = self.path.clone().into_os_string();
        log.push("-wal");
        Path::new(&log).exists()
    }
}
