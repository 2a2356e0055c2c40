//! A delay that is exact even if it is shorter than the resolution of the runtime's timer.

use std::time::Duration;

use crate::io::Clock;

/// The shortest delay for which it sleeps.
const SHORTEST_SLEEP: Duration = Duration::from_micros(400);

/// Waits for `wait`. The runtime's timer rounds up to whole milliseconds, which is more than the time between closely
/// spaced calls, so a shorter delay is spent yielding. A clock of the runtime is moved by sleep alone.
pub(super) async fn delay(wait: Duration, clock: &Clock) {
    if wait > SHORTEST_SLEEP || clock.is_of_runtime() {
        return tokio::time::sleep(wait).await;
    }
    let end = clock.now().plus(wait);
    while clock.now() < end {
        tokio::task::yield_now().await;
    }
}
