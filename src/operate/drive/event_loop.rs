//! Drives a run on this thread, and passes it the orders of signals and of the program.

use std::path::Path;
use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::io::IgnoredSignals;
use crate::operate::interface::{Context, Notice, RunProgress};
use crate::policy::StopReason;
use crate::runner::{Control, Drive, DriveError, drive, listen};

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
    run: Drive,
    journal: &Path,
    context: &Context,
) -> Result<Option<StopReason>, DriveFailure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (orders, received) = unbounded_channel();
        context.steering.attach(orders.clone());
        let progress_task = match context.catches_signals {
            true => {
                tokio::spawn(announce_orders(listen()?, orders, context.clone()));
                tell_progress_on_signal(RunProgress::new(Arc::clone(&run.progress)), context.clone())?.map(tokio::spawn)
            }
            false => None,
        };
        tell_of_closed_window(&run, context);
        let stop = drive(run, journal, received).await;
        if let Some(task) = progress_task {
            task.abort();
        }
        Ok(stop?)
    })
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
