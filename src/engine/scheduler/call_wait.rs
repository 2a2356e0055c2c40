//! What a call waits for, from the moment it could go out until it is handed to the driver: its row's own wait, its queue,
//! its slot and its intent on the disk.

use std::time::Duration;

use super::admission::{HeldTimes, TimeByReason, add};
use super::engine::{Engine, Granted};
use crate::journal::Waits;
use crate::model::{StepScope, Time};
use crate::policy::WaitReason;

/// What a scope's next call has waited for so far, and what it waits for now.
#[derive(Debug, Default)]
pub(super) struct CallWait {
    waited: TimeByReason,
    now_waits: Waiting,
}

/// What a call waits for now.
#[derive(Debug, Default)]
enum Waiting {
    /// Nothing: there is no call, or it is under way.
    #[default]
    Nothing,
    /// The row waits for this reason since then.
    OfItsRow(WaitReason, Time),
    /// It waits in its queue. Inside: the queue's sums when it arrived.
    InQueue(TimeByReason),
    /// It may go out since then, and waits for its slot and for the disk.
    ForTheDisk(Time),
}

impl CallWait {
    /// Its row waits.
    pub(super) fn of_row(&mut self, reason: WaitReason, now: Time) {
        self.finish(now);
        self.now_waits = Waiting::OfItsRow(reason, now);
    }

    /// It enters a queue.
    pub(super) fn in_queue(&mut self, queue: &mut HeldTimes, now: Time) {
        self.finish(now);
        self.now_waits = Waiting::InQueue(queue.up_to(now));
    }

    /// It leaves its queue, and waits for its slot and for the disk.
    pub(super) fn granted(&mut self, queue: &mut HeldTimes, now: Time) {
        if let Waiting::InQueue(then) = &self.now_waits {
            let sums = queue.up_to(now);
            self.waited.iter_mut().zip(sums.iter().zip(then)).for_each(|(to, (sum, before))| *to += sum - before);
        }
        self.now_waits = Waiting::ForTheDisk(now);
    }

    /// Counts the time since it left its queue: until `slot` it waited for the rate, after that for the disk.
    pub(super) fn for_slot_and_disk(&mut self, slot: Option<Time>, now: Time) {
        if let Waiting::ForTheDisk(since) = self.now_waits {
            let slot = slot.unwrap_or(since).max(since).min(now.max(since));
            add(&mut self.waited, WaitReason::Limit, slot.since(since));
            add(&mut self.waited, WaitReason::Journal, now.since(slot));
            self.now_waits = Waiting::ForTheDisk(now);
        }
    }

    /// It is handed to the driver.
    pub(super) fn handed_over(&mut self) {
        self.now_waits = Waiting::Nothing;
    }

    /// It waited in the driver for this reason since it was handed over.
    pub(super) fn in_driver(&mut self, reason: WaitReason, handed_over: Time, now: Time) {
        add(&mut self.waited, reason, now.since(handed_over));
        self.now_waits = Waiting::ForTheDisk(now);
    }

    /// Takes what it waited for until `now`, and begins anew.
    pub(super) fn take(&mut self, now: Time) -> Waits {
        self.finish(now);
        let mut waits = Waits::default();
        for (reason, micros) in WaitReason::ALL.into_iter().zip(std::mem::take(&mut self.waited)) {
            waits.add(reason, Duration::from_micros(micros));
        }
        waits
    }

    /// Ends the present wait, if it is the row's own or for the disk. The queue's is counted by [`CallWait::granted`].
    fn finish(&mut self, now: Time) {
        match std::mem::take(&mut self.now_waits) {
            Waiting::Nothing | Waiting::InQueue(_) => {}
            Waiting::OfItsRow(reason, since) => add(&mut self.waited, reason, now.since(since)),
            Waiting::ForTheDisk(since) => add(&mut self.waited, WaitReason::Journal, now.since(since)),
        }
    }
}

impl Engine {
    /// Records for each call of a queue entry that left its queue that it may go out.
    pub(super) fn note_granted(&mut self, members: &[StepScope], bucket: usize, now: Time) {
        for scope in members {
            if let Some(active) = self.active.get_mut(scope) {
                active.wait.granted(&mut self.admission.buckets[bucket].held, now);
            }
        }
    }

    /// Records for each call of a bucket's queue entry that it waits there from now on.
    pub(super) fn note_queued(&mut self, members: &[StepScope], bucket: usize, now: Time) {
        for scope in members {
            if let Some(active) = self.active.get_mut(scope) {
                active.wait.in_queue(&mut self.admission.buckets[bucket].held, now);
            }
        }
    }

    /// Counts the time that calls waited for their slot and for the disk.
    pub(super) fn note_slot_and_disk(&mut self, granted: &Granted, now: Time) {
        for scope in &granted.members {
            if let Some(active) = self.active.get_mut(scope) {
                active.wait.for_slot_and_disk(granted.slot, now);
            }
        }
    }
}
