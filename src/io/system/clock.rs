//! A clock that never runs backwards inside a process: driven by the machine, or by a runtime's virtual time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use crate::model::Time;

/// A clock that is set to the wall clock once and advanced by a monotonic one from then on.
///
/// It counts the time that the machine is suspended, so that a run that wakes up at night knows that it is night.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    wall: Time,
    source: TimeSource,
}

/// What advances a clock, with its reading when the clock was made.
#[derive(Debug, Clone, Copy)]
enum TimeSource {
    /// The machine's monotonic clock, as time since boot.
    Machine(Duration),
    /// The runtime's time, which a test can pause.
    Runtime(Instant),
}

/// Time since the machine booted, including suspended time where the system counts it.
fn uptime() -> Duration {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let clock = rustix::time::ClockId::Boottime;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let clock = rustix::time::ClockId::Monotonic;
    Duration::try_from(rustix::time::clock_gettime(clock)).unwrap_or_default()
}

impl Clock {
    /// A clock that shows the wall-clock time now.
    #[must_use]
    pub fn start() -> Self {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { wall: Time::default().plus(wall), source: TimeSource::Machine(uptime()) }
    }

    /// A clock that shows `at` now and follows the runtime's time. While that is paused, the clock stands still until
    /// every task waits, then jumps to the earliest deadline.
    #[must_use]
    pub fn of_runtime(at: Time) -> Self {
        Self { wall: at, source: TimeSource::Runtime(Instant::now()) }
    }

    /// Whether the clock follows the runtime's time.
    #[must_use]
    pub fn is_of_runtime(&self) -> bool {
        matches!(self.source, TimeSource::Runtime(_))
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> Time {
        self.wall.plus(match self.source {
            TimeSource::Machine(started) => uptime().saturating_sub(started),
            TimeSource::Runtime(started) => started.elapsed(),
        })
    }

    /// Time left until `at`; zero if `at` is past.
    #[must_use]
    pub fn until(&self, at: Time) -> Duration {
        at.since(self.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_of_a_paused_runtime_jumps_over_a_long_sleep() {
        let month = Duration::from_secs(30 * 86_400);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let began = std::time::Instant::now();
        let passed = runtime.block_on(async {
            let clock = Clock::of_runtime(Time::from_secs(1_900_000_000));
            let start = clock.now();
            tokio::time::sleep(month).await;
            clock.now().since(start)
        });
        assert!(passed >= month && passed < month + Duration::from_secs(1), "{passed:?}");
        assert!(began.elapsed() < Duration::from_secs(60));
    }
}
