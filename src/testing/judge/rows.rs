//! Judges how rows ended.

use super::messages::Judge;
use crate::diagnostic::{Diagnostic, near_miss, one_line};
use crate::model::Value;
use crate::playbook::Spanned;
use crate::report::RowRecord;
use crate::testing::file::ExpectedRow;
use crate::testing::rehearsal::{Difference, compare};

/// The name of the single row of a playbook without rows.
pub(in crate::testing) const ONCE: &str = "once";

/// The name of a row in a test.
fn name(record: &RowRecord) -> &str {
    if record.key.is_empty() { ONCE } else { &record.key }
}

/// Judges each row that the test names.
pub(in crate::testing) fn judge_rows(judge: &mut Judge<'_>) {
    let (test, done) = (judge.test, judge.done);
    for (key, expected) in &test.expect.rows {
        match done.rows.iter().find(|record| name(record) == key.value) {
            Some(record) => judge_row(judge, key, expected, record),
            None => {
                let known = || done.rows.iter().map(name);
                let help = match near_miss(&key.value, known()) {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None => format!("The rows are `{}`.", known().take(20).collect::<Vec<_>>().join("`, `")),
                };
                judge.differs("test-outcome", key.span, format!("No row has the key `{}`", key.value), Some(help));
            }
        }
    }
}

fn judge_row(judge: &mut Judge<'_>, key: &Spanned<String>, expected: &ExpectedRow, record: &RowRecord) {
    let differences = differences(expected, record);
    let Some(first) = differences.first() else { return };
    let message = format!("Row `{}` did not end as expected: {}", key.value, first.path);
    let told: Vec<String> = differences.iter().map(Difference::describe).collect();
    let help = format!("{}\nIt ended as {}", told.join("\n"), ended(record));
    let mut diagnostic = Diagnostic::error("test-outcome", message).help_in_lines(&help);
    for difference in &differences {
        diagnostic = diagnostic.at(judge.source.place(difference.span), "");
    }
    judge.found.push(diagnostic);
}

fn differences(expected: &ExpectedRow, record: &RowRecord) -> Vec<Difference> {
    let mut found = Vec::new();
    if let Some(outcome) = expected.outcome.as_ref().filter(|outcome| outcome.value != record.outcome) {
        found.push(Difference::of("outcome", outcome.span, outcome.value.as_str(), record.outcome.as_str()));
    }
    let mut same = |what: &str, wanted: &Option<Spanned<String>>, got: &Option<String>, within: bool| {
        let Some(wanted) = wanted else { return };
        let got = got.as_deref().unwrap_or_default();
        if !(wanted.value == got || (within && got.contains(&wanted.value))) {
            let got = if got.is_empty() { "none" } else { got };
            found.push(Difference::of(what, wanted.span, &wanted.value, got));
        }
    };
    same("step", &expected.step, &record.step, false);
    same("code", &expected.code, &record.code, false);
    same("message", &expected.message, &record.message, true);
    if let Some(attempts) = expected.attempts.as_ref().filter(|attempts| attempts.value != record.attempts) {
        let (wanted, got) = (attempts.value.to_string(), record.attempts.to_string());
        found.push(Difference::of("attempts", attempts.span, &wanted, &got));
    }
    for (column, node) in &expected.results {
        let got = record.results.iter().find(|(name, _)| *name == column.text);
        let got = got.map_or(&Value::Null, |(_, value)| value);
        compare(node, got, false, &format!("results.{}", column.text), &mut found);
    }
    found
}

/// The end of a row in words: `failed at `extend`: InvalidParameter: …`.
fn ended(record: &RowRecord) -> String {
    let step = record.step.as_ref().map(|step| format!(" at `{step}`")).unwrap_or_default();
    let said: Vec<_> = [&record.code, &record.message].into_iter().flatten().map(|said| one_line(said)).collect();
    let said = if said.is_empty() { String::new() } else { format!(": {}", said.join(": ")) };
    format!("`{}`{step}{said}", record.outcome.as_str())
}

/// Judges the counts that the test names.
pub(in crate::testing) fn judge_counts(judge: &mut Judge<'_>) {
    let (test, done) = (judge.test, judge.done);
    for (outcome, wanted) in &test.expect.counts {
        let is = |record: &&RowRecord| outcome.is_none_or(|outcome| outcome == record.outcome);
        let got = done.rows.iter().filter(is).count() as u64;
        if got != wanted.value {
            let what = outcome.map_or("in all".to_owned(), |outcome| format!("that are `{}`", outcome.as_str()));
            let message = format!("Rows {what}: {} expected, {got} there", wanted.value);
            let ends: Vec<String> =
                done.rows.iter().take(20).map(|record| format!("`{}`: {}", name(record), ended(record))).collect();
            judge.differs("test-outcome", wanted.span, message, Some(ends.join("\n")));
        }
    }
}
