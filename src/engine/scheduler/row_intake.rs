//! Takes in rows: a bounded number at once, and with waves only those of the current one.

use super::action::Action;
use super::engine::{Engine, Stage};
use crate::engine::row::RowMachine;
use crate::journal::{Fact, FrozenRow, RowEnded};
use crate::model::{Map, RowOutcome, StepScope, Time};
use crate::policy::{AfterWave, FailureSignature, StopReason, WaveProgress, WaveRowEnd};

/// Rows that may have begun per call that may be under way. There are more rows than calls, because a waiting row has
/// no call under way.
const ROWS_PER_CALL: usize = 4;

/// The lowest bound on the rows that may have begun and not ended.
const FEWEST_ROWS: usize = 32;

/// The most rows asked for at once.
const ROWS_A_TIME: usize = 512;

impl Engine {
    /// Takes in rows, each with its facts from the journal. `over` says that there are no more.
    pub fn on_rows(&mut self, rows: Vec<(FrozenRow, Vec<(Time, Fact)>)>, over: bool, now: Time) {
        self.rows_asked = 0;
        self.no_more_rows |= over;
        if let Some(waves) = &mut self.waves {
            waves.brought(rows.len() as u64, over);
            self.no_more_rows |= waves.is_over();
        }
        for (row, facts) in rows {
            let scope = StepScope::Row(row.position);
            match row.invalid {
                Some(_) if self.lookups_only => {}
                Some(why) => self.refuse_row(scope, why, now),
                None => {
                    let machine = RowMachine::new(&self.base, scope, &row.key, Some(row.cells), &facts);
                    self.begin(scope, machine, now);
                }
            }
        }
        self.news = true;
    }

    /// Ends a row that is invalid but was kept in the run.
    fn refuse_row(&mut self, scope: StepScope, why: String, now: Time) {
        let outcome = RowOutcome::Failed;
        let (step, request_id, results) = (None, None, Map::new());
        let (code, message) = (Some("invalid".to_owned()), Some(why));
        self.append(now, scope, vec![Fact::RowEnded(RowEnded { outcome, step, code, message, request_id, results })]);
        self.counts.add(outcome);
        self.counts_of_process.add(outcome);
        let kind = FailureSignature { step: None, code: Some("invalid".to_owned()) };
        self.failures.add(outcome, kind.clone(), str::to_owned);
        self.count_in_wave(&WaveRowEnd { outcome, refused: true, kind });
    }

    /// How many rows may have begun and not ended.
    pub(super) fn most_rows(&self) -> usize {
        (self.admission.in_flight_cap() as usize).saturating_mul(ROWS_PER_CALL).max(FEWEST_ROWS)
    }

    pub(super) fn take_rows_in(&mut self) {
        let room = self.most_rows().saturating_sub(self.active.len());
        // Rows are read in batches: one query for many rows.
        let worth_asking = room > 0 && (room >= self.most_rows() / 2 || self.active.is_empty());
        if self.stage == Stage::Rows
            && !self.no_more_rows
            && self.rows_asked == 0
            && self.stop.is_none()
            && self.paused.is_none()
            && worth_asking
        {
            let of_wave = self.rows_of_wave();
            self.rows_asked = room.min(ROWS_A_TIME).min(of_wave);
            if self.rows_asked > 0 {
                self.actions.push(Action::NeedRows(self.rows_asked));
            }
        }
    }

    /// How many rows the present wave has left.
    pub(super) fn rows_of_wave(&self) -> usize {
        let left = self.waves.as_ref().map_or(u64::MAX, WaveProgress::to_bring);
        usize::try_from(left).unwrap_or(usize::MAX)
    }

    /// Counts the end of a row for its wave, and returns why the run must stop; `None` if it goes on.
    pub(super) fn count_in_wave(&mut self, end: &WaveRowEnd) -> Option<StopReason> {
        self.waves.as_mut().and_then(|waves| waves.on_row(end))
    }

    /// Whether every row of the present wave has been asked for and another wave may follow.
    pub(super) fn is_at_gate(&self) -> bool {
        self.waves.as_ref().is_some_and(|waves| waves.to_bring() == 0 && !waves.is_over())
    }

    /// Starts the next wave, or stops the run, once all rows of the current wave have ended.
    pub(super) fn end_wave(&mut self, now: Time) {
        match self.waves.as_mut().map(WaveProgress::end_wave) {
            None | Some(AfterWave::Over) => {}
            Some(AfterWave::Next) => self.no_more_rows = self.waves.as_ref().is_some_and(WaveProgress::is_over),
            Some(AfterWave::Missed(reason)) => self.stop_for(reason, now),
        }
    }
}

/// A row's end as its wave counts it.
pub(super) fn wave_row_end(ended: &RowEnded) -> WaveRowEnd {
    let kind = FailureSignature { step: ended.step.clone(), code: ended.code.clone() };
    WaveRowEnd { outcome: ended.outcome, refused: false, kind }
}
