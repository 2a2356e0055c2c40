//! One budget over all processes: they take turns, and whose turn it is has the whole rate. As every turn is evenly
//! spaced inside and begins where the one before it ends, all of them together are evenly spaced too.

use std::time::Duration;

use crate::model::Time;

/// A stretch of time in which one process alone may use a budget. It lapses by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLease {
    /// Its beginning.
    pub from: Time,
    /// Its end, not included.
    pub until: Time,
    /// Its end as it stands among all turns that were given out, whose clock may be another.
    pub mark: Time,
}

/// What a process asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseRequest {
    /// Not before then.
    pub from: Time,
    /// How long.
    pub length: Duration,
    /// The mark of the turn that the process had before.
    pub after: Option<Time>,
}

/// The turns that were given out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RateLeases {
    /// The end of the last one.
    pub given_until: Time,
}

impl RateLeases {
    /// Gives the next turn. It may begin a little in the past, where nobody else's reaches so far: a call that is late
    /// for its place in the rhythm does not lose it. Who had the last turn himself may cut it short by the new one.
    pub fn take(&mut self, wanted: LeaseRequest) -> RateLease {
        let alone = wanted.after == Some(self.given_until);
        let from = if alone { wanted.from } else { self.given_until.max(wanted.from) };
        let until = from.plus(wanted.length);
        self.given_until = until;
        RateLease { from, until, mark: until }
    }
}
