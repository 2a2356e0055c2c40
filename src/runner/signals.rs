//! Ctrl-C and termination: the first lets calls in flight end, the second stops at once.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use super::driving::Control;

/// Turns the process's signals into orders for the driver; runs until the receiver is gone.
///
/// # Errors
/// The system's, where signals cannot be listened to.
pub fn listen() -> std::io::Result<mpsc::UnboundedReceiver<Control>> {
    let (orders, received) = mpsc::unbounded_channel();
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::spawn(async move {
        let mut first = true;
        loop {
            let number = tokio::select! {
                _ = interrupt.recv() => 2,
                _ = terminate.recv() => 15,
                () = orders.closed() => return,
            };
            let order = if first { Control::Drain { signal: number } } else { Control::Abort { signal: number } };
            first = false;
            if orders.send(order).is_err() {
                return;
            }
        }
    });
    Ok(received)
}
