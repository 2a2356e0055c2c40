//! Drives a run on this thread, and passes orders on to it: from signals and from the program.

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
pub(crate) enum NotDriven {
    /// The system gives no event loop or no signals.
    #[error(transparent)]
    System(#[from] std::io::Error),
    /// The run broke off.
    #[error(transparent)]
    Broke(#[from] DriveError),
}

/// Drives a run on this thread until it ends or stops; gives why it stopped, if it did.
///
/// # Errors
/// [`NotDriven`]; the run can be resumed.
pub(crate) fn drive_here(run: Drive, journal: &Path, context: &Context) -> Result<Option<StopReason>, NotDriven> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (pass, passed) = unbounded_channel();
        context.steering.attach(pass.clone());
        let answering = match context.catches_signals {
            true => {
                tokio::spawn(pass_on(listen()?, pass, context.clone()));
                tell_on_request(RunProgress::new(Arc::clone(&run.progress)), context.clone())?.map(tokio::spawn)
            }
            false => None,
        };
        tell_of_the_window(&run, context);
        let stop = drive(run, journal, passed).await;
        if let Some(answering) = answering {
            answering.abort();
        }
        Ok(stop?)
    })
}

/// Says why nothing is sent yet, where that is so.
fn tell_of_the_window(run: &Drive, context: &Context) {
    let (Some(window), now) = (run.bounds.window.as_ref(), run.clock.now()) else { return };
    let Some(opens) = window.opens_at(now).filter(|opens| *opens > now) else { return };
    context.notice(Notice::OutsideWindow { window: window.to_string(), opens, wall: window.on_the_wall(opens) });
}

/// Says at once that a signal was taken in, and what it does.
async fn pass_on(mut orders: UnboundedReceiver<Control>, pass: UnboundedSender<Control>, context: Context) {
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

/// Says where the run is on every SIGUSR1; `None` where this process was started to ignore it.
fn tell_on_request(
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
            context.notice(Notice::ProgressAsked(progress.now()));
        }
    }))
}
