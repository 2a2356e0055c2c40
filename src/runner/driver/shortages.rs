//! Requests for which this machine had no connection: how often each is tried again before it counts as not sent.

use std::collections::HashMap;
use std::time::Duration;

/// Time between two tries of a request for which this machine had no connection.
const BETWEEN_TRIES: Duration = Duration::from_millis(100);

/// Tries of one request, after which the vendor counts as unreachable.
const MAX_TRIES: u32 = 600;

/// What to do with a request for which this machine had no connection. Nothing of it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AfterShortage {
    /// Try again after this time. It costs the request no attempt.
    TryAgainIn(Duration),
    /// Answer it as not sent.
    GiveUp,
}

/// Counts the tries of each request, by the request's hash.
#[derive(Debug, Default)]
pub(super) struct Shortages {
    tries: HashMap<String, u32>,
}

impl Shortages {
    /// Records that this machine had no connection for a request, because the process may open no more files or has
    /// no memory.
    pub(super) fn on_shortage(&mut self, request_hash: String) -> AfterShortage {
        let tries = self.tries.entry(request_hash).or_default();
        *tries += 1;
        if *tries > MAX_TRIES {
            self.tries.clear();
            return AfterShortage::GiveUp;
        }
        AfterShortage::TryAgainIn(BETWEEN_TRIES)
    }

    /// Records that a call was answered, so there are connections again: all requests count from zero.
    pub(super) fn on_answer(&mut self) {
        self.tries.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortage(shortages: &mut Shortages, request: &str) -> AfterShortage {
        shortages.on_shortage(request.to_owned())
    }

    #[test]
    fn a_request_without_a_connection_is_tried_again_for_a_minute_and_then_given_up() {
        let mut shortages = Shortages::default();
        for _ in 0..MAX_TRIES {
            assert_eq!(shortage(&mut shortages, "a"), AfterShortage::TryAgainIn(BETWEEN_TRIES));
        }
        assert_eq!(BETWEEN_TRIES * MAX_TRIES, Duration::from_secs(60));
        assert_eq!(shortage(&mut shortages, "a"), AfterShortage::GiveUp);
    }

    #[test]
    fn tries_are_counted_for_each_request_by_itself() {
        let mut shortages = Shortages::default();
        for _ in 0..MAX_TRIES {
            shortage(&mut shortages, "a");
        }
        assert_eq!(shortage(&mut shortages, "b"), AfterShortage::TryAgainIn(BETWEEN_TRIES));
        assert_eq!(shortage(&mut shortages, "a"), AfterShortage::GiveUp);
    }

    #[test]
    fn an_answer_or_a_given_up_request_starts_all_counts_from_zero() {
        let exhausted = || {
            let mut shortages = Shortages::default();
            for request in ["a", "b"] {
                for _ in 0..MAX_TRIES {
                    shortage(&mut shortages, request);
                }
            }
            shortages
        };
        let mut answered = exhausted();
        answered.on_answer();
        assert_eq!(shortage(&mut answered, "a"), AfterShortage::TryAgainIn(BETWEEN_TRIES));
        let mut given_up = exhausted();
        assert_eq!(shortage(&mut given_up, "a"), AfterShortage::GiveUp);
        assert_eq!(shortage(&mut given_up, "b"), AfterShortage::TryAgainIn(BETWEEN_TRIES));
    }
}
