//! How long a run will still take: by its rate limits, by the calls under way at once, and by its own pace.

use std::time::Duration;

use super::meter::Meter;
use crate::engine::{OperationCalls, Progress};
use crate::model::Time;

/// With fewer rows that this process ended, calls that only answers decide are not estimated.
const FEWEST_ROWS: u64 = 10;

/// How long the run will still take; `None` if that cannot be told, or if nothing is left to do.
pub(super) fn time_left(progress: &Progress, meter: &Meter, now: Time) -> Option<Duration> {
    if progress.draining || progress.paused.is_some() {
        return None;
    }
    let left = calls_left(progress)?;
    let all: f64 = left.iter().map(|(_, left)| left).sum();
    if all <= 0.0 {
        return None;
    }
    // Calls under way have had their turn, and half of their time on average.
    #[allow(clippy::cast_precision_loss)]
    let under_way = (progress.in_flight as f64).min(all);
    let to_come = (all - under_way / 2.0) / all;
    let by_own_rate = left.iter().filter_map(|(own, left)| Some(left / own.per_second?));
    let by_run_rate = progress.per_second.map(|rate| (all - under_way) / rate);
    // Each call holds a place for as long as its answer takes.
    let held = |own: &OperationCalls, left: f64| own.latency.map_or(0.0, |usual| usual.as_secs_f64() * left * to_come);
    let by_connection = left.iter().map(|(own, left)| held(own, *left) / f64::from(own.in_flight.max(1)));
    let by_flight =
        left.iter().map(|(own, left)| held(own, *left)).sum::<f64>() / f64::from(progress.most_in_flight.max(1));
    // The last row takes the time of all its calls, one after another.
    let last_row: f64 = left.iter().filter(|(_, left)| *left > 0.0).map(|(own, _)| held(own, 1.0)).sum();
    let by_pace = meter.pace(progress, now).map(|pace| all * to_come / pace);
    let bounds = by_own_rate.chain(by_run_rate).chain(by_connection).chain([by_flight, last_row]).chain(by_pace);
    let longest = bounds.fold(0.0, f64::max);
    (longest > 0.0).then(|| Duration::try_from_secs_f64(longest).unwrap_or(Duration::MAX))
}

/// The calls that each operation will still make; `None` if that cannot be told.
#[allow(clippy::cast_precision_loss)]
fn calls_left(progress: &Progress) -> Option<Vec<(&OperationCalls, f64)>> {
    let ended = progress.rows.ended().saturating_sub(progress.rows_before);
    let open = progress.rows.total.saturating_sub(progress.rows.ended());
    let of = |own: &OperationCalls| match own.left() {
        Some(left) => Some(left as f64),
        // An operation that was only called to take something back.
        None if own.done == 0 && own.rollbacks > 0 => Some(0.0),
        None if open == 0 => Some(0.0),
        // As many for each row as there were until now.
        None if ended >= FEWEST_ROWS => {
            Some(own.done.saturating_sub(own.done_before) as f64 / ended as f64 * open as f64)
        }
        None => None,
    };
    progress.calls.iter().map(|own| Some((own, of(own)?))).collect()
}
