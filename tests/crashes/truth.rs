//! What the program says of a run, against what the sandbox's log says of it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::job::{CANCELED, Job};
use super::log::Log;

/// How a run came out, by the program.
pub(crate) struct Told {
    pub(crate) code: Option<i32>,
    pub(crate) summary: Value,
    /// The text of `results.csv`.
    pub(crate) results: String,
}

/// The rows that ended so.
pub(crate) fn count(summary: &Value, outcome: &str) -> u64 {
    summary["rows"][outcome].as_u64().unwrap_or_else(|| panic!("no `{outcome}` in {summary}"))
}

/// Everything that is not as promised. `most_unknown` rows may be unknown; on a `troubled` way a row may fail
/// that would have succeeded.
pub(crate) fn problems(job: &Job, rows: u64, told: &Told, log: &Log, most_unknown: u64, troubled: bool) -> Vec<String> {
    let mut problems = log.doubled();
    let made = log.by_row();
    let outcomes = outcomes(&told.results, rows, &mut problems);
    for row in 0..rows {
        let key = (job.key)(row);
        let outcome = outcomes.get(&key).map_or("none", String::as_str);
        let effects: Vec<&str> = made.get(&key).into_iter().flatten().map(String::as_str).collect();
        if !is_true(outcome, &effects, &(job.effects)(row), troubled) {
            problems.push(format!("row {key} is {outcome}, the log has {effects:?}"));
        }
    }
    let unknown = count(&told.summary, "unknown");
    let failed = count(&told.summary, "failed") + count(&told.summary, "partial");
    if unknown > most_unknown {
        problems.push(format!("{unknown} rows are unknown, at most {most_unknown} can be in doubt"));
    }
    let code = if unknown > 0 {
        5
    } else if failed > 0 {
        4
    } else {
        0
    };
    if told.code != Some(code) {
        problems.push(format!("exit code {:?} instead of {code}", told.code));
    }
    problems
}

/// Whether a log of effects bears an outcome, given what the row would do if nothing were lost.
fn is_true(outcome: &str, effects: &[&str], whole: &[&str], troubled: bool) -> bool {
    let taken_back = effects.last() == Some(&CANCELED);
    let begun = effects.strip_suffix(&[CANCELED]).unwrap_or(effects);
    match outcome {
        "succeeded" => effects == whole && !taken_back,
        // All of it was taken back, or nothing of it was made.
        "failed" if troubled => whole.starts_with(begun) && (taken_back || effects.is_empty()),
        "failed" => effects == whole && taken_back,
        // What came after the lost answer was not sent.
        "unknown" => whole.starts_with(if troubled { begun } else { effects }),
        "partial" => troubled && !taken_back && !effects.is_empty() && whole.starts_with(effects),
        _ => false,
    }
}

/// The outcome of every row by `results.csv`; each key must stand there once.
fn outcomes(results: &str, rows: u64, problems: &mut Vec<String>) -> BTreeMap<String, String> {
    let mut reader = csv::Reader::from_reader(results.as_bytes());
    let at = reader.headers().unwrap().iter().position(|head| head == "_outcome").unwrap();
    let lines: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    if lines.len() as u64 != rows {
        problems.push(format!("results.csv has {} rows instead of {rows}", lines.len()));
    }
    lines.iter().map(|line| (line[0].to_owned(), line[at].to_owned())).collect()
}
