//! The progress as a single line, for a log: `120 of 400 rows: 118 succeeded, 2 failed; 240 of 800 calls, 20.0/s; 28 s left`.
//! Of a pass that only looks up: `looked up 12 of 40 unknown calls, 3.2/s; 9 s left`.

use super::meter::Meter;
use super::phrases::{failures, outcomes, stopping, trouble, wave};
use super::time_left::time_left;
use super::wait_words::{Moment, seconds, wait_words};
use crate::diagnostic::{one_line, plural_of};
use crate::engine::{OperationCalls, Progress};

/// The progress as a single line.
pub(super) fn counter_line(progress: &Progress, meter: &Meter, moment: &Moment) -> String {
    let mut parts = vec![calls(progress, meter, moment)];
    if !progress.lookups_only {
        parts.insert(0, rows(progress));
    }
    parts.extend(wave(progress));
    let waits = wait_words(progress, meter, moment).map(|waits| format!("{}{}", waits.what, waits.when));
    let left = || time_left(progress, meter, moment.now).map(|left| format!("{} left", seconds(left)));
    parts.extend(stopping(progress).or(waits).or_else(left));
    parts.extend(failures(progress).into_iter().next().filter(|_| !progress.lookups_only));
    parts.extend(trouble(progress, meter, moment.now));
    parts.join("; ")
}

fn rows(progress: &Progress) -> String {
    let mut text = format!("{} of {}", progress.rows.ended(), plural_of(progress.rows.total, "row"));
    let outcomes = outcomes(&progress.rows);
    if !outcomes.is_empty() {
        text.push_str(&format!(": {outcomes}"));
    }
    text
}

fn calls(progress: &Progress, meter: &Meter, moment: &Moment) -> String {
    let mut text = all_calls(progress);
    let several = progress.calls.len() > 1;
    if several {
        let each: Vec<String> = progress.calls.iter().map(of_operation).collect();
        text.push_str(&format!(" ({})", each.join(", ")));
    }
    if let Some(rate) = meter.whole_rate(progress, moment.now).filter(|rate| *rate > 0.0) {
        text.push_str(&format!(", {rate:.1}/s"));
    }
    let throttled: u64 = progress.operations.values().map(|counts| counts.throttled).sum();
    if throttled > 0 {
        text.push_str(&format!(", {throttled} throttled"));
    }
    text
}

fn all_calls(progress: &Progress) -> String {
    let done: u64 = progress.calls.iter().map(|own| own.done).sum();
    let (what, noun) = if progress.lookups_only { ("looked up ", "unknown call") } else { ("", "call") };
    let totals = progress.calls.iter().filter(|own| own.done > 0 || own.rollbacks == 0).map(|own| own.total);
    match totals.sum::<Option<u64>>() {
        Some(total) if !progress.calls.is_empty() => format!("{what}{done} of {}", plural_of(total, noun)),
        Some(_) | None => format!("{what}{}", plural_of(done, noun)),
    }
}

fn of_operation(own: &OperationCalls) -> String {
    let name = one_line(&own.operation);
    match own.total {
        Some(total) => format!("{name} {} of {total}", own.done),
        None if own.done == 0 && own.rollbacks > 0 => format!("{name} {}", plural_of(own.rollbacks, "rollback")),
        None => format!("{name} {}", own.done),
    }
}
