//! Where the events of a run go, and what is told as a process begins to drive it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::io::EventLog;
use crate::model::{Limits, RunId, Time};
use crate::plan::Plan;
use crate::policy::Counts;
use crate::report::{EventKind, Verb};

/// Where a run is told, and as what.
#[derive(Clone)]
pub struct RunEvents {
    /// Where.
    pub log: Arc<EventLog>,
    /// The run.
    pub run: RunId,
    /// The verb that drives it.
    pub verb: Verb,
    /// The run whose missing work it does.
    pub retry_of: Option<RunId>,
    /// What was said of its files.
    pub warnings: Vec<String>,
}

impl RunEvents {
    /// Tells that a process drives the run from here on.
    pub fn begin(&self, plan: &Plan, limits: Limits, counts: Counts, now: Time) {
        self.tell(
            now,
            EventKind::RunStarted {
                verb: self.verb,
                playbook: plan.name.clone(),
                environment: plan.environment.name.clone(),
                sandbox: plan.environment.is_sandbox(),
                settings: plan.environment.file.as_ref().map(|file| file.display().to_string()),
                hosts: Some(plan.hosts().into_iter().collect()).filter(|hosts: &BTreeMap<_, _>| !hosts.is_empty()),
                rows: counts.total,
                ended: counts.ended(),
                retry_of: self.retry_of.clone(),
                undo_of: plan.undoing.clone(),
                in_flight: limits.in_flight,
                rate: limits.rate.map(|rate| rate.to_string()),
                runsheet: env!("CARGO_PKG_VERSION").to_owned(),
                process: std::process::id(),
            },
        );
        for message in &self.warnings {
            self.tell(now, EventKind::Warning { message: message.clone() });
        }
    }

    /// Tells of an event of the run.
    pub fn tell(&self, at: Time, kind: EventKind) {
        self.log.tell(Some(&self.run), at, kind);
    }
}
