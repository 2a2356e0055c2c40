//! The record, the summary, JUnit and Markdown of a run, and its line in the list of runs, against the journal.

use runsheet::internals::journal::Fact;
use runsheet::internals::model::{RowOutcome, StepScope, Word};
use runsheet::internals::runner::{LeftAt, RunEnd};
use runsheet::operate::{Context, RecordedState, ReportFormat, ReportRequest, RunRecord, RunsRequest, report, runs};

use super::differences::Differences;
use super::expected::{self, ExpectedRow, count};
use super::family::ToldRun;

/// The processes that a record names at most.
const PROCESSES: usize = 20;
/// The kinds of failure in a table of Markdown and in a summary.
const SHORT_LIST: usize = 20;

/// A report of a run, with its record and its text.
pub(super) fn report_text(run: &ToldRun, format: ReportFormat, context: &Context) -> (RunRecord, String) {
    let request = ReportRequest { run: run.id().to_string(), format, out: None, language: None };
    let mut made = report(&request, context).unwrap();
    let text = String::from_utf8(made.content.read().unwrap()).unwrap();
    (made.record, text)
}

/// Checks the forms of the report. Gives the record.
pub(super) fn check(
    run: &ToldRun,
    rows: &[ExpectedRow],
    end: Option<&RunEnd>,
    context: &Context,
    found: &mut Differences,
) -> RunRecord {
    let (record, text) = report_text(run, ReportFormat::Json, context);
    let read: RunRecord = serde_json::from_str(&text).unwrap();
    found.same("report json", &read, &record);
    check_record(run, rows, &record, found);
    check_failures(rows, &record, found);
    if let Some(end) = end {
        check_summary(end, &record, found);
    }
    check_junit(rows, &report_text(run, ReportFormat::Junit, context).1, found);
    check_markdown(&record, &report_text(run, ReportFormat::Markdown, context).1, found);
    check_list(run, rows, &record, context, found);
    record
}

fn check_record(run: &ToldRun, rows: &[ExpectedRow], record: &RunRecord, found: &mut Differences) {
    found.same("rows in all", record.rows.total, rows.len() as u64);
    for &(word, outcome) in RowOutcome::TABLE {
        found.same(word, record.rows.of(outcome), count(rows, outcome));
    }
    found.same("state", record.state, expected::state(run, rows));
    found.same("outcome", record.outcome.is_some(), record.state != RecordedState::BrokenOff);
    let of_run = run.facts(StepScope::Run);
    let steered = of_run.iter().filter(|(_, fact)| matches!(fact, Fact::Steered(_))).count();
    found.same("commands of people", record.steered.len(), steered);
    let began = of_run.iter().filter(|(_, fact)| matches!(fact, Fact::Began { .. })).count();
    found.same("processes", record.processes.len(), began.min(PROCESSES));
    found.same("later runs", &record.later_runs, &run.successors);
    found.same("errors of the audit", &record.problems, &Vec::new());
    let sent = record.operations.iter().map(|(name, counts)| (name.clone(), counts.attempts)).collect();
    found.same("requests by operation", sent, expected::requests(run));
    let counts = [("failed", record.rows.failed), ("unknown", record.rows.unknown), ("partial", record.rows.partial)];
    for (word, count) in counts.into_iter().filter(|(_, count)| *count > 0 && rows.len() > 1) {
        found.holds(
            &format!("no `{count} {word}` in: {}", record.verdict),
            record.verdict.contains(&format!("{count} {word}")),
        );
    }
    if let Some(stop) = LeftAt::of(&of_run).stop {
        let kind = record.stopped.as_ref().and_then(|stop| stop["kind"].as_str());
        found.same("why it stopped", kind, Some(stop.kind().to_string().as_str()));
    }
}

/// The kinds of failure: each of the rows in trouble belongs to one of them.
fn check_failures(rows: &[ExpectedRow], record: &RunRecord, found: &mut Differences) {
    let trouble = rows.iter().filter(|row| row.is_trouble()).count() as u64;
    let listed: u64 = record.failures.iter().map(|kind| kind.rows).sum();
    found.same("rows of the kinds of failure", listed + record.other_failures.rows, trouble);
    for kind in &record.failures {
        let name = format!("kind {}", kind.number);
        let Some(first) = rows.iter().find(|row| row.number == kind.row) else {
            found.holds(&format!("{name}: there is no row {}", kind.row), false);
            continue;
        };
        let told = (kind.outcome, kind.step.clone().unwrap_or_default(), kind.code.clone().unwrap_or_default());
        found.same(&name, told, (first.outcome, first.step.clone(), first.code.clone()));
        found.same(&format!("{name}, key"), &kind.key, &first.key);
        found.same(&format!("{name}, first key"), kind.keys.first(), Some(&first.key));
        let alike =
            |row: &&ExpectedRow| (row.outcome, &row.step, &row.code) == (first.outcome, &first.step, &first.code);
        let alike = rows.iter().filter(alike).count() as u64;
        found.holds(&format!("{name} has {} rows of {alike} alike", kind.rows), kind.rows <= alike);
    }
}

fn check_summary(end: &RunEnd, record: &RunRecord, found: &mut Differences) {
    let summary = &end.summary;
    found.same("summary, rows", summary.rows, record.rows);
    found.same("summary, outcome", Some(summary.outcome), record.outcome);
    found.same("summary, steered", &summary.steered, &record.steered);
    found.same("summary, stop", &summary.stopped, &record.stopped);
    found.same("summary, next steps", &summary.next_steps(), &record.next);
    let listed: Vec<_> = record.failures.iter().take(SHORT_LIST).cloned().collect();
    found.same("summary, failures", &summary.failures, &listed);
    found.same("summary, files", &summary.files, &record.files);
    for (name, counts) in &summary.operations {
        let told = record.operations.get(name).map(|own| (own.calls, own.attempts, own.throttled));
        found.same(name, told, Some((counts.calls, counts.attempts, counts.throttled)));
    }
    found.same("end of the run, state", &end.record.state, &record.state);
    found.same("end of the run, verdict", &end.record.verdict, &record.verdict);
}

fn check_junit(rows: &[ExpectedRow], xml: &str, found: &mut Differences) {
    let xml = xml.replace("&#10;", "\n");
    let cases: Vec<&str> = xml.split("<testcase ").skip(1).collect();
    found.same("cases of junit", cases.len(), rows.len() + 1);
    for (case, row) in cases.iter().skip(1).zip(rows) {
        let what = format!("case of row {}", row.number);
        found.holds(&format!("{what} has another name: {case}"), case.contains(&format!("name=\"{}\"", row.key)));
        let element = match row.outcome {
            RowOutcome::Succeeded | RowOutcome::Unchanged => None,
            RowOutcome::Skipped | RowOutcome::NotStarted => Some("skipped"),
            RowOutcome::Failed | RowOutcome::Partial => Some("failure"),
            RowOutcome::Unknown => Some("error"),
        };
        let has = ["skipped", "failure", "error"].into_iter().find(|name| case.contains(&format!("<{name} ")));
        found.same(&what, has, element);
        if row.is_trouble() {
            let line = |name: &str| case.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
            let first = |name: &str| line(name).map(|text| text.split(" (").next().unwrap_or_default());
            found.same(&format!("{what}, requests"), line("requests sent"), Some(row.attempts.to_string().as_str()));
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            found.same(&format!("{what}, step"), first("step").map(str::to_owned), some(&row.step));
            found.same(&format!("{what}, code"), line("code").map(str::to_owned), some(&row.code));
        }
    }
}

fn check_markdown(record: &RunRecord, text: &str, found: &mut Differences) {
    for &(word, outcome) in RowOutcome::TABLE {
        let count = record.rows.of(outcome);
        let line = format!("| {word} | {count} |\n");
        found.same(&format!("markdown, {word}"), text.contains(&line), count > 0);
    }
    found.holds("markdown, total", text.contains(&format!("| total | {} |\n", record.rows.total)));
    for kind in record.failures.iter().take(SHORT_LIST) {
        let line = format!("| {} | {} | {} |", kind.number, kind.rows, kind.outcome);
        found.holds(&format!("markdown has no line `{line}`"), text.contains(&line));
    }
    for step in &record.next {
        found.holds(&format!("markdown has no `{}`", step.command), text.contains(&step.command));
    }
}

/// The run in the list of runs.
fn check_list(run: &ToldRun, rows: &[ExpectedRow], record: &RunRecord, context: &Context, found: &mut Differences) {
    let listed = runs(&RunsRequest::default(), context).unwrap();
    found.same("runs that cannot be read", &listed.unreadable, &Vec::new());
    let Some(status) = listed.runs.iter().find(|one| one.run == *run.id()) else {
        return found.holds("it is not listed", false);
    };
    let state = match record.outcome {
        Some(outcome) => outcome.to_string(),
        None => "broken off".to_owned(),
    };
    found.same("list, state", status.state.to_string(), state);
    found.same("list, lost", &status.lost, &None);
    found.same("list, commands", &status.steered, &record.steered);
    for &(word, outcome) in RowOutcome::TABLE {
        let ended =
            || rows.iter().filter(|row| row.outcome == outcome && (row.ended || expected::went_on(row))).count();
        // Without a summary only rows that ended are counted.
        let wanted = if run.has_summary() { count(rows, outcome) } else { ended() as u64 };
        found.same(&format!("list, {word}"), status.rows.of(outcome), wanted);
    }
}
