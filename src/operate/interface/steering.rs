//! Stops a run under way from another thread.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc::UnboundedSender;

use crate::runner::Control;

/// The signal under which the journal records a stop that the program itself asked for: SIGINT.
const INTERRUPT: i32 = 2;

/// Stops runs from another thread. Clones stop the same runs. An order also applies to runs that start later: use a new
/// `Steering` for those that should run.
#[derive(Debug, Clone, Default)]
pub struct Steering(Arc<Mutex<Asked>>);

#[derive(Debug, Default)]
struct Asked {
    /// The strongest order so far, for runs that begin later.
    last: Option<Control>,
    run: Option<UnboundedSender<Control>>,
}

impl Steering {
    /// Drains: nothing new is started, and calls under way may end. The run can be resumed.
    pub fn drain(&self) {
        self.order(Control::Drain { signal: INTERRUPT });
    }

    /// Stops at once: the outcome of writing calls under way becomes unknown. The run can be resumed.
    pub fn abort(&self) {
        self.order(Control::Abort { signal: INTERRUPT });
    }

    fn order(&self, order: Control) {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.last = Some(order);
        if let Some(run) = &asked.run {
            // The receiver is gone where the run has ended.
            let _ = run.send(order);
        }
    }

    /// Sends later orders, and the last one given, to a run that starts.
    pub(crate) fn attach(&self, run: UnboundedSender<Control>) {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(order) = asked.last {
            let _ = run.send(order);
        }
        asked.run = Some(run);
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;

    #[test]
    fn an_order_also_reaches_runs_that_start_later() {
        let steering = Steering::default();
        let (first, mut of_first) = unbounded_channel();
        steering.attach(first);
        assert!(of_first.try_recv().is_err(), "no order was given");
        steering.clone().drain();
        assert_eq!(of_first.try_recv(), Ok(Control::Drain { signal: INTERRUPT }));
        let (second, mut of_second) = unbounded_channel();
        steering.attach(second);
        assert_eq!(of_second.try_recv(), Ok(Control::Drain { signal: INTERRUPT }));
    }

    #[test]
    fn the_last_order_holds_for_later_runs() {
        let steering = Steering::default();
        steering.drain();
        steering.abort();
        let (run, mut orders) = unbounded_channel();
        steering.attach(run);
        assert_eq!(orders.try_recv(), Ok(Control::Abort { signal: INTERRUPT }));
        assert!(orders.try_recv().is_err(), "only the last order is passed on");
    }
}
