//! How fast the rows of a run are read: as fast as it goes, except beside a run that needs the processors itself. Then reading
//! takes a small share of one processor.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::io::{BusyProcessors, thread_time};

/// The share of a processor that reading takes beside a busy run is one in so many.
const SHARE: u32 = 100;

/// How busy the machine is, for all who read.
#[derive(Debug, Clone, Default)]
pub(super) struct ReadingPace(Arc<Mutex<BusyProcessors>>);

/// One reading, in steps.
#[derive(Debug)]
pub(super) struct PacedReading {
    pace: ReadingPace,
    driven: bool,
    /// The thread's processor time at the end of the last step.
    stepped_at: Duration,
}

impl ReadingPace {
    fn is_busy(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).are_busy()
    }
}

impl PacedReading {
    /// Begins a reading on this thread.
    pub(super) fn begin(pace: ReadingPace) -> Self {
        Self { pace, driven: false, stepped_at: thread_time() }
    }

    /// Says whether a process drives the run that is read.
    pub(super) fn set_driven(&mut self, driven: bool) {
        self.driven = driven;
    }

    /// How long to rest after the step that ended now.
    pub(super) fn rest(&mut self) -> Duration {
        let now = thread_time();
        let worked = now.saturating_sub(std::mem::replace(&mut self.stepped_at, now));
        rest_after(worked, self.driven && self.pace.is_busy())
    }
}

/// How long to rest after so much work.
fn rest_after(worked: Duration, busy: bool) -> Duration {
    if busy { worked * (SHARE - 1) } else { Duration::ZERO }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_beside_a_busy_run_reading_takes_a_hundredth_of_a_processor() {
        assert_eq!(rest_after(Duration::from_millis(10), true), Duration::from_millis(990));
        assert_eq!(rest_after(Duration::from_millis(10), false), Duration::ZERO);
    }

    #[test]
    fn a_run_that_no_process_drives_is_read_without_a_rest() {
        let mut reading = PacedReading::begin(ReadingPace::default());
        assert_eq!(reading.rest(), Duration::ZERO);
        reading.set_driven(true);
        let began = reading.stepped_at;
        reading.rest();
        assert!(reading.stepped_at >= began);
    }
}
