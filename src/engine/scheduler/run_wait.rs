//! What the run as a whole waits for, for the progress display.

use std::cmp::Reverse;
use std::time::Duration;

use super::engine::{Engine, Stage};
use crate::engine::observe::RunWait;
use crate::engine::row::RowWait;
use crate::model::Time;
use crate::policy::RateLimiter;

/// A turn under a rate limit that comes within this time is no wait, but the pace of the run.
const SOON: Duration = Duration::from_secs(5);

impl Engine {
    /// What the run as a whole waits for; `None` if it goes on or only waits for its turn under a rate limit.
    pub(super) fn waits(&self, now: Time) -> Option<RunWait> {
        if self.stop.is_some() || self.stage == Stage::Closed {
            return None;
        }
        if !self.in_flight.is_empty() {
            return self.waits_for_answers();
        }
        if !self.granted.is_empty() {
            return None;
        }
        if let Some(login) = self.waits_for_login() {
            return Some(login);
        }
        let is_queued = |bucket: usize| !self.admission.buckets[bucket].waiting.is_empty();
        let paused = self.pause_of(is_queued, now);
        let rows = self.waits_for_rows(now);
        let (until, wait) = match (paused, rows) {
            (Some(pause), Some(rows)) => {
                if pause.0 <= rows.0 {
                    pause
                } else {
                    rows
                }
            }
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => {
                let (until, wall) = self.waits_for_send_window()?;
                (until, RunWait::Window { until, wall })
            }
        };
        // A call that only waits for its turn under its rate limit soon goes on.
        self.next_turn(now).is_none_or(|turn| until <= turn && turn.since(now) > SOON).then_some(wait)
    }

    /// When the first call may go out that only its rate limit holds back; `None` if there is no such call.
    fn next_turn(&self, now: Time) -> Option<Time> {
        let may_go = |bucket: &usize| {
            let own = &self.admission.buckets[*bucket];
            let paused = own.limiter.as_ref().and_then(RateLimiter::paused_until).is_some_and(|until| until > now);
            !paused && self.tokens.is_ready(own.connection) && self.next_in_queue(*bucket).is_some()
        };
        let buckets = (0..self.admission.buckets.len()).filter(may_go);
        buckets.map(|bucket| self.admission.earliest(bucket, now)).min()
    }

    /// Calls are under way: the run waits for lookups if there are no others.
    fn waits_for_answers(&self) -> Option<RunWait> {
        let (mut calls, mut lookups, mut since) = (0, 0, None::<Time>);
        for members in self.in_flight.values() {
            let leader = members.first().and_then(|scope| self.active.get(scope));
            let Some(leader) = leader else { continue };
            if leader.outgoing.as_deref().is_some_and(|outgoing| outgoing.lookup) {
                lookups += members.len() as u64;
            } else {
                calls += 1;
                since = Some(since.map_or(leader.sent_at, |first| first.min(leader.sent_at)));
            }
        }
        match since {
            Some(since) => Some(RunWait::Answers { calls, since }),
            None => (lookups > 0).then_some(RunWait::LooksUp { calls: lookups }),
        }
    }

    fn waits_for_login(&self) -> Option<RunWait> {
        let mut buckets = (0..self.admission.buckets.len()).filter(|bucket| self.next_in_queue(*bucket).is_some());
        let connection = buckets.find_map(|bucket| {
            let connection = self.admission.buckets[bucket].connection;
            (!self.tokens.is_ready(connection)).then_some(connection)
        })?;
        let watch = &self.logins[connection];
        Some(RunWait::Login {
            connection: self.plan.connections[connection].name.clone(),
            host: self.plan.host_of(connection),
            since: watch.since,
            failures: watch.failures,
            trouble: watch.trouble.clone(),
            again_at: self.tokens.wake_at(connection),
        })
    }

    /// The pause that ends first, of operations that the vendor throttled, and its end.
    fn pause_of(&self, counts: impl Fn(usize) -> bool, now: Time) -> Option<(Time, RunWait)> {
        let buckets = self.admission.buckets.iter().enumerate().filter(|(bucket, _)| counts(*bucket));
        let paused = buckets.filter_map(|(bucket, own)| {
            let until = own.limiter.as_ref()?.paused_until().filter(|until| *until > now)?;
            Some((until, bucket, own.pause_asked))
        });
        let (until, bucket, asked) = paused.min_by_key(|(until, ..)| *until)?;
        let operation = self.plan.rate_buckets[bucket].operation.clone();
        let wait = match asked {
            true => RunWait::RetryAfter { operation: Some(operation), until },
            false => RunWait::Throttled { operation, until },
        };
        Some((until, wait))
    }

    /// What the rows wait for that go on next, and when; `None` if a row could go on now.
    fn waits_for_rows(&self, now: Time) -> Option<(Time, RunWait)> {
        let has_call = |scope| self.active.get(scope).is_none_or(|active| active.outgoing.is_some());
        let waiting = self.timers.iter().filter(|Reverse((_, scope))| !has_call(scope));
        let mut of_rows: Vec<(Time, RowWait)> = Vec::new();
        for Reverse((until, scope)) in waiting {
            let Some(active) = self.active.get(scope) else { continue };
            of_rows.push((*until, active.machine.waits_for()));
        }
        let (until, reason) = of_rows.iter().min_by_key(|(until, _)| *until).copied()?;
        if until <= now {
            return None;
        }
        let rows = of_rows.iter().filter(|(_, other)| *other == reason).count() as u64;
        let wait = match reason {
            // Rows that were throttled wait for themselves until their operation goes on.
            RowWait::BackOff => {
                let throttled = || self.pause_of(|_| true, now).map(|(_, wait)| wait);
                self.waits_for_vendor(until).or_else(throttled).unwrap_or(RunWait::BackOff { rows, until })
            }
            RowWait::RetryAfter => RunWait::RetryAfter { operation: None, until },
            RowWait::LookupDelay => RunWait::LookupDelay { rows, until },
            RowWait::Until => RunWait::Until { rows, until },
        };
        Some((until, wait))
    }

    /// The wait for a vendor that cannot be reached; `None` if each was reached by the last call.
    fn waits_for_vendor(&self, until: Time) -> Option<RunWait> {
        let mut failing = self.reachability.iter().enumerate();
        let (connection, why) = failing.find_map(|(place, vendor)| Some((place, vendor.trouble()?.to_owned())))?;
        let (name, host) = (self.plan.connections[connection].name.clone(), self.plan.host_of(connection));
        Some(RunWait::Unreachable { connection: name, host, why, until })
    }
}
