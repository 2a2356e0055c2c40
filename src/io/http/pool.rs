//! Connections that wait for their next call: the last one kept is the first one taken, none for long.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// How long an idle connection is kept; under the usual keep-alive of vendors, so that none is used as it closes.
pub(super) const POOL_IDLE: Duration = Duration::from_secs(20);

/// What is kept, the oldest first.
pub(super) struct Pool<T> {
    kept: VecDeque<(Instant, T)>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { kept: VecDeque::new() }
    }
}

impl<T> Pool<T> {
    /// Keeps one from `now` on.
    pub(super) fn put(&mut self, item: T, now: Instant) {
        self.kept.push_back((now, item));
    }

    /// The one that was used last, and how long it was idle.
    pub(super) fn take(&mut self, now: Instant) -> Option<(T, Duration)> {
        let (since, item) = self.kept.pop_back()?;
        let idle = now.saturating_duration_since(since);
        if idle < POOL_IDLE {
            return Some((item, idle));
        }
        // All others wait longer still.
        self.kept.clear();
        None
    }

    /// Drops what waited too long.
    pub(super) fn sweep(&mut self, now: Instant) {
        let stale = |since: Instant| now.saturating_duration_since(since) >= POOL_IDLE;
        let count = self.kept.iter().take_while(|(since, _)| stale(*since)).count();
        self.kept.drain(..count);
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_that_waited_too_long() {
        let start = Instant::now();
        let mut pool = Pool::default();
        pool.put("old", start);
        pool.put("young", start + Duration::from_secs(1));
        let edge = start + POOL_IDLE;
        assert_eq!(pool.take(edge), Some(("young", POOL_IDLE - Duration::from_secs(1))));
        assert_eq!(pool.take(edge), None);
        assert!(pool.is_empty());
    }

    #[test]
    fn sweeping_leaves_the_young_alone() {
        let start = Instant::now();
        let mut pool = Pool::default();
        pool.put(1, start);
        pool.put(2, start + Duration::from_secs(1));
        pool.sweep(start + POOL_IDLE);
        assert_eq!(pool.take(start + POOL_IDLE).map(|(item, _)| item), Some(2));
        assert!(pool.is_empty());
    }

    #[test]
    fn any_number_is_kept() {
        let now = Instant::now();
        let mut pool = Pool::default();
        (0..10_000).for_each(|item| pool.put(item, now));
        assert_eq!(std::iter::from_fn(|| pool.take(now)).count(), 10_000);
    }
}
