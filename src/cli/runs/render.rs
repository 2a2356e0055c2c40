//! A run as text and as JSON.

use serde_json::json;

use crate::diagnostic::{padded, printable, widest};
use crate::model::{Map, RowOutcome, Value};
use crate::operate::{RunState, RunStatus};
use crate::report::failure_lines;
use crate::runner::LinkKind;

/// The columns of an environment's name in the list, at least.
const ENVIRONMENT_WIDTH: usize = 12;

/// The list of runs, a line for each.
pub(super) fn list(runs: &[RunStatus]) -> String {
    let width = widest(runs.iter().map(|run| printable(&run.environment))).max(ENVIRONMENT_WIDTH);
    let line = |run: &RunStatus| {
        format!(
            "{}  {:11}  {}  {:>7} rows  {}",
            run.run,
            run.state.as_str(),
            padded(&printable(&run.environment), width),
            run.rows.total,
            printable(&run.playbook)
        )
    };
    runs.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// One run in full.
pub(super) fn text(run: &RunStatus) -> String {
    let mut text = match &run.summary {
        Some(summary) if run.later.is_some() && summary.rows.unknown == 0 => summary.render_what_came(),
        Some(summary) => summary.render_text(),
        None => {
            let mut text = format!("Run {} is {} (environment `{}`)\n", run.run, run.state.as_str(), run.environment);
            text.push_str(&format!("  {} rows", run.rows.total));
            for outcome in RowOutcome::ALL.into_iter().rev().filter(|outcome| run.rows.of(*outcome) > 0) {
                text.push_str(&format!(", {} {}", run.rows.of(outcome), outcome.as_str().replace('_', " ")));
            }
            text.push_str(&format!(", {} not finished\n", run.open_rows()));
            text.push_str(&failure_lines(&run.failures, &run.run));
            if run.state != RunState::Running && run.lost.is_none() {
                text.push_str(&format!("Go on: runsheet resume {}\n", run.run));
            }
            text
        }
    };
    if let Some(why) = run.summary.as_ref().and_then(|summary| summary.why_stopped()) {
        text.push_str(&format!("Stopped: {why}\n"));
    }
    if let Some(later) = &run.later {
        text.push_str(&format!("It went on in the run {later}: runsheet runs show {later}\n"));
    }
    if let Some(link) = &run.link {
        let what = match link.kind {
            LinkKind::Retry => "Retries",
            LinkKind::Undo => "Undoes",
        };
        text.push_str(&format!("{what} the run {}\n", link.of));
    }
    if let Some(lost) = &run.lost {
        text.push_str(&format!("Something of it is lost: {lost}\n"));
    }
    let rows = run.rows_name.as_deref().unwrap_or("none");
    text.push_str(&format!("Playbook {}, rows {rows}, started {}\n", run.playbook, run.started_at));
    text.push_str(&format!("Kept in {}", run.folder.display()));
    printable(&text).into_owned()
}

/// One run as JSON.
pub(super) fn json(run: &RunStatus) -> Value {
    let mut rows = Map::from_iter([("total".to_owned(), Value::from(run.rows.total))]);
    for outcome in RowOutcome::ALL {
        rows.insert(outcome.as_str().to_owned(), Value::from(run.rows.of(outcome)));
    }
    let failures = (!run.failures.is_empty()).then_some(&run.failures);
    json!({
        "run_id": run.run,
        "state": run.state.as_str(),
        "playbook": run.playbook,
        "environment": run.environment,
        "started_at": run.started_at.to_string(),
        "rows": rows,
        "failures": failures,
        "link": run.link.as_ref().map(|link| json!({"kind": link.kind, "of": link.of})),
        "lost": run.lost,
        "folder": run.folder,
        "summary": run.summary,
    })
}
