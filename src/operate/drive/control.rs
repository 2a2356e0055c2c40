//! The socket of a run under way, over which it is steered from elsewhere.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;
use tokio::sync::mpsc;

use super::run_wait_json::wait_json;
use crate::engine::Progress;
use crate::io::control::{ControlServer, SteerCall};
use crate::model::{RowOutcome, Value};
use crate::operate::interface::{Context, Notice};
use crate::report::RowCounts;
use crate::runner::RunFolder;

/// Opens the socket of a run. Without a socket the run goes on, and a notice says why.
pub(super) fn open_control(
    folder: &RunFolder,
    progress: &Arc<Mutex<Progress>>,
    context: &Context,
) -> (Option<ControlServer>, Option<mpsc::Receiver<SteerCall>>) {
    let counted = Arc::clone(progress);
    let status = move || status(&counted.lock().unwrap_or_else(PoisonError::into_inner));
    match ControlServer::start(folder.path(), status) {
        Ok((server, commands)) => (Some(server), Some(commands)),
        Err(error) => {
            context.notice(Notice::NotSteerable(error.to_string()));
            (None, None)
        }
    }
}

/// How far a run is, as JSON.
fn status(now: &Progress) -> Value {
    let mut rows = RowCounts::default();
    for outcome in RowOutcome::ALL {
        rows.count(outcome, now.rows.of(outcome));
    }
    rows.total = now.rows.total;
    json!({
        "rows": rows,
        "active": now.active,
        "in_flight": now.in_flight,
        "operations": now.operations,
        "wave": now.wave,
        "waits": now.waits.as_ref().map(wait_json),
        "stopping": now.draining,
        "rate": now.rate.map(|rate| rate.to_string()),
        "paused": now.paused.as_ref().map(|(by, since)| {
            json!({"who": by.name, "uid": by.uid, "from": by.from, "since": since.to_string()})
        }),
    })
}
