//! Outcomes, failures and trouble in words, for the block and for the single line.

use super::meter::Meter;
use crate::diagnostic::{one_line, plural_of, shortened};
use crate::engine::{FailureCount, Progress};
use crate::model::{RowOutcome, Time};
use crate::policy::Counts;

/// The most characters of a code.
const CODE: usize = 40;

/// The outcomes that occurred, with their counts: `118 succeeded, 2 failed`. Empty if no row has ended.
pub(super) fn outcomes(counts: &Counts) -> String {
    let occurred = RowOutcome::READING_ORDER.into_iter().filter(|outcome| counts.of(*outcome) > 0);
    let words = occurred.map(|outcome| format!("{} {}", counts.of(outcome), outcome.in_words()));
    words.collect::<Vec<_>>().join(", ")
}

/// Whether a row ended otherwise than as succeeded.
pub(super) fn has_other_outcomes(counts: &Counts) -> bool {
    counts.ended() > counts.of(RowOutcome::Succeeded)
}

/// The kind of the last failure and the most frequent one, from the longest text to the shortest; empty while no row
/// failed.
pub(super) fn failures(progress: &Progress) -> Vec<String> {
    let Some(last) = &progress.last_failure else { return Vec::new() };
    let short = format!("last: {}", kind(last));
    match progress.most_frequent_failure.as_ref().filter(|most| *most != last) {
        Some(most) => vec![format!("{short}; most: {}", kind(most)), short],
        None => vec![short],
    }
}

/// `extend · DeadlinePassed (12 rows)`.
fn kind(failure: &FailureCount) -> String {
    let step = failure.step.as_ref().map(|step| format!("{step} · ")).unwrap_or_default();
    let code = failure.code.as_deref().unwrap_or("no code");
    let text = format!("{step}{} ({})", shortened(code, CODE), plural_of(failure.rows, "row"));
    one_line(&text).into_owned()
}

/// `1 call met trouble, the last one acme.make: throttled`; `None` if none did in the last seconds.
pub(super) fn trouble(progress: &Progress, meter: &Meter, now: Time) -> Option<String> {
    let fresh = meter.fresh_trouble(now);
    let what = progress.last_trouble.as_ref().filter(|_| fresh > 0)?;
    Some(one_line(&format!("{} met trouble, the last one {what}", plural_of(fresh, "call"))).into_owned())
}

/// `stopping, 3 calls still under way`; `None` if the run does not stop.
pub(super) fn stopping(progress: &Progress) -> Option<String> {
    progress.draining.then(|| format!("stopping, {} still under way", plural_of(progress.in_flight, "call")))
}

/// `wave 2 of 3`; `None` if there is only one.
pub(super) fn wave(progress: &Progress) -> Option<String> {
    let (wave, waves) = progress.wave.filter(|(_, waves)| *waves > 1)?;
    Some(format!("wave {wave} of {waves}"))
}
