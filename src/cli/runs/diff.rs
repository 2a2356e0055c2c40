//! Compares two runs, as text or as JSON.

use std::time::Duration;

use serde_json::json;

use crate::cli::args::DiffArgs;
use crate::cli::output::{Exit, Output, Screen, VerbResult};
use crate::diagnostic::{padded, plural_of, printable, widest};
use crate::model::{RowOutcome, Value, show_duration};
use crate::operate::{
    self, ChangedRow, ChangedRows, Context, DiffReport, DiffRequest, DiffedRun, FailureKind, KindChanges, LinkKind,
    OperationLatency,
};

/// The kinds of failure that are listed at most.
const KINDS_SHOWN: usize = 10;

/// Runs `runs diff RUN OTHER`. It exits with 0 whether or not anything differs.
pub(super) fn diff(args: &DiffArgs, context: &Context, screen: Screen) -> VerbResult {
    let request = DiffRequest { left: args.run.clone(), right: args.other.clone(), named: args.named };
    let report = operate::diff(&request, context)?;
    screen.data(if screen.json() { Output::json(&json_of(&report)) } else { text(&report).into() })?;
    Ok(Exit::Done)
}

fn text(report: &DiffReport) -> String {
    let mut lines = vec![run_text("from", &report.left), run_text("to  ", &report.right)];
    lines.extend(report.notes.iter().map(|note| format!("note: {}", note.as_str())));
    let rows = &report.rows;
    lines.push(format!("{} with the same outcome", plural_of(rows.same, "row")));
    let lists = [
        ("newly failing", &rows.newly_failing),
        ("recovered", &rows.recovered),
        ("with another outcome", &rows.changed),
        ("only in the first run", &rows.only_left),
        ("only in the second run", &rows.only_right),
    ];
    for (what, list) in lists.into_iter().filter(|(_, list)| list.count > 0) {
        lines.push(format!("{} {what}", plural_of(list.count, "row")));
        lines.extend(list.named.iter().map(row_text));
        let more = list.count - list.named.len() as u64;
        if more > 0 && !list.named.is_empty() {
            lines.push(format!("  … and {more} more"));
        }
    }
    match &report.kinds {
        Some(kinds) => kinds_text(kinds, &mut lines),
        None => lines.push("The kinds of failure cannot be compared: a playbook can no longer be read".to_owned()),
    }
    latency_text(report.latency.as_deref().unwrap_or_default(), &mut lines);
    printable(&lines.join("\n")).into_owned()
}

/// How long requests took, for the operations that both runs measured.
fn latency_text(operations: &[OperationLatency], lines: &mut Vec<String>) {
    let both: Vec<_> =
        operations.iter().filter_map(|one| Some((one.operation.as_str(), one.left?, one.right?))).collect();
    if both.is_empty() {
        lines.push("Latencies cannot be compared: no operation was measured in both runs".to_owned());
        return;
    }
    lines.push("Latency".to_owned());
    let width = widest(both.iter().map(|(name, ..)| name));
    let shown = |ms: u64| show_duration(Duration::from_millis(ms));
    for (name, left, right) in both {
        lines.push(format!(
            "  {}  median {} → {}, 95 % within {} → {}",
            padded(name, width),
            shown(left.p50),
            shown(right.p50),
            shown(left.p95),
            shown(right.p95),
        ));
    }
}

fn run_text(place: &str, run: &DiffedRun) -> String {
    let link = match &run.link {
        None => String::new(),
        Some((LinkKind::Retry, of)) => format!(", retry of {of}"),
        Some((LinkKind::Undo, of)) => format!(", undo of {of}"),
    };
    let rows = plural_of(run.rows, "row");
    format!("{place} {}  {}  {rows} in `{}`, {}{link}", run.run, run.state, run.environment, run.playbook)
}

/// A row: `  A-17 (row 18): succeeded → failed`.
fn row_text(row: &ChangedRow) -> String {
    let number = row.right_row.or(row.left_row).unwrap_or_default();
    let name = match &row.key {
        Some(key) if !key.is_empty() => format!("{key} (row {number})"),
        Some(_) | None => format!("row {number}"),
    };
    let word = |outcome: Option<RowOutcome>| outcome.map_or("not finished", RowOutcome::in_words);
    match (row.left_row, row.right_row) {
        (Some(_), Some(_)) => format!("  {name}: {} → {}", word(row.left), word(row.right)),
        (Some(_), None) => format!("  {name}: {}", word(row.left)),
        (None, _) => format!("  {name}: {}", word(row.right)),
    }
}

fn kinds_text(kinds: &KindChanges, lines: &mut Vec<String>) {
    for (what, list) in [("gone", &kinds.gone), ("new", &kinds.new)] {
        if list.is_empty() {
            continue;
        }
        lines.push(format!("{} of failure {what}", plural_of(list.len() as u64, "kind")));
        lines.extend(list.iter().take(KINDS_SHOWN).map(kind_text));
        if list.len() > KINDS_SHOWN {
            lines.push(format!("  … and {} more", list.len() - KINDS_SHOWN));
        }
    }
}

fn kind_text(kind: &FailureKind) -> String {
    let step = kind.step.as_ref().map(|step| format!(", step `{step}`")).unwrap_or_default();
    let said = [&kind.code, &kind.message].into_iter().flatten().filter(|said| !said.is_empty());
    let said: String =
        said.map(|said| format!(": {}", said.split_whitespace().collect::<Vec<_>>().join(" "))).collect();
    format!("  {} {}{step}{said}", plural_of(kind.rows, "row"), kind.outcome.as_str())
}

fn json_of(report: &DiffReport) -> Value {
    let run = |run: &DiffedRun| {
        json!({
            "run_id": run.run,
            "playbook": run.playbook,
            "environment": run.environment,
            "state": run.state,
            "rows": run.rows,
            "link": run.link.as_ref().map(|(kind, of)| json!({"kind": kind, "of": of})),
        })
    };
    let row = |row: &ChangedRow| {
        json!({
            "key": row.key,
            "rows": [row.left_row, row.right_row],
            "outcomes": [row.left, row.right],
        })
    };
    let list =
        |list: &ChangedRows| json!({"count": list.count, "named": list.named.iter().map(row).collect::<Vec<_>>()});
    let rows = &report.rows;
    json!({
        "from": run(&report.left),
        "to": run(&report.right),
        "notes": report.notes.iter().map(|note| note.word()).collect::<Vec<_>>(),
        "rows": {
            "same": rows.same,
            "newly_failing": list(&rows.newly_failing),
            "recovered": list(&rows.recovered),
            "changed": list(&rows.changed),
            "only_from": list(&rows.only_left),
            "only_to": list(&rows.only_right),
        },
        "kinds": report.kinds.as_ref().map(|kinds| json!({
            "gone": kinds.gone, "new": kinds.new, "both": kinds.both,
        })),
        "latency_ms": report.latency.as_ref().map(|operations| operations.iter().map(|one| json!({
            "operation": one.operation, "from": one.left, "to": one.right,
        })).collect::<Vec<_>>()),
    })
}
