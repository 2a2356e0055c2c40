//! Writes entries into a journal, and what follows from them: which rows have ended, which effects are listed.

use std::borrow::Borrow;

use rusqlite::params;

use super::store::Store;
use crate::io::journal::format::JournalError;
use crate::io::journal::format::checksum::{of_effect, of_entry, of_pair};
use crate::io::journal::format::columns::scope_number;
use crate::io::journal::guards::{EntrySetHash, Progress};
use crate::journal::{Fact, JournalEntry};
use crate::model::{Phase, RowOutcome, StepScope, Time};

impl Store {
    /// Writes entries in one transaction. They are on the disk when this returns.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`] if the disk or SQLite fails; nothing of the batch is kept then. [`JournalError::Gone`] if the
    /// file was moved or replaced. [`JournalError::Io`] if the watermark cannot be written.
    pub fn append<E: Borrow<JournalEntry>>(
        &mut self,
        entries: impl IntoIterator<Item = E>,
    ) -> Result<(), JournalError> {
        let mut progress = self.progress()?;
        let transaction = self.connection.transaction()?;
        {
            let mut insert = transaction
                .prepare_cached("INSERT INTO entries (seq, scope, at, facts, sum) VALUES (?1, ?2, ?3, ?4, ?5)")?;
            let mut end = transaction
                .prepare_cached("INSERT OR REPLACE INTO ended (position, outcome, sum) VALUES (?1, ?2, ?3)")?;
            let mut open_again = transaction.prepare_cached("DELETE FROM ended WHERE position = ?1")?;
            let mut effect = transaction.prepare_cached(
                "INSERT INTO effects (key, scope, step, item, undo, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for entry in entries {
                let entry: &JournalEntry = entry.borrow();
                for (call, key) in entry.effects() {
                    let (scope, undo) = (scope_number(entry.scope), call.phase == Phase::Rollback);
                    let sum = of_effect(key.as_bytes(), scope, [call.step, call.item], undo);
                    effect.execute(params![key.as_bytes(), scope, call.step, call.item, undo, sum])?;
                    progress.effects = progress.effects.map(|count| count.saturating_add(1));
                }
                let facts =
                    serde_json::to_string(&entry.facts).map_err(|error| JournalError::Damaged(error.to_string()))?;
                let (scope, at) = (scope_number(entry.scope), entry.at.as_micros());
                let sum = of_entry(entry.seq.cast_signed(), scope, at, &facts);
                insert.execute(params![entry.seq, scope, at, facts, sum])?;
                progress.entry_hash = progress.entry_hash.map(|hash| hash.with(entry.seq, scope));
                (progress.seq, progress.at) = (entry.seq, Some(entry.at));
                let StepScope::Row(position) = entry.scope else { continue };
                match entry.facts.iter().rev().find_map(end_of) {
                    Some(Some(outcome)) => {
                        let outcome = outcome.as_str();
                        end.execute(params![position, outcome, of_pair(&position.to_string(), outcome)])?
                    }
                    Some(None) => open_again.execute([position])?,
                    None => 0,
                };
            }
        }
        transaction.commit()?;
        if !self.file.still_holds() {
            return Err(JournalError::Gone(self.file.path().display().to_string()));
        }
        self.progress = Some(progress);
        let path = self.file.path().display().to_string();
        self.watermark.set(&progress).map_err(|error| JournalError::Io { path, error })
    }

    /// Writes those of `entries` that the journal lacks, after an append of them failed: the disk may have taken them all
    /// the same. If it fails again, `entries` holds what is still to be written.
    ///
    /// # Errors
    /// As [`Store::append`].
    pub(super) fn append_again(&mut self, entries: &mut Vec<JournalEntry>) -> Result<(), JournalError> {
        self.progress = None;
        let next = self.next_seq()?;
        entries.retain(|entry| entry.seq >= next);
        if entries.is_empty() {
            let gone = || JournalError::Gone(self.file.path().display().to_string());
            return self.file.still_holds().then_some(()).ok_or_else(gone);
        }
        self.append(entries)
    }

    /// How far the journal has come, by the watermark and the few entries after it.
    pub(super) fn progress(&self) -> Result<Progress, JournalError> {
        if let Some(progress) = self.progress {
            return Ok(progress);
        }
        let mark = self.watermark.recorded()?;
        let nothing = Progress { entry_hash: Some(EntrySetHash::default()), ..Progress::default() };
        self.progress_after(if mark.entry_hash.is_some() { mark } else { nothing })
    }

    /// How far the journal has come, given the progress up to some entry.
    pub(super) fn progress_after(&self, known: Progress) -> Result<Progress, JournalError> {
        let mut progress = known;
        let mut query = self.connection.prepare("SELECT seq, scope, at FROM entries WHERE seq > ?1 ORDER BY seq")?;
        let mut entries = query.query([known.seq])?;
        while let Some(entry) = entries.next()? {
            (progress.seq, progress.at) = (entry.get(0)?, Some(Time::from_micros(entry.get(2)?)));
            let scope = entry.get(1)?;
            progress.entry_hash = progress.entry_hash.map(|hash| hash.with(progress.seq, scope));
        }
        let listed: Option<u32> = self.connection.query_row("SELECT max(rowid) FROM effects", [], |row| row.get(0))?;
        Ok(Progress { effects: Some(listed.unwrap_or_default()), ..progress })
    }
}

/// What a fact does to the table of ended rows: `Some(Some(outcome))` adds the row, `Some(None)` removes it, `None` leaves it.
fn end_of(fact: &Fact) -> Option<Option<RowOutcome>> {
    match fact {
        Fact::RowEnded(ended) => Some(Some(ended.outcome)),
        Fact::ContinuedIn(handed) => Some(Some(handed.outcome)),
        Fact::Settled(_) | Fact::Reopened(_) => Some(None),
        Fact::Intent(_)
        | Fact::Attempted(_)
        | Fact::StepEnded(_)
        | Fact::RollbackStarted
        | Fact::ImportedCall(_)
        | Fact::Began { .. }
        | Fact::Steered(_)
        | Fact::Stopped(_)
        | Fact::Finished => None,
    }
}
