//! Exports what is known of each row of a run, and shows what is lost.

use serde_json::json;

use crate::cli::args::ExportArgs;
use crate::cli::output::{Exit, Output, Screen, VerbResult};
use crate::diagnostic::{plural_of, printable};
use crate::operate::{self, Context, ExportReport, ExportRequest};

/// Runs `runs export RUN --out DIR`.
pub(super) fn export(args: &ExportArgs, context: &Context, screen: Screen) -> VerbResult {
    let request = ExportRequest { run: args.run.clone(), out: args.out.clone() };
    let report = operate::export(&request, context)?;
    show(&report, screen);
    let nothing_known = report.damaged && report.rows.total == 0;
    Ok(if nothing_known || report.rows.unknown + report.lost_rows > 0 { Exit::Unknown } else { Exit::Done })
}

fn show(report: &ExportReport, screen: Screen) {
    let ExportReport { run, damaged, rows, lost_rows, lost_entries, known, files } = report;
    if screen.json() {
        let json = json!({
            "run_id": run, "damaged": damaged, "rows": rows, "lost_rows": lost_rows,
            "lost_entries": lost_entries, "files": files,
        });
        screen.data_or_warn(Output::json(&json));
    } else {
        let lines: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        screen.data_or_warn(lines.join("\n"));
    }
    if *damaged && rows.total == 0 {
        screen.say_always(&printable(&format!(
            "No row of the run {run} can be read any more, so what it sent is unknown: {}.",
            known.as_deref().unwrap_or("nothing else is known of it"),
        )));
    } else if *damaged {
        let unknown = plural_of(rows.unknown, "row");
        screen.say_always(&format!(
            "The journal of the run {run} is damaged: {} gone or changed. What became of {} is proven; {unknown} may \
             have been sent and are unknown.",
            plural_of(*lost_entries, "entry").replace("entrys", "entries"),
            plural_of(rows.total - rows.unknown, "row"),
        ));
    }
    if *lost_rows > 0 && rows.total > 0 {
        let lost = plural_of(*lost_rows, "row");
        screen.say_always(&format!("{lost} cannot be read at all: compare the row files with your own list."));
    }
    if *damaged && (rows.total == 0 || rows.unknown + lost_rows > 0) {
        screen.say_always("Ask the vendor about these rows before any of them is sent again.");
    }
}
