//! What the display remembers of the last seconds: counts at their instants, from which rates follow.

use std::collections::VecDeque;
use std::time::Duration;

use crate::engine::Progress;
use crate::model::Time;

/// The time over which a rate is shown.
const RATE_OVER: Duration = Duration::from_secs(10);

/// The time over which the pace of the run is measured, to tell how long it will still take.
const PACE_OVER: Duration = Duration::from_secs(30);

/// The shortest time between two samples.
const SAMPLE_EVERY: Duration = Duration::from_millis(250);

/// A rate over less time would say nothing.
const SHORTEST: Duration = Duration::from_secs(1);

/// A pace is measured over at least this time, and this many calls.
const SHORTEST_PACE: Duration = Duration::from_secs(5);
const FEWEST_CALLS: u64 = 20;

/// Waits shorter than this are part of the pace: a vendor that throttles the run again and again will go on doing so.
const PACE_ENDS_AFTER: Duration = Duration::from_secs(10);

/// How long a call that met trouble is shown.
const TROUBLE_FOR: Duration = Duration::from_secs(5);

/// Counts at an instant.
#[derive(Debug, Clone, PartialEq)]
struct Sample {
    at: Time,
    /// Requests sent, by operation in the order of the progress.
    sent: Vec<u64>,
    /// Calls that have ended.
    done: u64,
}

/// What the display remembers.
#[derive(Debug, Default)]
pub(super) struct Meter {
    samples: VecDeque<Sample>,
    /// Since when the run has waited for something else than answers; `None` while it does not.
    waits_since: Option<Time>,
    /// Since when the run has been under way without a long wait; `None` during one.
    goes_on_since: Option<Time>,
    /// When an answer came last, or the run began.
    answered_at: Option<Time>,
    answers: u64,
    /// The calls that met trouble before those that are shown, and until when they are.
    trouble_before: u64,
    trouble_seen: u64,
    trouble_until: Option<Time>,
}

impl Meter {
    /// Takes the counts at an instant.
    pub(super) fn observe(&mut self, progress: &Progress, now: Time) {
        let waits = progress.waits.as_ref().is_some_and(|wait| !wait.is_for_answers());
        if waits {
            self.waits_since.get_or_insert(now);
        } else {
            self.waits_since = None;
        }
        if progress.draining || progress.paused.is_some() || self.waited_for(now) >= PACE_ENDS_AFTER {
            self.goes_on_since = None;
        } else {
            self.goes_on_since.get_or_insert(now);
        }
        let answers: u64 = progress.operations.values().map(|counts| counts.attempts).sum();
        if self.answered_at.is_none() || answers != self.answers {
            (self.answers, self.answered_at) = (answers, Some(now));
        }
        if self.trouble_until.is_none_or(|until| until <= now) {
            self.trouble_before = self.trouble_seen;
        }
        if progress.troubled > self.trouble_seen {
            (self.trouble_seen, self.trouble_until) = (progress.troubled, Some(now.plus(TROUBLE_FOR)));
        }
        if self.samples.back().is_some_and(|last| now.since(last.at) < SAMPLE_EVERY) {
            return;
        }
        self.samples.push_back(sample(progress, now));
        while self.samples.get(1).is_some_and(|second| now.since(second.at) >= PACE_OVER) {
            self.samples.pop_front();
        }
    }

    /// The requests of an operation in a second, over the last ten seconds; `None` if that is too early to say.
    pub(super) fn rate(&self, progress: &Progress, operation: usize, now: Time) -> Option<f64> {
        let of = |sent: &[u64]| sent.get(operation).copied().unwrap_or_default();
        self.rate_of(progress, now, |sample| of(&sample.sent))
    }

    /// The same for all operations together.
    pub(super) fn whole_rate(&self, progress: &Progress, now: Time) -> Option<f64> {
        self.rate_of(progress, now, |sample| sample.sent.iter().sum())
    }

    #[allow(clippy::cast_precision_loss)]
    fn rate_of(&self, progress: &Progress, now: Time, count: impl Fn(&Sample) -> u64) -> Option<f64> {
        let then = self.samples.iter().rev().find(|sample| now.since(sample.at) >= RATE_OVER);
        let then = then.or_else(|| self.samples.front())?;
        let took = now.since(then.at);
        let calls = count(&sample(progress, now)).saturating_sub(count(then));
        (took >= SHORTEST).then(|| calls as f64 / took.as_secs_f64())
    }

    /// The calls that end in a second, since the run last waited for long, but at most over half a minute; `None` if too
    /// few have ended to say.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn pace(&self, progress: &Progress, now: Time) -> Option<f64> {
        let since = self.goes_on_since?;
        let then = self.samples.iter().find(|sample| sample.at >= since && now.since(sample.at) <= PACE_OVER)?;
        let (took, calls) = (now.since(then.at), sample(progress, now).done.saturating_sub(then.done));
        (took >= SHORTEST_PACE && calls >= FEWEST_CALLS).then(|| calls as f64 / took.as_secs_f64())
    }

    /// How long the run has waited for something else than answers.
    pub(super) fn waited_for(&self, now: Time) -> Duration {
        self.waits_since.map_or(Duration::ZERO, |since| now.since(since))
    }

    /// How long no answer has come.
    pub(super) fn quiet_for(&self, now: Time) -> Duration {
        self.answered_at.map_or(Duration::ZERO, |at| now.since(at))
    }

    /// The calls that met trouble in the last seconds; 0 if none did.
    pub(super) fn fresh_trouble(&self, now: Time) -> u64 {
        let fresh = self.trouble_until.is_some_and(|until| until > now);
        if fresh { self.trouble_seen.saturating_sub(self.trouble_before) } else { 0 }
    }
}

fn sample(progress: &Progress, at: Time) -> Sample {
    let sent = |name: &str| progress.operations.get(name).map_or(0, |counts| counts.attempts);
    Sample {
        at,
        sent: progress.calls.iter().map(|own| sent(&own.operation)).collect(),
        done: progress.calls.iter().map(|own| own.done + own.rollbacks).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{OperationCalls, RunWait};

    /// The pace after `seconds` seconds of a run that answers `calls` calls at once and then waits, in turn.
    fn pace_after(seconds: u64, calls: u64, wait: Duration) -> Option<f64> {
        let (mut meter, mut progress) = (Meter::default(), Progress::default());
        progress.calls = vec![OperationCalls::default()];
        let start = Time::from_secs(1_000);
        let mut goes_on_at = start;
        let mut now = start;
        while now <= start.plus(Duration::from_secs(seconds)) {
            if now >= goes_on_at {
                progress.calls[0].done += calls;
                goes_on_at = now.plus(wait);
                progress.waits = None;
            } else {
                let operation = Some("acme.make".to_owned());
                progress.waits = Some(RunWait::RetryAfter { operation, until: goes_on_at });
            }
            meter.observe(&progress, now);
            now = now.plus(Duration::from_millis(100));
        }
        meter.pace(&progress, now)
    }

    #[test]
    fn short_waits_that_come_again_and_again_are_part_of_the_pace() {
        let pace = pace_after(60, 10, Duration::from_secs(2)).unwrap();
        assert!((4.5..5.5).contains(&pace), "ten calls in two seconds: {pace}");
    }

    #[test]
    fn a_long_wait_is_not() {
        assert_eq!(pace_after(60, 100, Duration::from_secs(45)), None, "a few seconds after the wait");
    }
}
