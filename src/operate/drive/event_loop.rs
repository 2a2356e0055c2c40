//! Drives a run on this thread, and passes it the orders of signals and of the program.

use std::path::Path;
use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::io::IgnoredSignals;
use crate::io::control::SteerCall;
use crate::operate::interface::{Context, Notice, RunProgress};
use crate::policy::{SteerDone, SteerRefusal, StopReason};
use crate::runner::{Control, Drive, DriveError, drive, listen};

/// The most commands of people that wait for the run.
const MOST_COMMANDS: usize = 16;

/// Why a run could not be driven to its end or its stop.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DriveFailure {
    /// The operating system refuses an event loop or signal handlers.
    #[error(transparent)]
    System(#[from] std::io::Error),
    /// The run broke off.
    #[error(transparent)]
    Broke(#[from] DriveError),
}

/// Drives a run on this thread until it ends or stops. Returns why it stopped; `None` where it ended.
///
/// # Errors
/// [`DriveFailure::System`] where the event loop cannot be made; [`DriveFailure::Broke`] where the journal or the ledger fails.
/// The run can be resumed.
pub(crate) fn drive_on_this_thread(
    mut run: Drive,
    journal: &Path,
    commands: Option<mpsc::Receiver<SteerCall>>,
    context: &Context,
) -> Result<Option<StopReason>, DriveFailure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (orders, received) = unbounded_channel();
        let (own, own_received) = mpsc::channel(MOST_COMMANDS);
        context.steering.attach(orders.clone(), own);
        // Who hears of it may steer the run from then on.
        context.notice(Notice::Running(RunProgress::new(Arc::clone(&run.progress))));
        let (obey, obeyed) = mpsc::channel(MOST_COMMANDS);
        let sources = commands.into_iter().chain([own_received]);
        let passed: Vec<JoinHandle<()>> =
            sources.map(|source| tokio::spawn(announce_commands(source, obey.clone(), context.clone()))).collect();
        run.commands = Some(obeyed);
        let progress_task = match context.catches_signals {
            true => {
                tokio::spawn(announce_orders(listen()?, orders, context.clone()));
                tell_progress_on_signal(RunProgress::new(Arc::clone(&run.progress)), context.clone())?.map(tokio::spawn)
            }
            false => None,
        };
        tell_of_closed_window(&run, context);
        let stop = drive(run, journal, received).await;
        // The last commands are answered before this thread turns to the results.
        for task in passed {
            // A panic was printed; it does not change the result of the run.
            let _ = task.await;
        }
        if let Some(task) = progress_task {
            task.abort();
        }
        Ok(stop?)
    })
}

/// Passes commands on to the run, one after another, and sends a notice for each that it has carried out. Ends with the
/// run.
async fn announce_commands(mut from: mpsc::Receiver<SteerCall>, to: mpsc::Sender<SteerCall>, context: Context) {
    loop {
        let call = tokio::select! {
            biased;
            call = from.recv() => call,
            () = to.closed() => return,
        };
        let Some(SteerCall { wish, by, reply }) = call else { return };
        let (own, replied) = oneshot::channel();
        if to.send(SteerCall { wish, by: by.clone(), reply: own }).await.is_err() {
            // The person may have gone away.
            let _ = reply.send(Err(SteerRefusal::Ended));
            return;
        }
        // Without an answer the reply is dropped, which tells the person that the run broke off.
        let Ok(answer) = replied.await else { continue };
        if let Ok(SteerDone { command, already: false }) = answer {
            context.notice(Notice::Steered { command, by });
        }
        // The person may have gone away.
        let _ = reply.send(answer);
    }
}

/// Sends a notice where the send window is closed.
fn tell_of_closed_window(run: &Drive, context: &Context) {
    let (Some(window), now) = (run.bounds.window.as_ref(), run.clock.now()) else { return };
    let Some(opens) = window.opens_at(now).filter(|opens| *opens > now) else { return };
    context.notice(Notice::OutsideWindow { window: window.to_string(), opens, wall: window.on_the_wall(opens) });
}

/// Sends a notice for every order, then passes it on.
async fn announce_orders(mut orders: UnboundedReceiver<Control>, pass: UnboundedSender<Control>, context: Context) {
    while let Some(order) = orders.recv().await {
        context.notice(match order {
            Control::Drain { .. } => Notice::Draining,
            Control::Abort { .. } => Notice::Aborting,
        });
        if pass.send(order).is_err() {
            return;
        }
    }
}

/// Sends the progress on every SIGUSR1; `None` where this process was started with the signal ignored.
fn tell_progress_on_signal(
    progress: RunProgress,
    context: Context,
) -> std::io::Result<Option<impl Future<Output = ()> + Send + 'static>> {
    let kind = SignalKind::user_defined1();
    if IgnoredSignals::read().contains(kind.as_raw_value()) {
        return Ok(None);
    }
    let mut requests = signal(kind)?;
    Ok(Some(async move {
        while requests.recv().await.is_some() {
            context.notice(Notice::ProgressAsked(Box::new(progress.now())));
        }
    }))
}
