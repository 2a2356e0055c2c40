//! The plan of an undo, for people and for programs.

use serde_json::json;

use super::effects::Effects;
use crate::cli::failure::plural;
use crate::model::{RunId, Value};

/// The plan as text.
pub(super) fn text(run: &RunId, effects: &Effects) -> String {
    let (rows, calls) = (plural(effects.rows.len(), "row"), plural(count_of(effects.calls_in_all()), "call"));
    let mut text = format!("Undo of {run}: {rows}, {calls}\n");
    for (operation, made) in &effects.calls {
        let all: u64 = made.values().sum();
        text.push_str(&format!("  {operation}  {all}\n"));
        for ((made, step), count) in made {
            text.push_str(&format!("    takes back {count} × {made} (step `{step}`)\n"));
        }
    }
    for ((made, step, on), count) in &effects.with {
        text.push_str(&format!("  with step `{on}` go {count} × {made} (step `{step}`)\n"));
    }
    if !effects.stay.is_empty() {
        text.push_str("Cannot be taken back:\n");
    }
    for ((made, step, why), count) in &effects.stay {
        text.push_str(&format!("  {count} × {made} (step `{step}`): {why}\n"));
    }
    text.push_str(&left(effects));
    if effects.unknown > 0 {
        let rows = plural(count_of(effects.unknown), "row");
        text.push_str(&format!("{rows} left out, unknown: settle them first: runsheet resolve {run}\n"));
    }
    for (later, count) in &effects.gone_on {
        let rows = plural(count_of(*count), "row");
        text.push_str(&format!("{rows} went on in the run {later}: take that one back first\n"));
    }
    text.truncate(text.trim_end().len());
    text
}

/// What stays as it is because it was made by steps that run once.
pub(super) fn left(effects: &Effects) -> String {
    let mut text = String::new();
    if !effects.left.is_empty() {
        text.push_str("Left as it is, made by steps that run once; take it back at the vendor where that is wanted:\n");
    }
    for ((made, step, list), count) in &effects.left {
        text.push_str(&format!("  {count} × {made} (step `{step}` of `{list}`)\n"));
    }
    text
}

fn count_of(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// The plan for programs.
pub(super) fn json(run: &RunId, effects: &Effects) -> Value {
    let calls: Vec<Value> = effects
        .calls
        .iter()
        .flat_map(|(operation, made)| {
            made.iter().map(move |((made, step), count)| {
                json!({"operation": operation, "takes_back": made, "step": step, "calls": count})
            })
        })
        .collect();
    let with: Vec<Value> = effects
        .with
        .iter()
        .map(|((made, step, on), count)| json!({"takes_back": made, "step": step, "with_step": on, "calls": count}))
        .collect();
    let stay: Vec<Value> = effects
        .stay
        .iter()
        .map(|((made, step, why), count)| json!({"operation": made, "step": step, "why": why, "calls": count}))
        .collect();
    let left: Vec<Value> = effects
        .left
        .iter()
        .map(|((made, step, list), count)| json!({"operation": made, "step": step, "list": list, "calls": count}))
        .collect();
    json!({
        "undo_of": run,
        "rows": effects.rows.len(),
        "calls": calls,
        "with": with,
        "cannot": stay,
        "left": left,
        "unknown": effects.unknown,
    })
}
