//! The clock that never runs backwards inside a process, by the wall or by a runtime's own time, and the system's
//! randomness.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use crate::model::Time;

/// A clock set by the wall at its making and driven from then on by one that never runs backwards. It goes on while the
/// machine is suspended, so that a run that wakes up at night does not take it for the afternoon.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    wall: Time,
    driven: Driven,
}

/// What drives a clock, as it stood when the clock was made.
#[derive(Debug, Clone, Copy)]
enum Driven {
    /// The machine.
    Machine(Duration),
    /// The runtime's own time.
    Runtime(Instant),
}

/// How long the machine has been up, suspended or not.
fn uptime() -> Duration {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let clock = rustix::time::ClockId::Boottime;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let clock = rustix::time::ClockId::Monotonic;
    Duration::try_from(rustix::time::clock_gettime(clock)).unwrap_or_default()
}

impl Clock {
    /// A clock that starts now.
    #[must_use]
    pub fn start() -> Self {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { wall: Time::default().plus(wall), driven: Driven::Machine(uptime()) }
    }

    /// A clock that shows `at` now and goes as the runtime's time does: where that is paused, it stands still until
    /// everybody waits, and then jumps to what is waited for first.
    #[must_use]
    pub fn of_runtime(at: Time) -> Self {
        Self { wall: at, driven: Driven::Runtime(Instant::now()) }
    }

    /// Whether it goes as the runtime's time does.
    #[must_use]
    pub fn is_of_runtime(&self) -> bool {
        matches!(self.driven, Driven::Runtime(_))
    }

    /// The instant it is.
    #[must_use]
    pub fn now(&self) -> Time {
        self.wall.plus(match self.driven {
            Driven::Machine(started) => uptime().saturating_sub(started),
            Driven::Runtime(started) => started.elapsed(),
        })
    }

    /// How long it is until `at`; zero where it is past.
    #[must_use]
    pub fn until(&self, at: Time) -> Duration {
        at.since(self.now())
    }
}

/// Random bits from the system.
///
/// # Panics
/// Where the system has no source of randomness, which no supported platform lacks.
#[must_use]
pub fn random_u128() -> u128 {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).unwrap_or_else(|error| panic!("the system gives no randomness: {error}"));
    u128::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paused_runtime_waits_for_nothing() {
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
