//! The destination of a run's events, and the first events of a process that drives it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::io::EventLog;
use crate::model::{Limits, RunId, Time};
use crate::plan::Plan;
use crate::policy::Counts;
use crate::report::{EventKind, Verb};

/// The log that a run reports to, and how the run is described there.
#[derive(Clone)]
pub struct RunEvents {
    /// The log.
    pub log: Arc<EventLog>,
    /// The run.
    pub run: RunId,
    /// The verb that drives it.
    pub verb: Verb,
    /// The run that it retries; `None` if it is not a retry.
    pub retry_of: Option<RunId>,
    /// The warnings about its files.
    pub warnings: Vec<String>,
}

impl RunEvents {
    /// Reports that this process drives the run from now on.
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

    /// Reports an event of the run.
    pub fn tell(&self, at: Time, kind: EventKind) {
        self.log.tell(Some(&self.run), at, kind);
    }
}
