//! Waves in the scheduler: no row of a wave is begun before the one ahead of it has ended and passed its gate.

use super::scheduler::Engine;
use crate::journal::RowEnded;
use crate::model::Time;
use crate::policy::{AfterWave, FailureSignature, StopReason, WaveProgress, WaveRowEnd};

impl Engine {
    /// How many rows may be asked for at once, by the present wave.
    pub(super) fn rows_of_wave(&self) -> usize {
        let left = self.waves.as_ref().map_or(u64::MAX, WaveProgress::to_bring);
        usize::try_from(left).unwrap_or(usize::MAX)
    }

    /// Counts a row that ended. Why the run must stop, if it must.
    pub(super) fn count_in_wave(&mut self, end: &WaveRowEnd) -> Option<StopReason> {
        self.waves.as_mut().and_then(|waves| waves.on_row(end))
    }

    /// Whether every row of a wave has been begun and another wave follows.
    pub(super) fn is_at_gate(&self) -> bool {
        self.waves.as_ref().is_some_and(|waves| waves.to_bring() == 0 && !waves.is_over())
    }

    /// All rows of the wave have ended: goes on to the next one, or stops.
    pub(super) fn end_wave(&mut self, now: Time) {
        match self.waves.as_mut().map(WaveProgress::end_wave) {
            None | Some(AfterWave::Over) => {}
            Some(AfterWave::Next) => self.rows_over = self.waves.as_ref().is_some_and(WaveProgress::is_over),
            Some(AfterWave::Missed(reason)) => self.stop_for(reason, now),
        }
    }
}

/// A row's end as waves see it.
pub(super) fn end_of(ended: &RowEnded) -> WaveRowEnd {
    let kind = FailureSignature { step: ended.step.clone(), code: ended.code.clone() };
    WaveRowEnd { outcome: ended.outcome, refused: false, kind }
}
