//! How a caller stops a run that is under way.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc::UnboundedSender;

use crate::runner::Control;

/// The signal that a stop asked for by the program itself is recorded as: an interruption.
const INTERRUPT: i32 = 2;

/// Stops runs from another thread. Clones steer the same runs. An order holds for runs that begin later, too: take a
/// new one to go on.
#[derive(Debug, Clone, Default)]
pub struct Steering(Arc<Mutex<Asked>>);

#[derive(Debug, Default)]
struct Asked {
    /// The strongest order so far, for runs that begin later.
    last: Option<Control>,
    run: Option<UnboundedSender<Control>>,
}

impl Steering {
    /// Starts nothing new and lets calls under way end. The run can be resumed.
    pub fn drain(&self) {
        self.order(Control::Drain { signal: INTERRUPT });
    }

    /// Stops at once: writes under way become unknown. The run can be resumed.
    pub fn abort(&self) {
        self.order(Control::Abort { signal: INTERRUPT });
    }

    fn order(&self, order: Control) {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.last = Some(order);
        if let Some(run) = &asked.run {
            // A run that is over needs no order.
            let _ = run.send(order);
        }
    }

    /// Has orders sent to a run that begins.
    pub(crate) fn attach(&self, run: UnboundedSender<Control>) {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(order) = asked.last {
            let _ = run.send(order);
        }
        asked.run = Some(run);
    }
}
