//! One rate limit shared by several processes. They lease it in turn: the process that holds a lease has the whole rate.
//! Calls are evenly spaced within a lease, and each lease begins where the one before it ends, so that all calls together
//! are evenly spaced too.

use std::time::Duration;

use crate::model::Time;

/// A span of time in which one process alone may use a rate limit. It expires by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLease {
    /// Its beginning.
    pub from: Time,
    /// Its end, not included.
    pub until: Time,
    /// Its end on the clock of the shared ledger; it identifies the lease.
    pub mark: Time,
}

/// A request for a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseRequest {
    /// The earliest beginning.
    pub from: Time,
    /// The length of the lease.
    pub length: Duration,
    /// The mark of the process's previous lease; `None` if it had none.
    pub after: Option<Time>,
}

/// The leases granted so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RateLeases {
    /// The end of the last lease.
    pub given_until: Time,
}

impl RateLeases {
    /// Grants the next lease. It may begin in the past if no other lease covers that time, so that a late call keeps its
    /// slot. The process that holds the latest lease may replace it early.
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
