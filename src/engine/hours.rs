//! The send window in the scheduler: outside it nothing is sent that changes something; reads and lookups go on.

use super::batching::Waiting;
use super::scheduler::{Engine, Granted};
use crate::model::{StepScope as Whose, Time};
use crate::playbook::Window;

/// A run's window as of the last look at it.
pub(super) struct Hours {
    window: Option<Window>,
    open: bool,
    /// When it was looked at, and when it changes next.
    looked_at: Time,
    changes_at: Option<Time>,
}

impl Hours {
    pub(super) fn new(window: Option<Window>) -> Self {
        Self { window, open: true, looked_at: Time::default(), changes_at: Some(Time::default()) }
    }

    /// Looks at it; whether it has just opened.
    fn look(&mut self, now: Time) -> bool {
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
    pub(super) fn closed_until(&self) -> Option<Time> {
        self.changes_at.filter(|_| !self.open)
    }
}

/// When a window is looked at again that neither opens nor closes for long.
const FAR: std::time::Duration = std::time::Duration::from_secs(14 * 24 * 3_600);

impl Engine {
    /// Looks at the window. Calls that have their place and come too late for it are withheld until it opens.
    pub(super) fn look_at_the_hours(&mut self, now: Time) {
        if self.hours.look(now) {
            // What could not be reached before the window closed says nothing of now.
            self.health.iter_mut().for_each(super::health::Health::on_pause);
        }
        if self.hours.open || self.stop.is_some() {
            return;
        }
        let granted = std::mem::take(&mut self.granted);
        let (late, rest): (Vec<Granted>, _) = granted.into_iter().partition(|granted| self.changes_something(granted));
        self.granted = rest.into();
        for granted in late {
            self.gates.leave(granted.budget);
            granted.members.into_iter().for_each(|whose| self.withhold(whose, now));
        }
    }

    fn changes_something(&self, granted: &Granted) -> bool {
        granted.members.iter().any(|whose| self.is_write(*whose))
    }

    fn is_write(&self, whose: Whose) -> bool {
        let outgoing = self.active.get(&whose).and_then(|active| active.outgoing.as_deref());
        outgoing.is_some_and(|outgoing| outgoing.write)
    }

    fn withhold(&mut self, whose: Whose, now: Time) {
        let Some(mut active) = self.active.remove(&whose) else { return };
        if let Some(outgoing) = active.outgoing.take() {
            active.machine.on_withheld(now, &outgoing, "the window closed first");
            self.recount(&mut active);
        }
        self.advance(whose, active, now);
    }

    /// The first place of a budget's queue whose call may go out now, by the window and by what waits for room in the
    /// run's budget of effects.
    pub(super) fn next_waiting(&self, budget: usize) -> Option<usize> {
        let may_write = |whose: &Whose| self.hours.open && (!self.holding || self.is_in_doubt(*whose));
        let may = |waiting: &Waiting| waiting.members().iter().all(|whose| may_write(whose) || !self.is_write(*whose));
        self.gates.budgets[budget].waiting.iter().position(may)
    }

    /// When the window opens, where something waits for that.
    pub(super) fn waits_for_the_hours(&self) -> Option<(Time, String)> {
        let until = self.hours.closed_until().filter(|_| self.stop.is_none())?;
        let waiting = self.gates.budgets.iter().flat_map(|budget| &budget.waiting);
        let waits = waiting.flat_map(Waiting::members).any(|whose| self.is_write(*whose));
        let wall = self.hours.window.as_ref().filter(|_| waits)?.on_the_wall(until);
        Some((until, wall))
    }
}
