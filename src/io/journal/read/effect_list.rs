//! The list of effects that a journal keeps beside its entries.

use rusqlite::Row;

use super::reader::Reader;
use super::scan::scan;
use crate::io::journal::format::JournalError;
use crate::io::journal::format::checksum::of_effect;
use crate::io::journal::format::columns::scope_of;
use crate::journal::{CallRef, EffectState, RowState};
use crate::model::{EffectKey, Phase, RunId, StepScope};

const EFFECT: &str = "SELECT rowid, key, scope, step, item, undo, sum FROM effects";

/// One line of the list.
struct EffectRecord {
    number: u32,
    key: EffectKey,
    scope: StepScope,
    call: CallRef,
}

impl EffectRecord {
    fn read(row: &Row<'_>) -> Result<Self, JournalError> {
        let damaged = || JournalError::Damaged("the list of effects was changed".to_owned());
        let bytes = row.get_ref(1)?.as_blob().map_err(|_| damaged())?;
        let (scope, step, item, undo) = (row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
        if row.get::<_, i64>(6)? != of_effect(bytes, scope, [step, item], undo) {
            return Err(damaged());
        }
        let key = EffectKey::from_bytes(bytes).ok_or_else(damaged)?;
        let phase = if undo { Phase::Rollback } else { Phase::Do };
        Ok(Self { number: row.get(0)?, key, scope: scope_of(scope), call: CallRef { step, item, phase } })
    }
}

impl Reader {
    /// Calls `each` with the number and key of every effect after number `last`. Returns the last number.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] if an effect was changed or is gone; [`JournalError::Sqlite`] if the disk or SQLite fails.
    pub(in crate::io::journal) fn effects_after(
        &self,
        last: u32,
        each: &mut dyn FnMut(u32, EffectKey),
    ) -> Result<u32, JournalError> {
        let mut query = self.connection.prepare_cached(&format!("{EFFECT} WHERE rowid > ?1 ORDER BY rowid"))?;
        let mut found = query.query([last])?;
        let mut last = last;
        while let Some(row) = found.next()? {
            let listed = EffectRecord::read(row)?;
            // Effects are numbered without gaps, and none is ever removed.
            if listed.number != last + 1 {
                return Err(JournalError::Damaged("the list of effects was cut".to_owned()));
            }
            last = listed.number;
            each(last, listed.key);
        }
        Ok(last)
    }

    /// Calls `each` with every effect that a damaged journal of `run` still lists.
    pub(in crate::io::journal) fn effects_left(&self, run: &RunId, each: &mut dyn FnMut(u32, EffectKey)) {
        if !self.is_of(run) {
            return;
        }
        scan(&self.connection, &format!("{EFFECT} WHERE rowid > ?1 ORDER BY rowid"), &mut |row| {
            if let Ok(listed) = EffectRecord::read(row) {
                each(listed.number, listed.key);
            }
            Ok(())
        });
    }

    /// The scope, call and state of the effect with this number. `None` if the number has another key; a state of `None`
    /// means that the effect was not made.
    #[allow(clippy::type_complexity)]
    pub(in crate::io::journal) fn effect_state(
        &self,
        number: u32,
        key: &EffectKey,
    ) -> Result<Option<(StepScope, CallRef, Option<EffectState>)>, JournalError> {
        let mut query = self.connection.prepare_cached(&format!("{EFFECT} WHERE rowid = ?1"))?;
        let mut found = query.query([number])?;
        match found.next()?.map(EffectRecord::read).transpose()? {
            Some(EffectRecord { scope, call, key: listed, .. }) if listed == *key => {
                Ok(Some((scope, call, self.state_of(scope, call)?)))
            }
            _ => Ok(None),
        }
    }

    fn state_of(&self, scope: StepScope, call: CallRef) -> Result<Option<EffectState>, JournalError> {
        let facts = self.facts(scope)?;
        let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
        if state.call(call).is_none() {
            return Err(JournalError::Damaged("entries of a listed effect are gone".to_owned()));
        }
        Ok(EffectState::of(&state, call))
    }
}
