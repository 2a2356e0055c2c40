//! Why a run stopped early, and the message for it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::steering::SteeredBy;
use super::stop_kind::StopKind;
use crate::diagnostic::plural_of;
use crate::model::{RunId, Share, Time};

/// The most codes of failed rows that are named; further ones are counted.
const CODES_NAMED: usize = 5;

/// Why a run stopped early.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum StopReason {
    /// A threshold of `stop_when`.
    Threshold {
        /// The rule, and the count that reached it.
        what: String,
    },
    /// Too few rows of a wave succeeded.
    Gate {
        /// The number of the wave, from 1.
        wave: u64,
        /// The number of waves.
        waves: u64,
        /// Its rows that succeeded, were unchanged or were skipped.
        succeeded: u64,
        /// Its rows that were run.
        rows: u64,
        /// The share that must have succeeded.
        gate: Share,
        /// The codes of those that did not, with their counts.
        codes: BTreeMap<String, u64>,
        /// The position of its last row in the input, from 0.
        upto: u64,
    },
    /// A kind of failure that the first wave did not show.
    NewKind {
        /// The step that decided the outcome.
        step: Option<String>,
        /// The code.
        code: Option<String>,
    },
    /// No further effect of a kind may be made.
    Budget {
        /// The word that operations count it under.
        effect: String,
        /// The limit.
        most: u64,
        /// The number that were made, or may have been.
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
        /// The vendor's message.
        message: String,
        /// The operation that was refused.
        operation: String,
        /// What to do about it; `None` if unknown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        advice: Option<String>,
    },
    /// The vendor redirects every call of an address.
    Redirected {
        /// The HTTP status, such as `http 308`.
        code: String,
        /// Where it leads, and what to correct.
        message: String,
        /// The operation that was redirected.
        operation: String,
    },
    /// A vendor could not be reached for too long.
    Unreachable {
        /// The connection.
        connection: String,
        /// The last message of the network.
        message: String,
    },
    /// No token could be fetched, for reasons that may pass.
    NoToken {
        /// The connection.
        connection: String,
        /// The vendor's code, or runsheet's.
        code: String,
        /// The message.
        message: String,
    },
    /// A quota is used up.
    QuotaExhausted {
        /// The vendor's code.
        code: String,
        /// The vendor's message.
        message: String,
        /// When the quota is restored; `None` if unknown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Time>,
    },
    /// All other rows have ended, and some were left to other runs, which had the same calls under way.
    LeftToOtherRun {
        /// The number of rows; 0 if a step that runs once was left.
        rows: u64,
        /// The other runs, in the order of their ids.
        runs: BTreeSet<RunId>,
    },
    /// The journal or the ledger could not be written or read.
    BrokeOff {
        /// What failed, in the words of the system.
        what: String,
    },
    /// Unknown outcomes were settled, and the rows can go on.
    Settled,
    /// A person drained it.
    Drained {
        /// The person.
        by: SteeredBy,
    },
    /// A person cancelled it: it is closed.
    Cancelled {
        /// The person.
        by: SteeredBy,
        /// When.
        since: Time,
    },
    /// A person paused it, and the pause has not ended.
    Paused {
        /// The person.
        by: SteeredBy,
        /// When.
        since: Time,
    },
    /// A person or the system asked for it; the signal's number.
    Interrupted {
        /// 2 for Ctrl-C, 15 for a termination.
        signal: i32,
    },
}

impl StopReason {
    /// The kind. Its word is the `kind` under which the reason is serialized.
    #[must_use]
    pub fn kind(&self) -> StopKind {
        match self {
            Self::Threshold { .. } => StopKind::Threshold,
            Self::Gate { .. } => StopKind::Gate,
            Self::NewKind { .. } => StopKind::NewKind,
            Self::Budget { .. } => StopKind::Budget,
            Self::StepFailed { .. } => StopKind::StepFailed,
            Self::Before { .. } => StopKind::Before,
            Self::Refused { .. } => StopKind::Refused,
            Self::Redirected { .. } => StopKind::Redirected,
            Self::Unreachable { .. } => StopKind::Unreachable,
            Self::NoToken { .. } => StopKind::NoToken,
            Self::QuotaExhausted { .. } => StopKind::QuotaExhausted,
            Self::LeftToOtherRun { .. } => StopKind::LeftToOtherRun,
            Self::BrokeOff { .. } => StopKind::BrokeOff,
            Self::Settled => StopKind::Settled,
            Self::Drained { .. } => StopKind::Drained,
            Self::Cancelled { .. } => StopKind::Cancelled,
            Self::Paused { .. } => StopKind::Paused,
            Self::Interrupted { .. } => StopKind::Interrupted,
        }
    }

    /// The reason with the row's key, if it names one, replaced by the key as it may be shown.
    #[must_use]
    pub fn with_shown_key(&self, show: impl FnOnce(&str) -> String) -> Self {
        let mut shown = self.clone();
        if let Some(key) = shown.key_mut() {
            *key = show(key);
        }
        shown
    }

    fn key_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::StepFailed { key, .. } => Some(key),
            Self::Threshold { .. }
            | Self::Gate { .. }
            | Self::NewKind { .. }
            | Self::Budget { .. }
            | Self::Before { .. }
            | Self::Refused { .. }
            | Self::Redirected { .. }
            | Self::Unreachable { .. }
            | Self::NoToken { .. }
            | Self::QuotaExhausted { .. }
            | Self::LeftToOtherRun { .. }
            | Self::BrokeOff { .. }
            | Self::Settled
            | Self::Drained { .. }
            | Self::Cancelled { .. }
            | Self::Paused { .. }
            | Self::Interrupted { .. } => None,
        }
    }

    /// The vendor's message about a call, which may repeat what a row sent; `None` if there is none.
    #[must_use]
    pub fn said_by_vendor(&self) -> Option<&str> {
        match self {
            Self::Refused { message, .. } | Self::Redirected { message, .. } | Self::QuotaExhausted { message, .. } => {
                Some(message)
            }
            Self::Threshold { .. }
            | Self::Gate { .. }
            | Self::NewKind { .. }
            | Self::Budget { .. }
            | Self::StepFailed { .. }
            | Self::Before { .. }
            | Self::Unreachable { .. }
            | Self::NoToken { .. }
            | Self::LeftToOtherRun { .. }
            | Self::BrokeOff { .. }
            | Self::Settled
            | Self::Drained { .. }
            | Self::Cancelled { .. }
            | Self::Paused { .. }
            | Self::Interrupted { .. } => None,
        }
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Threshold { what } => write!(f, "`stop_when` was reached: {what}"),
            Self::Gate { wave, waves, succeeded, rows, gate, codes, .. } => {
                write!(
                    f,
                    "wave {wave} of {waves} missed its gate: {succeeded} of its {} succeeded, {gate} must",
                    plural_of(*rows, "row")
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
                write!(
                    f,
                    "the effect budget is used up: {made} of at most {most} × {effect} are made, or may have been"
                )
            }
            Self::StepFailed { step, key } => {
                write!(f, "step `{step}` failed for row `{key}` under `on_failure: stop_run`")
            }
            Self::Before { step } => write!(f, "step `{step}` of `before` did not succeed"),
            Self::Refused { code, message, operation, advice } => {
                write!(f, "`{operation}` was refused for the whole run: {code}: {message}")?;
                let full_stop = if message.ends_with(['.', '!', '?', '。', '！', '？']) { "" } else { "." };
                advice.as_ref().map_or(Ok(()), |advice| write!(f, "{full_stop} {advice}"))
            }
            Self::Redirected { code, message, operation } => {
                write!(f, "`{operation}` was redirected ({code}), and every row would be: {message}")
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
            Self::LeftToOtherRun { rows, runs } => write_left(f, *rows, runs),
            Self::BrokeOff { what } => write!(f, "it broke off: {what}"),
            Self::Settled => write!(f, "unknown outcomes were settled, and their rows wait to go on"),
            Self::Drained { by } => write!(f, "drained by {by}"),
            Self::Cancelled { by, since } => write!(f, "cancelled by {by} at {since}"),
            Self::Paused { by, since } => write!(f, "paused by {by} since {since}"),
            Self::Interrupted { signal: 2 } => write!(f, "interrupted"),
            Self::Interrupted { signal: 15 } => write!(f, "terminated"),
            Self::Interrupted { signal: 1 } => write!(f, "terminated by SIGHUP: the terminal or session was closed"),
            Self::Interrupted { signal: 3 } => write!(f, "terminated by SIGQUIT"),
            Self::Interrupted { signal: 14 } => write!(f, "terminated by SIGALRM"),
            Self::Interrupted { signal } => write!(f, "terminated by signal {signal}"),
        }
    }
}

fn write_left(f: &mut fmt::Formatter<'_>, rows: u64, runs: &BTreeSet<RunId>) -> fmt::Result {
    match rows {
        0 => write!(f, "a step that runs once was left to ")?,
        1 => write!(f, "1 row was left to ")?,
        rows => write!(f, "{rows} rows were left to ")?,
    }
    let which = if runs.len() == 1 { "the run" } else { "the runs" };
    let names: Vec<&str> = runs.iter().map(RunId::as_str).collect();
    write!(
        f,
        "{which} {}, which had the same calls under way; once that has ended, `resume` sends what it did not make",
        names.join(", ")
    )
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::SteerOrigin;

    fn mei() -> SteeredBy {
        SteeredBy { name: "mei".to_owned(), uid: 7, from: SteerOrigin::Ctl }
    }

    fn sample(kind: StopKind) -> StopReason {
        let text = || "x".to_owned();
        match kind {
            StopKind::Threshold => StopReason::Threshold { what: text() },
            StopKind::Gate => StopReason::Gate {
                wave: 1,
                waves: 2,
                succeeded: 3,
                rows: 4,
                gate: Share::ALL,
                codes: BTreeMap::new(),
                upto: 5,
            },
            StopKind::NewKind => StopReason::NewKind { step: None, code: None },
            StopKind::Budget => StopReason::Budget { effect: text(), most: 1, made: 1 },
            StopKind::StepFailed => StopReason::StepFailed { step: text(), key: text() },
            StopKind::Before => StopReason::Before { step: text() },
            StopKind::Refused => StopReason::Refused { code: text(), message: text(), operation: text(), advice: None },
            StopKind::Redirected => StopReason::Redirected { code: text(), message: text(), operation: text() },
            StopKind::Unreachable => StopReason::Unreachable { connection: text(), message: text() },
            StopKind::NoToken => StopReason::NoToken { connection: text(), code: text(), message: text() },
            StopKind::QuotaExhausted => StopReason::QuotaExhausted { code: text(), message: text(), until: None },
            StopKind::LeftToOtherRun => {
                StopReason::LeftToOtherRun { rows: 2, runs: [RunId::from_text("first")].into() }
            }
            StopKind::BrokeOff => StopReason::BrokeOff { what: text() },
            StopKind::Settled => StopReason::Settled,
            StopKind::Drained => StopReason::Drained { by: mei() },
            StopKind::Cancelled => StopReason::Cancelled { by: mei(), since: Time::from_secs(0) },
            StopKind::Paused => StopReason::Paused { by: mei(), since: Time::from_secs(0) },
            StopKind::Interrupted => StopReason::Interrupted { signal: 2 },
        }
    }

    #[test]
    fn every_reason_is_serialized_under_the_word_of_its_kind() {
        for kind in StopKind::ALL {
            let reason = sample(kind);
            assert_eq!(reason.kind(), kind);
            let json = serde_json::to_value(&reason).unwrap();
            assert_eq!(json["kind"], kind.as_str());
            assert_eq!(serde_json::from_value::<StopReason>(json).unwrap(), reason);
        }
    }

    #[test]
    fn what_a_vendor_said_is_not_in_our_words() {
        for reason in StopKind::ALL.map(sample) {
            assert!(reason.said_by_vendor().is_none() || !reason.kind().is_in_our_words(), "{reason:?}");
        }
    }

    #[test]
    fn rows_left_to_other_runs_are_counted_and_the_runs_named() {
        let left = |rows, names: &[&str]| {
            StopReason::LeftToOtherRun { rows, runs: names.iter().copied().map(RunId::from_text).collect() }.to_string()
        };
        assert!(left(1, &["a"]).starts_with("1 row was left to the run a, which"));
        assert!(left(2, &["b", "a"]).starts_with("2 rows were left to the runs a, b, which"));
        assert!(left(0, &["a"]).starts_with("a step that runs once was left to the run a, which"));
    }

    #[test]
    fn only_a_failed_step_names_a_rows_key() {
        for kind in StopKind::ALL {
            let (reason, mut asked) = (sample(kind), 0);
            let shown = reason.with_shown_key(|key| {
                asked += 1;
                format!("<{key}>")
            });
            if kind == StopKind::StepFailed {
                assert_eq!(shown, StopReason::StepFailed { step: "x".into(), key: "<x>".into() });
            } else {
                assert_eq!((asked, shown), (0, reason));
            }
        }
    }

    #[test]
    fn the_vendors_words_are_those_of_refusals_redirects_and_quotas() {
        let said = StopKind::ALL.into_iter().filter(|kind| sample(*kind).said_by_vendor() == Some("x"));
        let expected = [StopKind::Refused, StopKind::Redirected, StopKind::QuotaExhausted];
        assert_eq!(said.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn every_reason_has_its_words() {
        let text = || "x".to_owned();
        for (kind, words) in [
            (StopKind::Threshold, "`stop_when` was reached: x"),
            (StopKind::Gate, "wave 1 of 2 missed its gate: 3 of its 4 rows succeeded, 100% must"),
            (StopKind::NewKind, "a failure of a kind that the first wave did not show: "),
            (StopKind::Budget, "the effect budget is used up: 1 of at most 1 × x are made, or may have been"),
            (StopKind::StepFailed, "step `x` failed for row `x` under `on_failure: stop_run`"),
            (StopKind::Before, "step `x` of `before` did not succeed"),
            (StopKind::Refused, "`x` was refused for the whole run: x: x"),
            (StopKind::Redirected, "`x` was redirected (x), and every row would be: x"),
            (StopKind::Unreachable, "the vendor of connection `x` cannot be reached: x"),
            (StopKind::NoToken, "connection `x` could not log in: x: x"),
            (StopKind::QuotaExhausted, "a quota is used up: x: x"),
            (StopKind::BrokeOff, "it broke off: x"),
            (StopKind::Settled, "unknown outcomes were settled, and their rows wait to go on"),
            (StopKind::Drained, "drained by mei (`ctl`)"),
            (StopKind::Cancelled, "cancelled by mei (`ctl`) at 1970-01-01T00:00:00Z"),
            (StopKind::Paused, "paused by mei (`ctl`) since 1970-01-01T00:00:00Z"),
            (StopKind::Interrupted, "interrupted"),
        ] {
            assert_eq!(sample(kind).to_string(), words);
        }
        let until = Some(Time::from_secs(0));
        let quota = StopReason::QuotaExhausted { code: text(), message: text(), until };
        assert_eq!(quota.to_string(), "a quota is used up: x: x; it comes back at 1970-01-01T00:00:00Z");
        let new_kind = |step: Option<&str>, code: Option<&str>| {
            let (step, code) = (step.map(str::to_owned), code.map(str::to_owned));
            StopReason::NewKind { step, code }.to_string()
        };
        assert!(new_kind(Some("a"), Some("7")).ends_with("did not show: step `a`, code `7`"));
        assert!(new_kind(None, Some("7")).ends_with("did not show: code `7`"));
    }

    #[test]
    fn advice_follows_a_full_stop() {
        let refused = |message: &str| {
            let (code, operation, advice) = ("7".to_owned(), "x".to_owned(), Some("Ask.".to_owned()));
            StopReason::Refused { code, message: message.to_owned(), operation, advice }.to_string()
        };
        assert!(refused("no").ends_with("7: no. Ask."));
        for message in ["no.", "no!", "no?", "不。", "不！", "不？"] {
            assert!(refused(message).ends_with(&format!("7: {message} Ask.")), "{message}");
        }
    }

    #[test]
    fn every_signal_has_its_words() {
        let words = [1, 2, 3, 14, 15, 9].map(|signal| StopReason::Interrupted { signal }.to_string());
        let hung_up = "terminated by SIGHUP: the terminal or session was closed";
        let [quit, alarm] = ["terminated by SIGQUIT", "terminated by SIGALRM"];
        assert_eq!(words, [hung_up, "interrupted", quit, alarm, "terminated", "terminated by signal 9"]);
    }

    #[test]
    fn a_missed_gate_names_its_most_frequent_codes_and_counts_the_others() {
        let gate = |codes: &[(&str, u64)]| {
            let codes = codes.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect();
            let reason =
                StopReason::Gate { wave: 1, waves: 2, succeeded: 3, rows: 4, gate: Share::ALL, codes, upto: 5 };
            reason.to_string().split_once("must").map(|(_, behind)| behind.to_owned())
        };
        let five = [("a", 1), ("b", 9), ("c", 3), ("d", 4), ("e", 5)];
        assert_eq!(gate(&five).as_deref(), Some("; 9 × b, 5 × e, 4 × d, 3 × c, 1 × a"));
        let seven = [&five[..], &[("f", 2), ("g", 2)]].concat();
        assert_eq!(gate(&seven).as_deref(), Some("; 9 × b, 5 × e, 4 × d, 3 × c, 2 × f and 2 more codes"));
    }
}
