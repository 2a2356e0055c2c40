//! The wall clock that never runs backwards inside a process, and the system's randomness.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::model::Time;

/// A clock set by the wall at its making and driven from then on by one that never runs backwards. It goes on while the
/// machine is suspended, so that a run that wakes up at night does not take it for the afternoon.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    wall: Time,
    started: Duration,
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
        Self { wall: Time::default().plus(wall), started: uptime() }
    }

    /// The instant it is.
    #[must_use]
    pub fn now(&self) -> Time {
        self.wall.plus(uptime().saturating_sub(self.started))
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
