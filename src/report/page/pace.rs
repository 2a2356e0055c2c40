//! The pace of a run: the calls of each operation and the waits for each reason in equal slices of time. The number of
//! slices is bounded; a slice becomes longer as the run does.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::latency::LatencyReport;
use crate::journal::CallTimes;
use crate::model::Time;

/// The most slices.
const SLICES: usize = 600;
/// The length of a slice at first, in milliseconds.
const FIRST_WIDTH: u64 = 1_000;

/// The pace of a run, as the page shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunPace {
    /// When the first slice begins, in milliseconds since the Unix epoch.
    pub start_ms: i64,
    /// The length of a slice in milliseconds.
    pub width_ms: u64,
    /// The number of slices.
    pub slices: usize,
    /// The operations by name.
    pub operations: Vec<OperationPace>,
    /// The waits by reason.
    pub waits: Vec<WaitPace>,
}

/// The pace of one operation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OperationPace {
    /// Its full name.
    pub operation: String,
    /// The calls that were sent in each slice.
    pub calls: Vec<u64>,
    /// The most calls that are allowed per second; `None` without a limit.
    pub limit_per_s: Option<f64>,
    /// How long the calls took; `None` if the journal does not say it.
    pub latency: Option<LatencyReport>,
}

/// The waits for one reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WaitPace {
    /// The word of the reason.
    pub reason: &'static str,
    /// The milliseconds that calls waited in each slice, all calls together.
    pub waited_ms: Vec<u64>,
}

/// A call that was sent.
#[derive(Debug, Clone, Copy)]
pub struct SentCall<'c> {
    /// The full name of its operation.
    pub operation: &'c str,
    /// When it ended.
    pub ended: Time,
    /// How long it took in milliseconds; `None` if that is not known.
    pub took_ms: Option<u64>,
}

/// Collects the calls of a run in any order.
#[derive(Debug)]
pub struct PaceBuilder {
    start: Time,
    width: u64,
    last: usize,
    operations: BTreeMap<String, (Slices, CallTimes)>,
    waits: BTreeMap<&'static str, Slices>,
}

/// A number for each slice; slices at the end that are zero are left out.
type Slices = Vec<u64>;

impl PaceBuilder {
    /// The pace of a run that began at an instant.
    #[must_use]
    pub fn new(start: Time) -> Self {
        Self { start, width: FIRST_WIDTH, last: 0, operations: BTreeMap::new(), waits: BTreeMap::new() }
    }

    /// Adds a call, and what it waited for before it was sent.
    pub fn add(&mut self, call: SentCall<'_>, waits: impl Iterator<Item = (&'static str, u64)>) {
        let sent = call.ended.minus(Duration::from_millis(call.took_ms.unwrap_or_default()));
        let mut at = self.offset(sent);
        let slice = self.slice_of(at);
        if !self.operations.contains_key(call.operation) {
            self.operations.insert(call.operation.to_owned(), Default::default());
        }
        if let Some((calls, times)) = self.operations.get_mut(call.operation) {
            *slot(calls, slice) += 1;
            if let Some(took) = call.took_ms {
                times.add(took);
            }
        }
        // The waits lie one after the other, the last one just before the call.
        for (reason, millis) in waits {
            let from = at.saturating_sub(millis);
            self.add_wait(reason, from, at);
            at = from;
        }
    }

    /// The pace; `None` if no call was sent. `limit` says how many calls of an operation are allowed per second.
    #[must_use]
    pub fn finish(self, limit: impl Fn(&str) -> Option<f64>) -> Option<RunPace> {
        if self.operations.is_empty() {
            return None;
        }
        let slices = self.last + 1;
        let whole = |mut values: Slices| {
            values.resize(slices, 0);
            values
        };
        let operations = self.operations.into_iter().map(|(operation, (calls, times))| OperationPace {
            calls: whole(calls),
            limit_per_s: limit(&operation),
            latency: LatencyReport::of(&times),
            operation,
        });
        let operations = operations.collect();
        let waits =
            self.waits.into_iter().map(|(reason, waited)| WaitPace { reason, waited_ms: whole(waited) }).collect();
        let start_ms = self.start.as_micros().div_euclid(1_000);
        Some(RunPace { start_ms, width_ms: self.width, slices, operations, waits })
    }

    /// The milliseconds since the run began.
    fn offset(&self, at: Time) -> u64 {
        u64::try_from(at.since(self.start).as_millis()).unwrap_or(u64::MAX)
    }

    /// Adds a wait from one instant to another to the slices that it lies in.
    fn add_wait(&mut self, reason: &'static str, from: u64, to: u64) {
        let last = self.slice_of(to);
        let first = self.slice_of(from);
        let width = self.width;
        let waited = self.waits.entry(reason).or_default();
        for slice in first..=last {
            let begin = (slice as u64).saturating_mul(width);
            let within = to.min(begin.saturating_add(width)).saturating_sub(from.max(begin));
            *slot(waited, slice) += within;
        }
    }

    /// The slice of an instant. Slices are made longer until it is one of them.
    fn slice_of(&mut self, at: u64) -> usize {
        while at / self.width >= SLICES as u64 {
            self.width = self.width.saturating_mul(2);
            self.last /= 2;
            let counts = self.operations.values_mut().map(|(calls, _)| calls).chain(self.waits.values_mut());
            counts.for_each(join_pairs);
        }
        let slice = usize::try_from(at / self.width).unwrap_or(SLICES - 1);
        self.last = self.last.max(slice);
        slice
    }
}

fn slot(slices: &mut Slices, at: usize) -> &mut u64 {
    if slices.len() <= at {
        slices.resize(at + 1, 0);
    }
    &mut slices[at]
}

/// Makes one slice of every two.
fn join_pairs(slices: &mut Slices) {
    *slices = slices.chunks(2).map(|pair| pair.iter().sum()).collect();
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn call(ended_ms: i64, took_ms: u64) -> SentCall<'static> {
        SentCall { operation: "a.b", ended: Time::from_micros(ended_ms * 1_000), took_ms: Some(took_ms) }
    }

    #[test]
    fn a_call_counts_where_it_was_sent_and_its_wait_where_it_waited() {
        let mut pace = PaceBuilder::new(Time::default());
        pace.add(call(3_200, 1_000), [("limit", 1_500)].into_iter());
        let pace = pace.finish(|_| Some(20.0)).unwrap();
        assert_eq!(pace.operations[0].calls, [0, 0, 1]);
        assert_eq!(pace.waits[0].waited_ms, [300, 1_000, 200]);
        assert_eq!((pace.width_ms, pace.slices, pace.operations[0].limit_per_s), (1_000, 3, Some(20.0)));
    }

    #[test]
    fn a_run_without_calls_has_no_pace() {
        assert_eq!(PaceBuilder::new(Time::default()).finish(|_| None), None);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_when_slices_grow(
            calls in prop::collection::vec((0_i64..100_000_000, 0_u64..5_000, 0_u64..60_000), 1..80),
        ) {
            let mut pace = PaceBuilder::new(Time::default());
            let mut waited = 0;
            for (ended, took, wait) in &calls {
                pace.add(call(*ended, *took), [("limit", *wait)].into_iter());
                let sent = u64::try_from(*ended).unwrap().saturating_sub(*took);
                waited += sent.min(*wait);
            }
            let pace = pace.finish(|_| None).unwrap();
            prop_assert!(pace.slices <= SLICES);
            prop_assert_eq!(pace.operations[0].calls.iter().sum::<u64>(), calls.len() as u64);
            prop_assert_eq!(pace.waits[0].waited_ms.iter().sum::<u64>(), waited);
        }
    }
}
