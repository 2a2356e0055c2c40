//! Rows coming in: asked for as there is room, never more than a bound at once.

use super::row_machine::RowMachine;
use super::scheduler::{Active, Engine, Stage};
use super::tidings::Tiding;
use crate::journal::{Fact, FrozenRow, RowEnded};
use crate::model::{Map, RowOutcome, StepScope as Whose, Time};
use crate::policy::{FailureSignature, WaveRowEnd};

/// Rows begun at once for each call that may be under way: rows that wait hold no call's place.
const ROWS_PER_CALL: usize = 4;

/// The least number of rows that may be begun at once.
const FEWEST_ROWS: usize = 32;

/// The most rows asked for at once.
const ROWS_A_TIME: usize = 512;

impl Engine {
    /// Rows from the journal, each with what it says of them; `over` when there are no more.
    pub fn on_rows(&mut self, rows: Vec<(FrozenRow, Vec<(Time, Fact)>)>, over: bool, now: Time) {
        self.rows_asked = 0;
        self.rows_over |= over;
        if let Some(waves) = &mut self.waves {
            waves.brought(rows.len() as u64, over);
            self.rows_over |= waves.is_over();
        }
        for (row, facts) in rows {
            let whose = Whose::Row(row.position);
            match row.invalid {
                Some(_) if self.settling => {}
                Some(why) => self.refuse_row(whose, why, now),
                None => {
                    let machine = RowMachine::new(&self.base, whose, &row.key, Some(row.cells), &facts);
                    self.begin(whose, machine, now);
                }
            }
        }
        self.news = true;
    }

    pub(super) fn begin(&mut self, whose: Whose, machine: RowMachine, now: Time) {
        self.hear(|| Tiding::Begun(whose, machine.state().has_begun()));
        let effects = self.effects_of(&machine);
        let active = Box::new(Active { machine, outgoing: None, needs_seq: 0, sent_at: Time::default(), effects });
        self.advance(whose, active, now);
    }

    /// A row that was let in though it is not valid ends at once.
    fn refuse_row(&mut self, whose: Whose, why: String, now: Time) {
        let outcome = RowOutcome::Failed;
        let (step, request_id, results) = (None, None, Map::new());
        let (code, message) = (Some("invalid".to_owned()), Some(why));
        self.append(now, whose, vec![Fact::RowEnded(RowEnded { outcome, step, code, message, request_id, results })]);
        self.counts.add(outcome);
        self.counts_here.add(outcome);
        let kind = FailureSignature { step: None, code: Some("invalid".to_owned()) };
        self.count_in_wave(&WaveRowEnd { outcome, refused: true, kind });
    }

    /// How many rows may be begun at once.
    pub(super) fn most_rows(&self) -> usize {
        (self.gates.in_flight_cap() as usize).saturating_mul(ROWS_PER_CALL).max(FEWEST_ROWS)
    }

    pub(super) fn take_rows_in(&mut self) {
        let room = self.most_rows().saturating_sub(self.active.len());
        // Asked for in batches: one question to the disk for many rows.
        let worth_asking = room > 0 && (room >= self.most_rows() / 2 || self.active.is_empty());
        if self.stage == Stage::Rows && !self.rows_over && self.rows_asked == 0 && self.stop.is_none() && worth_asking {
            let of_wave = self.rows_of_wave();
            self.rows_asked = room.min(ROWS_A_TIME).min(of_wave);
            if self.rows_asked > 0 {
                self.actions.push(super::action::Action::NeedRows(self.rows_asked));
            }
        }
    }
}
