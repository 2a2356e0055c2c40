//! When a run stops by itself, from counts alone.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::{RowOutcome, Share, Time};
use crate::playbook::StopWhen;

/// Rows with no ended fewer than this are too few for a ratio to mean anything.
const FEWEST_FOR_A_RATIO: u64 = 20;

/// Codes of failed rows that are named; more are only counted.
const CODES_NAMED: usize = 5;

/// How many rows there are, and how many ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All rows of the run.
    pub total: u64,
    /// One count per outcome, in the order of [`RowOutcome::ALL`].
    pub by_outcome: [u64; 7],
}

impl Counts {
    /// The rows that ended so.
    #[must_use]
    pub fn of(&self, outcome: RowOutcome) -> u64 {
        self.by_outcome[outcome as usize]
    }

    /// Counts one more.
    pub fn add(&mut self, outcome: RowOutcome) {
        self.by_outcome[outcome as usize] += 1;
    }

    /// All rows that ended.
    #[must_use]
    pub fn ended(&self) -> u64 {
        self.by_outcome.iter().sum()
    }

    /// Rows that ended without success, short of unknown.
    #[must_use]
    pub fn unsuccessful(&self) -> u64 {
        self.of(RowOutcome::Failed) + self.of(RowOutcome::Partial)
    }
}

/// Why a run stopped before its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum StopReason {
    /// A threshold of `stop_when`.
    Threshold {
        /// Which one, and how it stood.
        what: String,
    },
    /// Too few rows of a wave succeeded.
    Gate {
        /// Which wave, from 1.
        wave: u64,
        /// Of how many.
        waves: u64,
        /// Its rows that succeeded, were unchanged or were skipped.
        succeeded: u64,
        /// Its rows that were run.
        rows: u64,
        /// The share that must have succeeded.
        gate: Share,
        /// The codes of those that did not, with their counts.
        codes: BTreeMap<String, u64>,
        /// Where its last row stands in the input, from 0.
        upto: u64,
    },
    /// A kind of failure that the first wave did not show.
    NewKind {
        /// The step that decided it.
        step: Option<String>,
        /// The code.
        code: Option<String>,
    },
    /// No further effect of a kind may be made.
    Budget {
        /// The word that operations count it under.
        effect: String,
        /// So many may be made.
        most: u64,
        /// So many were made, or may have been.
        made: u64,
    },
    /// A step with `on_failure: stop_run` failed.
    StepFailed {
        /// The step's id.
        step: String,
        /// The row's key.
        key: String,
    },
    /// A step of `before` did not succeed.
    Before {
        /// The step's id.
        step: String,
    },
    /// The vendor refuses every row: credentials, permission or quota.
    Refused {
        /// The vendor's code.
        code: String,
        /// The vendor's words.
        message: String,
        /// The operation that was refused.
        operation: String,
    },
    /// A vendor could not be reached for too long.
    Unreachable {
        /// The connection.
        connection: String,
        /// What the network said last.
        message: String,
    },
    /// No token could be had, for reasons that may pass.
    NoToken {
        /// The connection.
        connection: String,
        /// The vendor's code, or ours.
        code: String,
        /// In words.
        message: String,
    },
    /// A quota is used up.
    QuotaExhausted {
        /// The vendor's code.
        code: String,
        /// The vendor's words.
        message: String,
        /// When it comes back, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Time>,
    },
    /// Unknown outcomes were settled, and the rows wait to go on.
    Settled,
    /// A person or the system asked for it; the signal's number.
    Interrupted {
        /// 2 for Ctrl-C, 15 for a termination.
        signal: i32,
    },
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Threshold { what } => write!(f, "`stop_when` was reached: {what}"),
            Self::Gate { wave, waves, succeeded, rows, gate, codes, .. } => {
                write!(
                    f,
                    "wave {wave} of {waves} missed its gate: {succeeded} of its {rows} rows succeeded, {gate} must"
                )?;
                write_codes(f, codes)
            }
            Self::NewKind { step, code } => {
                write!(f, "a failure of a kind that the first wave did not show: ")?;
                let step = step.as_ref().map(|step| format!("step `{step}`"));
                let code = code.as_ref().map(|code| format!("code `{code}`"));
                write!(f, "{}", [step, code].into_iter().flatten().collect::<Vec<_>>().join(", "))
            }
            Self::Budget { effect, most, made } => {
                write!(f, "the budget is used up: {made} of at most {most} × {effect} are made, or may have been")
            }
            Self::StepFailed { step, key } => {
                write!(f, "step `{step}` failed for row `{key}` under `on_failure: stop_run`")
            }
            Self::Before { step } => write!(f, "step `{step}` of `before` did not succeed"),
            Self::Refused { code, message, operation } => {
                write!(f, "`{operation}` was refused for the whole run: {code}: {message}")
            }
            Self::Unreachable { connection, message } => {
                write!(f, "the vendor of connection `{connection}` cannot be reached: {message}")
            }
            Self::NoToken { connection, code, message } => {
                write!(f, "connection `{connection}` could not log in: {code}: {message}")
            }
            Self::QuotaExhausted { code, message, until } => {
                write!(f, "a quota is used up: {code}: {message}")?;
                until.map_or(Ok(()), |until| write!(f, "; it comes back at {until}"))
            }
            Self::Settled => write!(f, "unknown outcomes were settled, and their rows wait to go on"),
            Self::Interrupted { signal: 15 } => write!(f, "terminated"),
            Self::Interrupted { .. } => write!(f, "interrupted"),
        }
    }
}

/// The most frequent codes first.
fn write_codes(f: &mut fmt::Formatter<'_>, codes: &BTreeMap<String, u64>) -> fmt::Result {
    let mut sorted: Vec<(&String, &u64)> = codes.iter().collect();
    sorted.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (place, (code, count)) in sorted.iter().take(CODES_NAMED).enumerate() {
        write!(f, "{} {count} × {code}", if place == 0 { ";" } else { "," })?;
    }
    match sorted.len().saturating_sub(CODES_NAMED) {
        0 => Ok(()),
        more => write!(f, " and {more} more codes"),
    }
}

/// The rule that has been reached, if any.
#[must_use]
pub fn stop_reached(rules: &StopWhen, counts: &Counts) -> Option<StopReason> {
    let failed = counts.unsuccessful();
    if let Some(most) = rules.failed.filter(|most| failed >= *most) {
        return Some(threshold(format!("{failed} rows failed or are partial, the limit is {most}")));
    }
    let unknown = counts.of(RowOutcome::Unknown);
    if let Some(most) = rules.unknown.filter(|most| unknown >= *most) {
        return Some(threshold(format!("{unknown} rows are unknown, the limit is {most}")));
    }
    let ended = counts.ended();
    #[allow(clippy::cast_precision_loss)]
    let ratio = failed as f64 / ended.max(1) as f64;
    let enough = ended >= FEWEST_FOR_A_RATIO.min(counts.total);
    rules.failed_ratio.filter(|most| enough && failed > 0 && ratio >= *most).map(|most| {
        threshold(format!(
            "{failed} of {ended} rows failed or are partial, {:.1} %; the limit is {:.1} %",
            ratio * 100.0,
            most * 100.0
        ))
    })
}

fn threshold(what: String) -> StopReason {
    StopReason::Threshold { what }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(total: u64, failed: u64, succeeded: u64) -> Counts {
        let mut counts = Counts { total, ..Counts::default() };
        (0..failed).for_each(|_| counts.add(RowOutcome::Failed));
        (0..succeeded).for_each(|_| counts.add(RowOutcome::Succeeded));
        counts
    }

    #[test]
    fn a_count_stops_at_its_number_not_before() {
        let rules = StopWhen { failed: Some(3), ..StopWhen::default() };
        assert_eq!(stop_reached(&rules, &counts(100, 2, 50)), None);
        assert!(stop_reached(&rules, &counts(100, 3, 0)).is_some());
    }

    #[test]
    fn a_ratio_needs_enough_rows_to_mean_something() {
        let rules = StopWhen { failed_ratio: Some(0.1), ..StopWhen::default() };
        assert_eq!(stop_reached(&rules, &counts(100, 1, 0)), None);
        assert!(stop_reached(&rules, &counts(100, 2, 18)).is_some());
        assert_eq!(stop_reached(&rules, &counts(100, 0, 50)), None);
        assert!(stop_reached(&rules, &counts(2, 2, 0)).is_some(), "few rows in all are enough once all ended");
    }
}
