//! The bounds of a planned run: its waves, its effect budget and its send window.

use std::time::Duration;

use serde_json::json;

use crate::diagnostic::printable;
use crate::model::{Time, Value};
use crate::plan::Plan;
use crate::policy::wave_sizes;
use crate::runner::IntakeTally;

/// One line for each bound; `least` is the shortest duration within the rate limits.
pub(super) fn text(plan: &Plan, tally: &IntakeTally, least: Duration, now: Time) -> Vec<String> {
    let bounds = &plan.bounds;
    let mut lines = Vec::new();
    if let Some(waves) = &bounds.waves {
        let sizes: Vec<String> = wave_sizes(&waves.sizes, tally.rows).iter().map(u64::to_string).collect();
        let gate = format!("{} of a wave must succeed before the next begins", waves.gate);
        lines.push(format!("{:12} {} rows; {gate}", "waves", sizes.join(", then ")));
    }
    for (word, most) in &bounds.budget {
        let planned = tally.effects.get(word).copied().unwrap_or_default();
        lines.push(format!("{:12} {planned} × {} of at most {most}", "budget", printable(word)));
    }
    if let Some(window) = &bounds.window {
        let begins = match window.opens_at(now) {
            Some(at) if at > now => format!("; it opens {}", window.on_the_wall(at)),
            _ => String::new(),
        };
        let ends = match window.work_ends_at(now, least) {
            Some(at) => format!("; begun now, the run would not end before {}", window.on_the_wall(at)),
            None => "; the run would not end within a year".to_owned(),
        };
        lines.push(format!("{:12} {window}{begins}{ends}", "window"));
    }
    lines
}

/// The bounds as JSON: `waves`, `budget` and `window`, null or empty where there is none.
pub(super) fn json(plan: &Plan, tally: &IntakeTally, least: Duration, now: Time) -> [(&'static str, Value); 3] {
    let bounds = &plan.bounds;
    let waves = bounds
        .waves
        .as_ref()
        .map(|waves| json!({"sizes": wave_sizes(&waves.sizes, tally.rows), "gate": waves.gate.to_string()}));
    let budget: Vec<Value> = bounds
        .budget
        .iter()
        .map(|(word, most)| {
            let planned = tally.effects.get(word).copied().unwrap_or_default();
            json!({"effect": word, "planned": planned, "most": most})
        })
        .collect();
    let window = bounds.window.as_ref().map(|window| {
        json!({
            "window": window,
            "open": window.is_open(now),
            "opens_at": window.opens_at(now).map(|at| at.to_string()),
            "ends_at_the_earliest": window.work_ends_at(now, least).map(|at| at.to_string()),
        })
    });
    [("waves", waves.unwrap_or_default()), ("budget", budget.into()), ("window", window.unwrap_or_default())]
}
