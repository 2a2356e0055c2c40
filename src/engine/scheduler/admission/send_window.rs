//! Whether the run's send window is open, and when that changes.

use std::time::Duration;

use crate::model::Time;
use crate::playbook::SendWindow;

/// When to evaluate a window again that will neither open nor close for a long time.
const FAR: Duration = Duration::from_secs(14 * 24 * 3_600);

/// The state of a run's send window, as last evaluated.
pub(in crate::engine::scheduler) struct SendWindowState {
    pub window: Option<SendWindow>,
    pub open: bool,
    /// When it was evaluated, and when it changes next.
    looked_at: Time,
    changes_at: Option<Time>,
}

impl SendWindowState {
    pub(in crate::engine::scheduler) fn new(window: Option<SendWindow>) -> Self {
        Self { window, open: true, looked_at: Time::default(), changes_at: Some(Time::default()) }
    }

    /// Re-evaluates the window; true when it has just opened.
    pub(in crate::engine::scheduler) fn look(&mut self, now: Time) -> bool {
        let Some(window) = &self.window else { return false };
        if now >= self.looked_at && self.changes_at.is_some_and(|at| now < at) {
            return false;
        }
        let was = self.open;
        self.open = window.is_open(now);
        self.looked_at = now;
        self.changes_at = window.changes_at(now).or(Some(now.plus(FAR)));
        self.open && !was
    }

    /// When the window opens; `None` while it is open.
    pub(in crate::engine::scheduler) fn closed_until(&self) -> Option<Time> {
        self.changes_at.filter(|_| !self.open)
    }
}
