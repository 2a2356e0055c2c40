//! Use cases on threads of their own: a bounded number at once, so that however much is asked, the memory stays bounded
//! and a run on this machine keeps its pace.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// The most that wait for their turn.
const WAITING: usize = 64;

/// Why there is no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotDone {
    /// Too many wait already.
    Busy,
    /// It failed with a defect of the program, which was printed.
    Failed,
}

/// The threads for use cases.
#[derive(Debug, Clone)]
pub(super) struct BlockingCalls {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

impl BlockingCalls {
    /// Threads for so many use cases at once.
    pub(super) fn new(at_once: usize) -> Self {
        Self { turns: Arc::new(Semaphore::new(at_once)), places: Arc::new(Semaphore::new(at_once + WAITING)) }
    }

    /// Runs `call` on a thread. A call goes on to its end if nobody waits for it any more, and keeps its turn until then.
    ///
    /// # Errors
    /// [`NotDone`] if it was not run or did not end.
    pub(super) async fn run<T: Send + 'static>(&self, call: impl FnOnce() -> T + Send + 'static) -> Result<T, NotDone> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| NotDone::Busy)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| NotDone::Failed)?;
        let done = tokio::task::spawn_blocking(move || {
            let result = call();
            drop((turn, place));
            result
        });
        done.await.map_err(|_| NotDone::Failed)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const AT_ONCE: usize = 3;

    #[tokio::test]
    async fn what_is_too_much_is_refused_and_a_call_without_a_reader_keeps_its_turn() {
        let calls = BlockingCalls::new(AT_ONCE);
        let (release, held) = mpsc::channel::<()>();
        let held = Arc::new(std::sync::Mutex::new(held));
        let mut waiting = Vec::new();
        for _ in 0..AT_ONCE + WAITING {
            let (calls, held) = (calls.clone(), Arc::clone(&held));
            waiting.push(tokio::spawn(async move {
                let blocked = move || held.lock().unwrap().recv().is_ok();
                calls.run(blocked).await
            }));
        }
        while calls.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(calls.run(|| ()).await, Err(NotDone::Busy));
        // Those under way keep their turns; those that waited leave.
        waiting.iter().for_each(|task| task.abort());
        while calls.places.available_permits() < WAITING {
            tokio::task::yield_now().await;
        }
        assert_eq!(calls.turns.available_permits(), 0);
        (0..AT_ONCE).for_each(|_| release.send(()).unwrap());
        assert_eq!(calls.run(|| 7).await, Ok(7));
    }

    #[tokio::test]
    async fn a_defect_takes_no_turn_away() {
        let calls = BlockingCalls::new(AT_ONCE);
        for _ in 0..=AT_ONCE {
            assert_eq!(calls.run(|| -> u8 { std::panic::resume_unwind(Box::new(())) }).await, Err(NotDone::Failed));
        }
        assert_eq!(calls.run(|| 7).await, Ok(7));
    }
}
