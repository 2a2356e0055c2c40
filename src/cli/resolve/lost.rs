//! What `resolve --lost` says: what counts now, and that nothing stands in the way any more.

use serde_json::json;

use crate::cli::screen::{Data, Screen};
use crate::diagnostic::plural_of;
use crate::operate::{ResolveLostReport, SettleAs};

/// Says it all.
pub(super) fn tell_lost(report: &ResolveLostReport, screen: Screen) {
    let ResolveLostReport { run, settled, rows, replaces } = report;
    let (word, what) = match settled {
        SettleAs::Done => ("done", format!("{} of the run {run} count as done", plural_of(*rows, "row"))),
        SettleAs::Failed => ("failed", format!("nothing of what is lost of the run {run} counts as done")),
    };
    if screen.json() {
        screen.conclude(Data::json(&json!({ "run_id": run, "as": word, "rows": rows, "replaces": replaces })));
        return;
    }
    let kept = if *replaces { " An earlier word is kept, and this one holds." } else { "" };
    screen.conclude(format!("From now on {what}. The run stands in no other run's way any more.{kept}"));
}
