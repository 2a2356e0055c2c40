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

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn at(secs: i64) -> Time {
        Time::from_secs(secs)
    }

    fn request(from: i64, after: Option<Time>) -> LeaseRequest {
        LeaseRequest { from: at(from), length: SECOND, after }
    }

    #[test]
    fn a_lease_begins_where_it_is_asked_for_or_where_the_last_one_ends() {
        let mut leases = RateLeases::default();
        let first = leases.take(request(10, None));
        assert_eq!(first, RateLease { from: at(10), until: at(11), mark: at(11) });
        assert_eq!(leases.take(request(10, None)), RateLease { from: at(11), until: at(12), mark: at(12) });
        assert_eq!(leases.take(request(20, None)), RateLease { from: at(20), until: at(21), mark: at(21) });
        assert_eq!(leases.given_until, at(21));
    }

    #[test]
    fn only_the_holder_of_the_last_lease_may_begin_before_its_end() {
        let mut leases = RateLeases::default();
        let first = leases.take(request(10, None));
        let second = leases.take(request(10, Some(first.mark)));
        assert_eq!((second.from, leases.given_until), (at(10), at(11)), "its own time is not lost");
        leases.take(request(10, None));
        assert_eq!(leases.take(request(10, Some(second.mark))).from, at(12), "another lease lies between");
    }
}
