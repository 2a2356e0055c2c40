//! The run's send window as of the last look at it.

use std::time::Duration;

use crate::model::Time;
use crate::playbook::SendWindow;

/// When a window is looked at again that neither opens nor closes for long.
const FAR: Duration = Duration::from_secs(14 * 24 * 3_600);

/// A run's window as of the last look at it.
pub(in crate::engine::scheduler) struct SendWindowState {
    pub window: Option<SendWindow>,
    pub open: bool,
    /// When it was looked at, and when it changes next.
    looked_at: Time,
    changes_at: Option<Time>,
}

impl SendWindowState {
    pub(in crate::engine::scheduler) fn new(window: Option<SendWindow>) -> Self {
        Self { window, open: true, looked_at: Time::default(), changes_at: Some(Time::default()) }
    }

    /// Looks at it; whether it has just opened.
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

    /// Until when nothing is sent that changes something.
    pub(in crate::engine::scheduler) fn closed_until(&self) -> Option<Time> {
        self.changes_at.filter(|_| !self.open)
    }
}
