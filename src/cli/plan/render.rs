//! A plan as text and as JSON.

use std::collections::BTreeMap;

use serde_json::json;

use super::bounds;
use crate::diagnostic::{harmless_json, one_line, padded, plural_of, printable, widest};
use crate::model::{Value, show_duration};
use crate::operate::{PlanReport, PlannedCall};
use crate::plan::Plan;
use crate::runner::IntakeTally;

/// A plan as text.
pub(super) fn text(report: &PlanReport) -> String {
    let PlanReport { plan, tally, samples, again, now, .. } = report;
    let mut text = format!("{}\n", plan.name);
    match &report.rows_name {
        Some(name) => text.push_str(&format!("{} of {name}, ", plural_of(tally.rows, "row"))),
        None => text.push_str("no rows, "),
    }
    text.push_str(&format!("{}\n", one_line(&report.destination.to_string())));
    if tally.invalid > 0 {
        text.push_str(&format!("{} of them are invalid and would be reported as failed\n", tally.invalid));
    }
    text.push_str("\ncalls\n");
    let width = widest(tally.calls.keys());
    for (operation, count) in &tally.calls {
        let limit = limits_text(plan, operation).map(|limit| format!("  at most {limit}")).unwrap_or_default();
        text.push_str(&format!("  {}  {count}{limit}\n", padded(operation, width)));
    }
    text.push_str(&format!("  at least {} within the limits\n", show_duration(report.least_time())));
    let notes = effect_lines(tally, plan);
    if !notes.is_empty() {
        text.push_str("\neffects\n");
        notes.iter().for_each(|note| text.push_str(&format!("  {note}\n")));
    }
    text.push_str(&sent_before_text(tally, *again));
    let bounds = bounds::text(plan, tally, report.least_time(), *now);
    if !bounds.is_empty() {
        text.push_str("\nbounds\n");
        bounds.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
    }
    for row in samples {
        text.push_str(&format!("\nrow {}  {}\n", row.number, one_line(&row.key)));
        row.calls.iter().for_each(|call| text.push_str(&call_text(call)));
    }
    let more = tally.rows.saturating_sub(samples.len() as u64);
    if more > 0 && !samples.is_empty() {
        text.push_str(&format!("\n… and {} more\n", plural_of(more, "row")));
    }
    text.trim_end().to_owned()
}

fn call_text(call: &PlannedCall) -> String {
    let mut text = format!("  {}: {}\n", call.step, call.operation);
    if let Value::Object(settings) = &call.settings {
        let each = settings.iter().map(|(name, value)| format!("{name}: {}", harmless_json(&value.to_string())));
        text.push_str(&format!("    settings {}\n", each.collect::<Vec<_>>().join(", ")));
    }
    let body = match &call.request {
        Some(request) => {
            text.push_str(&format!("    {}\n", printable(&request.line)));
            for (name, value) in &request.headers {
                text.push_str(&format!("    {name}: {}\n", printable(value)));
            }
            &request.body
        }
        None => &call.inputs,
    };
    if !body.is_null() {
        // Escapes show invisible characters and keep the JSON equal to what is sent.
        let pretty = match body {
            Value::String(text) => printable(text).into_owned(),
            other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                harmless_json(&serde_json::to_string_pretty(other).unwrap_or_default()).into_owned()
            }
        };
        for line in pretty.lines() {
            text.push_str(&format!("    {line}\n"));
        }
    }
    text
}

/// The rate limit and the calls at once of an operation; `None` where it has neither.
fn limits_text(plan: &Plan, operation: &str) -> Option<String> {
    let budget = plan.rate_buckets.iter().find(|budget| budget.operation == operation)?;
    let rate = budget.limits.rate.map(|rate| rate.to_string());
    let at_once = budget.limits.in_flight.map(|count| format!("{count} at once"));
    let parts: Vec<String> = [rate, at_once].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// One line for each dangerous effect, each absent input that widens calls, and each skipped step.
fn effect_lines(tally: &IntakeTally, plan: &Plan) -> Vec<String> {
    let dangers =
        tally.dangers.iter().map(|((kind, counts_as), count)| format!("{:12} {count} × {counts_as}", kind.as_str()));
    let widened = tally.widened_words(plan).into_iter().map(|line| format!("{:12} {line}", "widened"));
    let skipped = tally.skipped.iter().map(|(step, count)| format!("{:12} {count} × step `{step}`", "left out"));
    dangers.chain(widened).chain(skipped).collect()
}

/// A plan as JSON.
pub(super) fn json(report: &PlanReport) -> Value {
    let PlanReport { plan, tally, samples, again, now, .. } = report;
    let dangers: Vec<Value> = tally
        .dangers
        .iter()
        .map(|((kind, counts_as), count)| json!({"kind": kind.as_str(), "counts_as": counts_as, "count": count}))
        .collect();
    let widened: Vec<Value> = tally
        .widened
        .iter()
        .map(|((operation, input), count)| json!({"operation": operation, "input": input, "count": count}))
        .collect();
    let samples: Vec<Value> = samples
        .iter()
        .map(|row| {
            let calls: Vec<Value> = row.calls.iter().map(call_json).collect();
            json!({"row": row.number, "key": row.key, "calls": calls})
        })
        .collect();
    let least = u64::try_from(report.least_time().as_millis()).unwrap_or(u64::MAX);
    let mut plan_json = json!({
        "playbook": plan.name,
        "environment": plan.environment.name,
        "settings": report.destination.settings,
        "hosts": report.destination.hosts.iter().cloned().collect::<BTreeMap<String, String>>(),
        "rows": {"file": report.rows_name, "total": tally.rows, "invalid": tally.invalid},
        "calls": tally.calls,
        "dangers": dangers,
        "dangerous_rows": tally.dangerous_rows,
        "widened": widened,
        "skipped": tally.skipped,
        "least_duration_ms": least,
        "sent_before": sent_before_json(tally, *again),
        "samples": samples,
    });
    if let Value::Object(map) = &mut plan_json {
        let bounds = bounds::json(plan, tally, report.least_time(), *now);
        map.extend(bounds.into_iter().map(|(name, value)| (name.to_owned(), value)));
        map.insert("diagnostics".to_owned(), report.diagnostics.to_json());
    }
    plan_json
}

fn call_json(call: &PlannedCall) -> Value {
    let request = call.request.as_ref().map(|request| {
        let headers: Vec<Value> = request.headers.iter().map(|(name, value)| json!([name, value])).collect();
        json!({"line": request.line, "headers": headers, "body": request.body})
    });
    let mut shown = json!({"step": call.step, "operation": call.operation, "request": request, "inputs": call.inputs});
    if let (Value::Object(shown), Value::Object(_)) = (&mut shown, &call.settings) {
        shown.insert("settings".to_owned(), call.settings.clone());
    }
    shown
}

/// What other runs have sent, as text; empty where nothing was sent before.
fn sent_before_text(tally: &IntakeTally, again: bool) -> String {
    let repeats = &tally.repeats;
    if repeats.calls == 0 {
        return String::new();
    }
    let mut text = "\nsent before\n".to_owned();
    for ((run, state), rows) in &repeats.by_run {
        let was = if *rows == 1 { "was" } else { "were" };
        text.push_str(&format!("  {rows} of {} rows {was} sent before by run {run}: {}\n", tally.rows, state.as_str()));
    }
    if repeats.once > 0 {
        text.push_str(&format!("  {} × calls of steps that run once\n", repeats.once));
    }
    text.push_str(match again {
        true => "  `--again` sends them again, after a confirmation\n",
        false => "  `run` would be refused without `--again`\n",
    });
    text
}

/// What other runs have sent, as JSON.
fn sent_before_json(tally: &IntakeTally, again: bool) -> Value {
    let repeats = &tally.repeats;
    let runs: Vec<Value> = repeats
        .by_run
        .iter()
        .map(|((run, state), rows)| json!({"run": run, "rows": rows, "state": state.as_str()}))
        .collect();
    json!({
        "rows": repeats.rows,
        "calls": repeats.calls,
        "unknown": repeats.unknown,
        "runs": runs,
        "refused": repeats.calls > 0 && !again,
    })
}
