//! One run as text and as JSON, with its family; and what is known of a pruned one.

use serde_json::json;

use crate::diagnostic::{padded, plural_of, printable, widest};
use crate::model::{Map, RowOutcome, Value};
use crate::operate::{Family, FamilyRows, LinkKind, PrunedStatus, RunState, RunStatus, SteerWord};
use crate::report::{RowCounts, failure_lines, is_paused, steering_lines};

/// One run in full.
pub(super) fn text(run: &RunStatus, family: Option<&Family>) -> String {
    let mut text = match &run.summary {
        Some(summary) if run.later.is_some() && summary.rows.unknown == 0 => summary.render_what_came(),
        Some(summary) => summary.render_text(),
        None => {
            let mut text = format!("Run {} is {} (environment `{}`)\n", run.run, run.state.as_str(), run.environment);
            text.push_str(&format!("  {} rows", run.rows.total));
            for outcome in RowOutcome::READING_ORDER.into_iter().filter(|outcome| run.rows.of(*outcome) > 0) {
                text.push_str(&format!(", {} {}", run.rows.of(outcome), outcome.in_words()));
            }
            text.push_str(&format!(", {} not finished\n", run.open_rows()));
            text.push_str(&steering_lines(&run.steered));
            text.push_str(&failure_lines(&run.failures, &run.run));
            text.push_str(&how_to_go_on(run));
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
    if let Some(family) = family {
        text.push_str(&family_text(run, family));
    }
    if let Some(lost) = &run.lost {
        text.push_str(&format!("Something of it is lost: {lost}\n"));
    }
    let rows = run.rows_name.as_deref().unwrap_or("none");
    text.push_str(&format!("Playbook {}, rows {rows}, started {}\n", run.playbook, run.started_at));
    text.push_str(&format!("Kept in {}", run.folder.display()));
    printable(&text).into_owned()
}

/// The runs that belong together, a line for each, and how each row stands over all of them.
fn family_text(shown: &RunStatus, family: &Family) -> String {
    let mut text = String::from("Runs that belong together:\n");
    let does = |run: &RunStatus| match &run.link {
        None => "run".to_owned(),
        Some(link) => match link.kind {
            LinkKind::Retry => format!("retry of {}", link.of),
            LinkKind::Undo => format!("undo of {}", link.of),
        },
    };
    let (kinds, states) =
        (widest(family.members.iter().map(does)), widest(family.members.iter().map(|run| run.state.as_str())));
    for member in &family.members {
        let here = if member.run == shown.run { "*" } else { " " };
        let counts = counts_text(|outcome| member.rows.of(outcome), member.open_rows(), 0);
        text.push_str(&format!(
            "{here} {}  {}  {}  {}: {counts}\n",
            member.run,
            padded(&does(member), kinds),
            padded(member.state.as_str(), states),
            plural_of(member.rows.total, "row"),
        ));
    }
    if let Some(rows) = &family.rows {
        let FamilyRows { outcomes, open, taken_back } = rows;
        let total = outcomes.total + open + taken_back;
        let counts = counts_text(|outcome| outcomes.of(outcome), *open, *taken_back);
        text.push_str(&format!("  Over all of them, {}: {counts}\n", plural_of(total, "row")));
    }
    text
}

/// Rows by outcome, such as `38 succeeded, 2 failed`.
fn counts_text(of: impl Fn(RowOutcome) -> u64, open: u64, taken_back: u64) -> String {
    let shown = RowOutcome::READING_ORDER.into_iter().filter(|outcome| of(*outcome) > 0);
    let mut parts: Vec<String> = shown.map(|outcome| format!("{} {}", of(outcome), outcome.in_words())).collect();
    parts.extend((taken_back > 0).then(|| format!("{taken_back} taken back")));
    parts.extend((open > 0).then(|| format!("{open} not finished")));
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

/// How a run without a summary goes on; empty where nothing is to be done.
fn how_to_go_on(run: &RunStatus) -> String {
    let (id, paused) = (&run.run, is_paused(&run.steered));
    match run.state {
        RunState::Running if paused => format!("It is paused. Go on: runsheet ctl {id} resume\n"),
        RunState::BrokenOff if run.lost.is_some() => String::new(),
        RunState::BrokenOff if run.steered.iter().any(|one| one.command.what == SteerWord::Cancel) => {
            format!("It was cancelled. Do what is missing: runsheet retry {id}\n")
        }
        RunState::BrokenOff if paused => {
            format!("It is paused. End the pause, then go on: runsheet ctl {id} resume && runsheet resume {id}\n")
        }
        RunState::BrokenOff => format!("Go on: runsheet resume {id}\n"),
        RunState::Running | RunState::Ended(_) => String::new(),
    }
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
        "kind": run.kind(),
        "playbook": run.playbook,
        "environment": run.environment,
        "started_at": run.started_at.to_string(),
        "finished_at": run.summary.as_ref().map(|summary| &summary.finished_at),
        "rows": rows,
        "not_finished": run.open_rows(),
        "failures": failures,
        "link": run.link.as_ref().map(|link| json!({"kind": link.kind, "of": link.of})),
        "later": run.later,
        "lost": run.lost,
        "steered": run.steered,
        "paused": run.is_paused(),
        "cancelled": run.is_cancelled(),
        "folder": run.folder,
        "summary": run.summary,
    })
}

/// One run as JSON, with its family.
pub(super) fn json_with_family(run: &RunStatus, family: Option<&Family>) -> Value {
    let mut shown = json(run);
    let member = |run: &RunStatus| {
        json!({
            "run_id": run.run,
            "kind": run.kind(),
            "of": run.link.as_ref().map(|link| &link.of),
            "state": run.state.as_str(),
            "rows": counts_json(run),
        })
    };
    let rows = |rows: &FamilyRows| {
        let mut counts = serde_json::to_value(rows.outcomes).unwrap_or_default();
        if let Some(counts) = counts.as_object_mut() {
            counts.insert("total".to_owned(), Value::from(rows.outcomes.total + rows.open + rows.taken_back));
            counts.insert("not_finished".to_owned(), Value::from(rows.open));
            counts.insert("taken_back".to_owned(), Value::from(rows.taken_back));
        }
        counts
    };
    let family = family.map(|family| {
        json!({
            "runs": family.members.iter().map(member).collect::<Vec<_>>(),
            "rows": family.rows.as_ref().map(rows),
        })
    });
    if let Some(shown) = shown.as_object_mut() {
        shown.insert("family".to_owned(), family.unwrap_or_default());
    }
    shown
}

fn counts_json(run: &RunStatus) -> Value {
    let mut rows = RowCounts { total: run.rows.total, ..RowCounts::default() };
    for outcome in RowOutcome::ALL {
        rows.count(outcome, run.rows.of(outcome));
    }
    serde_json::to_value(rows).unwrap_or_default()
}

/// What is known of a pruned run.
pub(super) fn pruned_text(run: &PrunedStatus) -> String {
    let counts = counts_text(|outcome| run.rows.of(outcome), run.open_rows, 0);
    let mut text = format!(
        "Run {} was pruned on {} by {} (environment `{}`)\n  {}: {counts}\n",
        run.run,
        run.pruned_at,
        run.pruned_by,
        run.environment,
        plural_of(run.rows.total, "row"),
    );
    text.push_str(&format!("  It was {} when it was pruned; its last entry is of {}\n", run.state, run.last_at));
    match &run.link {
        None => {}
        Some((LinkKind::Retry, of)) => text.push_str(&format!("Retried the run {of}\n")),
        Some((LinkKind::Undo, of)) => text.push_str(&format!("Undid the run {of}\n")),
    }
    if run.guarded_effects > 0 {
        text.push_str(&format!(
            "No other run makes its {} again, unless `--again` is given\n",
            plural_of(run.guarded_effects, "effect")
        ));
    }
    text.push_str("Its journal, its rows and its results are gone, so it cannot be retried, undone or exported\n");
    text.push_str(&format!("Playbook {}, started {}", run.playbook, run.started_at));
    printable(&text).into_owned()
}

/// A pruned run as JSON.
pub(super) fn pruned_json(run: &PrunedStatus) -> Value {
    json!({
        "run_id": run.run,
        "state": "pruned",
        "was": run.state,
        "kind": run.link.as_ref().map_or("run", |(kind, _)| match kind {
            LinkKind::Retry => "retry",
            LinkKind::Undo => "undo",
        }),
        "playbook": run.playbook,
        "environment": run.environment,
        "started_at": run.started_at.to_string(),
        "last_at": run.last_at.to_string(),
        "rows": run.rows,
        "not_finished": run.open_rows,
        "link": run.link.as_ref().map(|(kind, of)| json!({"kind": kind, "of": of})),
        "pruned": {
            "at": run.pruned_at.to_string(),
            "by": run.pruned_by,
            "guarded_effects": run.guarded_effects,
        },
    })
}
