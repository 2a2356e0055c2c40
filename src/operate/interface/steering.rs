//! Steers a run under way from another thread.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc::{Sender, UnboundedSender};
use tokio::sync::oneshot;

use crate::io::control::{SteerCall, SteerReply};
use crate::io::{user_id, user_name};
use crate::policy::{SteerOrigin, SteerRefusal, SteerWish, SteeredBy};
use crate::runner::Control;

/// The signal under which the journal records a stop that the program itself asked for: SIGINT.
const INTERRUPT: i32 = 2;

/// Steers runs from another thread. Clones steer the same runs.
///
/// There are two ways. `drain` and `abort` are orders to stop, as signals give them: they also apply to runs that start
/// later, so use a new `Steering` for those that should run. `command` is what a person decides: it goes to the run under
/// way, is written into its journal with the person's name, and holds when the run is resumed.
///
/// # Examples
/// A run that is slowed down once it is under way:
/// ```
/// use std::sync::Arc;
/// use std::sync::mpsc::{Sender, channel};
///
/// use runsheet::operate::{
///     Context, Notice, Observer, Rate, RunRequest, SteerCommand, SteerWish, Steering, run,
/// };
///
/// /// Says that the run takes commands.
/// struct Ready(Sender<()>);
///
/// impl Observer for Ready {
///     fn notice(&self, notice: Notice<'_>) {
///         if let Notice::Running(_) = notice {
///             self.0.send(()).ok();
///         }
///     }
/// }
///
/// let state = tempfile::tempdir()?;
/// let (ready, is_ready) = channel();
/// let steering = Steering::default();
/// let context = Context::new().state_folder(state.path()).steered_by(steering.clone()).observed_by(Arc::new(Ready(ready)));
/// let running = std::thread::spawn(move || run(&RunRequest::new("playbooks/extend-deadlines.yaml"), &context));
///
/// is_ready.recv()?;
/// steering.command(SteerWish::Do(SteerCommand::Rate(Rate::parse("15/s")?)))?;
/// let report = running.join().unwrap()?;
/// assert_eq!(report.summary.steered.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Steering(Arc<Mutex<Asked>>);

#[derive(Debug, Default)]
struct Asked {
    /// The strongest order so far, for runs that begin later.
    last: Option<Control>,
    run: Option<UnboundedSender<Control>>,
    /// Where commands go; `None` before a run is under way.
    commands: Option<Sender<SteerCall>>,
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

    /// Gives a command to the run under way, such as to pause or to go slower, and waits until it is on disk. Must not be
    /// called on a thread that drives the run or that runs asynchronous tasks.
    ///
    /// # Errors
    /// The [`SteerRefusal`] if the run does not take it; [`SteerRefusal::NotUnderWay`] before [`Notice::Running`](super::Notice::Running).
    pub fn command(&self, wish: SteerWish) -> SteerReply {
        self.command_from(wish, SteerOrigin::Program)
    }

    /// The same from a place of this program.
    pub(crate) fn command_from(&self, wish: SteerWish, from: SteerOrigin) -> SteerReply {
        let commands = self.0.lock().unwrap_or_else(PoisonError::into_inner).commands.clone();
        let Some(commands) = commands else { return Err(SteerRefusal::NotUnderWay) };
        let (reply, replied) = oneshot::channel();
        let by = SteeredBy { name: user_name(), uid: user_id(), from };
        commands.blocking_send(SteerCall { wish, by, reply }).map_err(|_| SteerRefusal::Ended)?;
        replied.blocking_recv().unwrap_or(Err(SteerRefusal::Ended))
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
    pub(crate) fn attach(&self, run: UnboundedSender<Control>, commands: Sender<SteerCall>) {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(order) = asked.last {
            let _ = run.send(order);
        }
        (asked.run, asked.commands) = (Some(run), Some(commands));
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::{channel, unbounded_channel};

    use super::*;
    use crate::policy::{SteerCommand, SteerDone};

    #[test]
    fn an_order_also_reaches_runs_that_start_later() {
        let steering = Steering::default();
        let (first, mut of_first) = unbounded_channel();
        steering.attach(first, channel(1).0);
        assert!(of_first.try_recv().is_err(), "no order was given");
        steering.clone().drain();
        assert_eq!(of_first.try_recv(), Ok(Control::Drain { signal: INTERRUPT }));
        let (second, mut of_second) = unbounded_channel();
        steering.attach(second, channel(1).0);
        assert_eq!(of_second.try_recv(), Ok(Control::Drain { signal: INTERRUPT }));
    }

    #[test]
    fn the_last_order_holds_for_later_runs() {
        let steering = Steering::default();
        steering.drain();
        steering.abort();
        let (run, mut orders) = unbounded_channel();
        steering.attach(run, channel(1).0);
        assert_eq!(orders.try_recv(), Ok(Control::Abort { signal: INTERRUPT }));
        assert!(orders.try_recv().is_err(), "only the last order is passed on");
    }

    #[test]
    fn a_command_reaches_the_run_under_way_and_no_other() {
        let steering = Steering::default();
        let pause = SteerWish::Do(SteerCommand::Pause);
        assert_eq!(steering.command(pause), Err(SteerRefusal::NotUnderWay));
        let (commands, mut came) = channel(1);
        steering.attach(unbounded_channel().0, commands);
        let run = std::thread::spawn(move || {
            let call = came.blocking_recv().unwrap();
            call.reply.send(Ok(SteerDone { command: SteerCommand::Pause, already: false })).unwrap();
            (call.wish, call.by.from)
        });
        assert_eq!(steering.command(pause), Ok(SteerDone { command: SteerCommand::Pause, already: false }));
        assert_eq!(run.join().unwrap(), (pause, SteerOrigin::Program));
        assert_eq!(steering.command(pause), Err(SteerRefusal::Ended), "the run has ended");
    }
}
