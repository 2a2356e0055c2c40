//! What other runs have sent of the rows already, as a plan tells it.

use serde_json::json;

use crate::model::Value;
use crate::runner::IntakeTally;

/// For people; nothing where nothing was sent before.
pub(super) fn sent_before_text(tally: &IntakeTally, again: bool) -> String {
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

/// For programs.
pub(super) fn sent_before_json(tally: &IntakeTally, again: bool) -> Value {
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
