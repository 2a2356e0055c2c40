//! The wall clock that never runs backwards inside a process, and the system's randomness.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::model::Time;

/// A clock set by the wall at its making and driven by the monotonic clock from then on.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    wall: Time,
    started: Instant,
}

impl Clock {
    /// A clock that starts now.
    #[must_use]
    pub fn start() -> Self {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { wall: Time::default().plus(wall), started: Instant::now() }
    }

    /// The instant it is.
    #[must_use]
    pub fn now(&self) -> Time {
        self.wall.plus(self.started.elapsed())
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
