//! The body of a notice about the end of a run: the summary without rows, without keys, and without words of vendors, which
//! may be personal data.

use std::path::Path;

use serde_json::json;

use super::failures::FailureKind;
use super::summary::{RunOutcome, Summary};
use crate::diagnostic::plural_of;
use crate::model::{RowOutcome, RunId, Time, Value};
use crate::settings::{NotifyOn, NotifyRule};

/// The version of the body's form.
const FORMAT: u32 = 1;

/// The most letters of a code that is passed on.
const LONGEST_CODE: usize = 64;

/// A code with this many digits in a row may be a person's number.
const NUMBER: usize = 7;

/// The end of a run, for those who are notified of it.
#[derive(Debug, Clone)]
pub struct RunEndNotice {
    /// What kind of end it was.
    pub events: Vec<NotifyOn>,
    /// The body as JSON.
    pub body: Value,
}

impl RunEndNotice {
    /// The notice of a run that ended or stopped. `playbook` is the path of its playbook.
    #[must_use]
    pub fn of_summary(summary: &Summary, playbook: &str) -> Self {
        let mut events = vec![if ended(summary) { NotifyOn::Ended } else { NotifyOn::Stopped }];
        events.extend((summary.rows.unknown > 0).then_some(NotifyOn::Unknown));
        let silent = summary.without_words();
        let failures: Vec<Value> = summary.failures.iter().map(failure).collect();
        let body = json!({
            "format": FORMAT,
            "events": words(&events),
            "text": text(summary),
            "run_id": silent.run_id,
            "retry_of": silent.retry_of,
            "undo_of": silent.undo_of,
            "playbook": file_name(playbook),
            "environment": silent.environment,
            "outcome": silent.outcome,
            "stopped": silent.stopped.as_ref().and_then(|stop| stop.get("kind")),
            "rows": silent.rows,
            "operations": silent.operations,
            "failures": failures,
            "started_at": silent.started_at,
            "finished_at": silent.finished_at,
            "duration_ms": silent.duration_ms,
            "runsheet": env!("CARGO_PKG_VERSION"),
        });
        Self { events, body }
    }

    /// The notice of a run that broke off, so that nothing is known of its rows.
    #[must_use]
    pub fn of_break(run: &RunId, playbook: &str, environment: &str, started_at: Time, now: Time) -> Self {
        let events = vec![NotifyOn::Stopped];
        let body = json!({
            "format": FORMAT,
            "events": words(&events),
            "text": format!("Run {run} in `{environment}` broke off: this machine failed. Go on: runsheet resume {run}"),
            "run_id": run,
            "playbook": file_name(playbook),
            "environment": environment,
            "outcome": RunOutcome::Broken,
            "rows": null,
            "started_at": started_at.to_string(),
            "finished_at": now.to_string(),
            "runsheet": env!("CARGO_PKG_VERSION"),
        });
        Self { events, body }
    }

    /// Whether a rule is about this end.
    #[must_use]
    pub fn concerns(&self, rule: &NotifyRule) -> bool {
        self.events.iter().any(|event| rule.on.contains(event))
    }
}

/// Whether a run came to its end.
fn ended(summary: &Summary) -> bool {
    match summary.outcome {
        RunOutcome::Succeeded | RunOutcome::Failed | RunOutcome::Unknown => summary.stopped.is_none(),
        RunOutcome::Stopped | RunOutcome::Refused | RunOutcome::Interrupted | RunOutcome::Broken => false,
    }
}

fn words(events: &[NotifyOn]) -> Vec<&'static str> {
    events.iter().map(|event| event.as_str()).collect()
}

/// One sentence, for services that show a text.
fn text(summary: &Summary) -> String {
    let rows = &summary.rows;
    let counts = RowOutcome::READING_ORDER.into_iter().filter(|outcome| rows.of(*outcome) > 0);
    let counts: Vec<String> = counts.map(|outcome| format!("{} {}", rows.of(outcome), outcome.in_words())).collect();
    format!(
        "Run {} in `{}`: {}, {}: {}",
        summary.run_id,
        summary.environment,
        summary.outcome.as_str(),
        plural_of(rows.total, "row"),
        if counts.is_empty() { "none".to_owned() } else { counts.join(", ") },
    )
}

/// A kind of failure without its message, its row and its key.
fn failure(kind: &FailureKind) -> Value {
    let code = kind.code.as_deref().filter(|code| is_code(code));
    json!({"outcome": kind.outcome, "step": kind.step, "code": code, "rows": kind.rows})
}

/// Whether a vendor's code is a code, and not a sentence or a person's number.
fn is_code(code: &str) -> bool {
    let plain = code.chars().all(|letter| letter.is_ascii_alphanumeric() || "._:-/".contains(letter));
    let number = code.split(|letter: char| !letter.is_ascii_digit()).any(|digits| digits.len() >= NUMBER);
    plain && !number && code.len() <= LONGEST_CODE
}

fn file_name(path: &str) -> &str {
    Path::new(path).file_name().and_then(|name| name.to_str()).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::RowCounts;
    use crate::settings::NotifyTarget;

    fn summary(outcome: RunOutcome, stopped: Option<Value>, unknown: u64) -> Summary {
        let mut rows = RowCounts::default();
        (0..unknown).for_each(|_| rows.add(RowOutcome::Unknown));
        rows.add(RowOutcome::Failed);
        let failure = |code: &str| {
            json!({
                "number": 1, "outcome": "failed", "step": "send", "code": code,
                "message": "Mei Lin, 0911222333, is not known", "rows": 1, "row": 2, "key": "0911222333",
                "keys": ["0911222333"], "rows_file": "customers.csv",
            })
        };
        let summary = json!({
            "run_id": "20351122-004611-4ab8c1", "environment": "production", "outcome": outcome, "stopped": stopped,
            "rows": rows, "operations": {}, "failures": [failure("0911222333"), failure("Denied.By/Rule-3")],
            "warnings": [{"message": "the cell `Mei Lin` is odd"}], "started_at": "2035-11-22T00:46:11Z",
            "finished_at": "2035-11-22T00:47:11Z", "duration_ms": 60_000, "files": ["/home/mei/failed.csv"],
        });
        serde_json::from_value(summary).unwrap()
    }

    #[test]
    fn a_notice_holds_no_row_no_key_and_no_words_of_a_vendor() {
        let stop = json!({"kind": "threshold", "message": "Mei Lin said no"});
        let notice = RunEndNotice::of_summary(&summary(RunOutcome::Stopped, Some(stop), 1), "/home/mei/jobs/move.yaml");
        let text = notice.body.to_string();
        for private in ["Mei", "0911222333", "customers.csv", "/home", "failed.csv"] {
            assert!(!text.contains(private), "{private}: {text}");
        }
        for known in ["Denied.By/Rule-3", "threshold", "move.yaml", "\"unknown\":1", "20351122-004611-4ab8c1"] {
            assert!(text.contains(known), "{known}: {text}");
        }
    }

    #[test]
    fn each_end_is_of_the_kinds_that_it_is() {
        let events =
            |outcome, stopped, unknown| RunEndNotice::of_summary(&summary(outcome, stopped, unknown), "p").events;
        let stop = || Some(json!({"kind": "threshold"}));
        assert_eq!(events(RunOutcome::Succeeded, None, 0), [NotifyOn::Ended]);
        assert_eq!(events(RunOutcome::Failed, None, 0), [NotifyOn::Ended]);
        assert_eq!(events(RunOutcome::Unknown, None, 2), [NotifyOn::Ended, NotifyOn::Unknown]);
        assert_eq!(events(RunOutcome::Unknown, stop(), 2), [NotifyOn::Stopped, NotifyOn::Unknown]);
        for outcome in [RunOutcome::Stopped, RunOutcome::Refused, RunOutcome::Interrupted, RunOutcome::Broken] {
            assert_eq!(events(outcome, stop(), 0), [NotifyOn::Stopped]);
        }
    }

    #[test]
    fn a_rule_hears_only_of_the_ends_that_it_names() {
        let notice = RunEndNotice::of_summary(&summary(RunOutcome::Unknown, None, 2), "p");
        let rule = |on: &[NotifyOn]| NotifyRule { on: on.to_vec(), to: NotifyTarget::Command(Vec::new()) };
        assert!(notice.concerns(&rule(&[NotifyOn::Unknown])) && notice.concerns(&rule(&[NotifyOn::Ended])));
        assert!(!notice.concerns(&rule(&[NotifyOn::Stopped])) && !notice.concerns(&rule(&[])));
    }
}
