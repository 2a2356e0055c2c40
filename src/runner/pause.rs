//! Short waits and long ones.

use std::time::Duration;

use crate::io::Clock;

/// The shortest wait that is slept.
const SHORTEST_SLEEP: Duration = Duration::from_micros(400);

/// Waits that long. The runtime's timer counts whole milliseconds and rounds up, which costs a bunch of closely spaced
/// calls more than their spacing; so short a wait is spent awake. Where the clock is the runtime's, only sleep moves it.
pub(super) async fn pause(wait: Duration, clock: &Clock) {
    if wait > SHORTEST_SLEEP || clock.is_of_runtime() {
        return tokio::time::sleep(wait).await;
    }
    let end = clock.now().plus(wait);
    while clock.now() < end {
        tokio::task::yield_now().await;
    }
}
