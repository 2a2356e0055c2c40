//! The effects of a run that other runs must not make again: what it made or may have made, less what its undos took back.

use std::path::Path;

use super::undo_runs::UndoRuns;
use crate::io::journal::format::JournalError;
use crate::io::journal::read::Reader;
use crate::io::marks::GuardList;
use crate::journal::EffectState;
use crate::model::{EffectKey, RunId};

impl Reader {
    /// Reads all effects of the run that still stand or may stand. `runs` is the folder of all runs, which holds its undos.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] if what is read was changed; [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub fn standing_effects(&self, run: &RunId, runs: &Path) -> Result<GuardList, JournalError> {
        let mut standing = Vec::new();
        self.each_standing(run, runs, &mut |key, state| {
            standing.push((key, state));
            true
        })?;
        Ok(GuardList::new(standing))
    }

    /// Whether any effect of the run still stands or may stand.
    ///
    /// # Errors
    /// As [`Reader::standing_effects`].
    pub fn has_standing_effects(&self, run: &RunId, runs: &Path) -> Result<bool, JournalError> {
        let mut found = false;
        self.each_standing(run, runs, &mut |_, _| {
            found = true;
            false
        })?;
        Ok(found)
    }

    /// Calls `each` with every effect that stands, until it returns false.
    fn each_standing(
        &self,
        run: &RunId,
        runs: &Path,
        each: &mut dyn FnMut(EffectKey, EffectState) -> bool,
    ) -> Result<(), JournalError> {
        let undos = UndoRuns::of(run, self, runs)?;
        let mut listed = Vec::new();
        self.effects_after(0, &mut |number, key| listed.push((number, key)))?;
        for (number, key) in listed {
            let Some((scope, call, Some(state))) = self.effect_state(number, &key)? else { continue };
            if let Some(state) = undos.state_after(scope, call, state)
                && !each(key, state)
            {
                break;
            }
        }
        Ok(())
    }
}
