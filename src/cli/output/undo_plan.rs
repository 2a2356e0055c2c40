//! The plan of an undo, as text and as JSON.

use std::collections::BTreeMap;

use serde_json::json;

use crate::diagnostic::plural_of;
use crate::model::Value;
use crate::operate::{UndoFate, UndoPlan, UndoneEffect};

/// The plan as text.
pub(in crate::cli) fn undo_plan_text(plan: &UndoPlan) -> String {
    let run = &plan.run;
    let (rows, calls) = (plural_of(plan.rows, "row"), plural_of(plan.calls(), "call"));
    let mut text = format!("Undo of {run}: {rows}, {calls}\n");
    let mut by_operation: BTreeMap<&str, Vec<&UndoneEffect>> = BTreeMap::new();
    for (effect, operation) in called(plan) {
        by_operation.entry(operation).or_default().push(effect);
    }
    for (operation, effects) in by_operation {
        let all: u64 = effects.iter().map(|effect| effect.count).sum();
        text.push_str(&format!("  {operation}  {all}\n"));
        for UndoneEffect { operation, step, count, .. } in effects {
            text.push_str(&format!("    takes back {count} × {operation} (step `{step}`)\n"));
        }
    }
    for (UndoneEffect { operation, step, count, .. }, with) in with_others(plan) {
        text.push_str(&format!("  {count} × {operation} (step `{step}`) disappear with step `{with}`\n"));
    }
    let stay = staying(plan);
    if !stay.is_empty() {
        text.push_str("Cannot be taken back:\n");
    }
    for (UndoneEffect { operation, step, count, .. }, why) in stay {
        text.push_str(&format!("  {count} × {operation} (step `{step}`): {why}\n"));
    }
    text.push_str(&undo_plan_left(plan));
    if plan.unknown > 0 {
        let rows = plural_of(plan.unknown, "row");
        text.push_str(&format!("{rows} left out, unknown: settle them first: runsheet resolve {run}\n"));
    }
    for (later, count) in &plan.gone_on {
        let rows = plural_of(*count, "row");
        text.push_str(&format!(
            "{rows} went on in the run {later}. What {run} made for them is included here; what {later} made is not, \
             and may disappear with it. To see what can be taken back of that run, and do it first: \
             runsheet undo {later} --dry-run\n"
        ));
    }
    text.truncate(text.trim_end().len());
    text
}

/// The effects of steps that run once, which are not taken back, as text; empty where there are none.
pub(in crate::cli) fn undo_plan_left(plan: &UndoPlan) -> String {
    let mut text = String::new();
    let once = once(plan);
    if !once.is_empty() {
        text.push_str("Not undone, because steps that run once made it; undo it at the vendor if needed:\n");
    }
    for (UndoneEffect { operation, step, count, .. }, list) in once {
        text.push_str(&format!("  {count} × {operation} (step `{step}` of `{list}`)\n"));
    }
    text
}

/// The plan as JSON.
pub(in crate::cli) fn undo_plan_json(plan: &UndoPlan) -> Value {
    let calls = called(plan).into_iter().map(|(effect, operation)| {
        let UndoneEffect { operation: made, step, count, .. } = effect;
        json!({"operation": operation, "takes_back": made, "step": step, "calls": count})
    });
    let with = with_others(plan).into_iter().map(|(effect, on)| {
        let UndoneEffect { operation: made, step, count, .. } = effect;
        json!({"takes_back": made, "step": step, "with_step": on, "calls": count})
    });
    let cannot = staying(plan).into_iter().map(|(effect, why)| {
        let UndoneEffect { operation: made, step, count, .. } = effect;
        json!({"operation": made, "step": step, "why": why, "calls": count})
    });
    let left = once(plan).into_iter().map(|(effect, list)| {
        let UndoneEffect { operation: made, step, count, .. } = effect;
        json!({"operation": made, "step": step, "list": list, "calls": count})
    });
    json!({
        "undo_of": plan.run,
        "rows": plan.rows,
        "calls": calls.collect::<Vec<_>>(),
        "with": with.collect::<Vec<_>>(),
        "cannot": cannot.collect::<Vec<_>>(),
        "left": left.collect::<Vec<_>>(),
        "unknown": plan.unknown,
    })
}

/// Effects that calls take back, each with its operation.
fn called(plan: &UndoPlan) -> Vec<(&UndoneEffect, &str)> {
    of_fate(plan, |fate| if let UndoFate::Call { operation } = fate { Some(operation) } else { None })
}

/// Effects that disappear with those of another step, each with that step.
fn with_others(plan: &UndoPlan) -> Vec<(&UndoneEffect, &str)> {
    let found = of_fate(plan, |fate| if let UndoFate::WithStep { step } = fate { Some(step) } else { None });
    by_step(found)
}

/// Effects that stay, each with the reason.
fn staying(plan: &UndoPlan) -> Vec<(&UndoneEffect, &str)> {
    by_step(of_fate(plan, |fate| if let UndoFate::Stays { why } = fate { Some(why) } else { None }))
}

/// Effects of steps that run once, each with the step's list.
fn once(plan: &UndoPlan) -> Vec<(&UndoneEffect, &str)> {
    by_step(of_fate(plan, |fate| if let UndoFate::RunsOnce { list } = fate { Some(list) } else { None }))
}

fn of_fate<'a>(plan: &'a UndoPlan, about: fn(&'a UndoFate) -> Option<&'a String>) -> Vec<(&'a UndoneEffect, &'a str)> {
    plan.effects.iter().filter_map(|effect| Some((effect, about(&effect.fate)?.as_str()))).collect()
}

/// Sorts by operation, step and fate.
fn by_step<'a>(mut effects: Vec<(&'a UndoneEffect, &'a str)>) -> Vec<(&'a UndoneEffect, &'a str)> {
    effects.sort_by_key(|(effect, about)| (&effect.operation, &effect.step, *about));
    effects
}
