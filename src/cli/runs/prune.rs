//! Removes old runs, and shows what was removed and what is kept.

use std::collections::BTreeMap;

use serde_json::json;

use crate::cli::args::PruneArgs;
use crate::cli::output::{Exit, Output, Screen, VerbResult};
use crate::diagnostic::{plural, plural_of, printable};
use crate::model::Value;
use crate::operate::{self, Context, KeptBecause, PruneReport, PruneRequest, RunId};

/// Runs `runs prune`.
pub(super) fn prune(args: &PruneArgs, context: &Context, screen: Screen) -> VerbResult {
    let request = PruneRequest {
        older_than: args.older_than,
        keep: args.keep,
        unknown: args.unknown,
        unfinished: args.unfinished,
        guarding: args.guarding,
        dry_run: args.dry_run,
        confirmed: args.yes,
    };
    if !screen.json() && !args.dry_run && !args.yes {
        // The person sees the list before the question.
        let preview = operate::prune(&PruneRequest { dry_run: true, ..request.clone() }, context)?;
        if preview.removed.is_empty() {
            screen.data(text(&preview))?;
            return Ok(Exit::Done);
        }
        screen.say_always(&text(&preview));
    }
    let report = operate::prune(&request, context)?;
    match screen.json() {
        true => screen.data(Output::json(&json_of(&report)))?,
        false => screen.data(text(&report))?,
    }
    for (run, why) in &report.failed {
        screen.say_always(&printable(&format!("error: the run {run} could not be removed: {why}")));
    }
    Ok(if report.failed.is_empty() { Exit::Done } else { Exit::Broken })
}

/// The report as text: the removed runs, then the kept ones with the reasons, then the totals.
fn text(report: &PruneReport) -> String {
    let mut lines = Vec::new();
    let does = if report.dry_run { "would remove" } else { "removed" };
    for run in &report.removed {
        let what = match run.playbook.is_empty() {
            true => run.state.clone(),
            false => {
                format!("{}, {} in `{}`, {}", run.playbook, plural_of(run.rows, "row"), run.environment, run.state)
            }
        };
        lines.push(format!("{does}  {}  {what}", run.run));
    }
    for (run, why) in &report.kept {
        lines.push(format!("kept  {run}  {why}"));
    }
    let bytes = report.removed.iter().map(|run| run.bytes).sum();
    let total = format!("{} ({})", plural(report.removed.len(), "run"), size(bytes));
    lines.push(match report.dry_run {
        true => format!("{total} would be removed, {} kept", report.kept.len()),
        false => format!("{total} removed, {} kept", report.kept.len()),
    });
    lines.extend(options_text(&report.kept));
    printable(&lines.join("\n")).into_owned()
}

/// Which options would let kept runs be removed.
fn options_text(kept: &[(RunId, KeptBecause)]) -> Vec<String> {
    let mut options: BTreeMap<&'static str, usize> = BTreeMap::new();
    for option in kept.iter().filter_map(|(_, why)| why.lifted_by()) {
        *options.entry(option.as_str()).or_default() += 1;
    }
    options
        .into_iter()
        .map(|(option, runs)| format!("{} kept unless `{option}` is given", plural(runs, "run")))
        .collect()
}

/// A number of bytes, such as `12.5 MB`.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    let mut shown = format!("{bytes} bytes");
    // Exactness is of no use beyond a digit after the point.
    #[allow(clippy::cast_precision_loss)]
    let mut size = bytes as f64;
    for unit in UNITS {
        if size < 1_000.0 {
            break;
        }
        size /= 1_000.0;
        shown = format!("{size:.1} {unit}");
    }
    shown
}

fn json_of(report: &PruneReport) -> Value {
    let removed = report.removed.iter().map(|run| {
        json!({
            "run_id": run.run,
            "playbook": run.playbook,
            "environment": run.environment,
            "state": run.state,
            "rows": run.rows,
            "bytes": run.bytes,
            "guarded_effects": run.guarded_effects,
        })
    });
    let kept = report.kept.iter().map(|(run, why)| {
        json!({
            "run_id": run,
            "reason": why.word(),
            "message": why.to_string(),
            "option": why.lifted_by().map(|option| option.as_str()),
        })
    });
    let failed = report.failed.iter().map(|(run, why)| json!({"run_id": run, "message": why}));
    json!({
        "dry_run": report.dry_run,
        "removed": removed.collect::<Vec<_>>(),
        "kept": kept.collect::<Vec<_>>(),
        "failed": failed.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_shown_in_the_unit_that_fits() {
        assert_eq!(size(0), "0 bytes");
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(1_500), "1.5 kB");
        assert_eq!(size(12_480_000), "12.5 MB");
        assert_eq!(size(3_000_000_000_000), "3.0 TB");
    }
}
