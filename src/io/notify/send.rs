//! Sends one notice: up to three tries, with pauses between them, within a bounded time.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, sleep, timeout_at};

use super::command::feed;
use super::post::Post;
use crate::settings::NotifyTarget;

/// The longest time that a notice may take, with all its tries. Nobody waits longer for it.
pub const WHOLE: Duration = Duration::from_secs(15);

/// The pauses before the second and the third try.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];

/// The longest time that one try may take.
pub(super) const TRY: Duration = Duration::from_secs(5);

/// Why a notice was given up. No text of it holds an address or a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotifyFailure {
    /// The settings name something that cannot be used, so that a further try would be of no use.
    #[error("{0}")]
    Unusable(String),
    /// The last of the tries failed.
    #[error("{0}")]
    Failed(String),
    /// The time was over.
    #[error("it took longer than {} s", WHOLE.as_secs())]
    TooLate,
}

/// Sends a notice.
///
/// # Errors
/// [`NotifyFailure`] says why it was given up.
pub async fn send_notice(target: &NotifyTarget, body: Bytes) -> Result<(), NotifyFailure> {
    let deadline = Instant::now() + WHOLE;
    let sent = timeout_at(deadline, async {
        // What has to be read is read once, and not for each try.
        match target {
            NotifyTarget::Command(words) => try_thrice(async || feed(words, &body).await).await,
            NotifyTarget::Url { url, token } => {
                let post = Post::to(url, token.as_ref()).await?;
                try_thrice(async || post.send(body.clone()).await).await
            }
        }
    });
    sent.await.unwrap_or(Err(NotifyFailure::TooLate))
}

async fn try_thrice(once: impl AsyncFn() -> Result<(), NotifyFailure>) -> Result<(), NotifyFailure> {
    let mut result = once().await;
    for pause in PAUSES {
        match result {
            Err(NotifyFailure::Failed(_)) => sleep(pause).await,
            Ok(()) | Err(NotifyFailure::Unusable(_) | NotifyFailure::TooLate) => break,
        }
        result = once().await;
    }
    result
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    async fn tries(results: &[Result<(), NotifyFailure>]) -> (usize, Result<(), NotifyFailure>) {
        let count = Cell::new(0);
        let result = try_thrice(async || {
            let at = count.replace(count.get() + 1);
            results[at.min(results.len() - 1)].clone()
        });
        let result = result.await;
        (count.get(), result)
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_tried_three_times_and_what_cannot_work_once() {
        let failed = || Err(NotifyFailure::Failed("no".to_owned()));
        let unusable = || Err(NotifyFailure::Unusable("no".to_owned()));
        assert_eq!(tries(&[Ok(())]).await, (1, Ok(())));
        assert_eq!(tries(&[failed(), failed(), Ok(())]).await, (3, Ok(())));
        assert_eq!(tries(&[failed()]).await, (3, failed()));
        assert_eq!(tries(&[unusable()]).await, (1, unusable()));
        assert_eq!(tries(&[failed(), unusable()]).await, (2, unusable()));
    }

    #[test]
    fn all_tries_fit_into_the_whole_time() {
        let pauses: Duration = PAUSES.into_iter().sum();
        assert!(TRY * 2 + pauses < WHOLE, "the last try has some time, too");
    }
}
