//! The places for connections. When all are taken, the oldest connection without a session gives up its place, so that
//! idle connections of other programs never lock the page out. The new one waits until the old one is closed: so there are
//! never more open files than places, however late the old one comes to leave.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// The places of one server.
#[derive(Debug)]
pub(super) struct Places {
    most: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    next: u64,
    /// By age, the oldest first.
    holders: BTreeMap<u64, Arc<Holder>>,
}

#[derive(Debug, Default)]
struct Holder {
    trusted: AtomicBool,
    /// Tells the connection that it must leave.
    leave: Notify,
    /// Tells the one that waits for its place that it has left.
    left: Notify,
}

/// The place of one connection, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    number: u64,
    holder: Arc<Holder>,
}

impl Places {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, taken: Mutex::default() })
    }

    /// Takes a place, and waits for one to become free if it must; `None` if all are held by connections with a session.
    pub(super) async fn take(self: &Arc<Self>) -> Option<Place> {
        if let Some(leaving) = self.free_a_place()? {
            leaving.left.notified().await;
        }
        let mut taken = self.taken();
        let number = taken.next;
        taken.next += 1;
        let holder = Arc::new(Holder::default());
        taken.holders.insert(number, Arc::clone(&holder));
        Some(Place { places: Arc::clone(self), number, holder })
    }

    /// Asks the oldest connection without a session to leave if all places are taken, and returns it. The outer `None`
    /// says that all are held by connections with a session.
    fn free_a_place(&self) -> Option<Option<Arc<Holder>>> {
        let mut taken = self.taken();
        if taken.holders.len() < self.most {
            return Some(None);
        }
        let trusted = |holder: &Holder| holder.trusted.load(Ordering::Relaxed);
        let oldest = taken.holders.iter().find(|(_, holder)| !trusted(holder)).map(|(number, _)| *number)?;
        let leaving = taken.holders.remove(&oldest)?;
        leaving.leave.notify_one();
        Some(Some(leaving))
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Ends when the connection must leave.
    pub(super) async fn must_leave(&self) {
        self.holder.leave.notified().await;
    }

    /// The mark of a connection that has shown a session.
    pub(super) fn trusted(&self) -> &AtomicBool {
        &self.holder.trusted
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.taken().holders.remove(&self.number);
        self.holder.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    /// Takes a place that is free.
    fn take_free(places: &Arc<Places>) -> Place {
        places.take().now_or_never().expect("a place is free").expect("not all have a session")
    }

    fn must_leave(place: &Place) -> bool {
        place.must_leave().now_or_never().is_some()
    }

    #[tokio::test]
    async fn the_oldest_connection_without_a_session_leaves_for_a_new_one() {
        let places = Places::new(3);
        let first = take_free(&places);
        first.trusted().store(true, Ordering::Relaxed);
        let second = take_free(&places);
        let third = take_free(&places);
        let mut fourth = Box::pin(places.take());
        assert!((&mut fourth).now_or_never().is_none(), "the second is still open");
        assert!(must_leave(&second) && !must_leave(&first) && !must_leave(&third));
        drop(second);
        let fourth = fourth.await.unwrap();
        let mut fifth = Box::pin(places.take());
        assert!((&mut fifth).now_or_never().is_none(), "the third is still open");
        assert!(must_leave(&third) && !must_leave(&fourth));
    }

    #[test]
    fn connections_with_a_session_keep_their_places_and_give_them_back() {
        let places = Places::new(2);
        let held: Vec<Place> = (0..2).map(|_| take_free(&places)).collect();
        held.iter().for_each(|place| place.trusted().store(true, Ordering::Relaxed));
        assert!(places.take().now_or_never().expect("it waits for nobody").is_none());
        drop(held);
        take_free(&places);
        assert_eq!(places.taken().holders.len(), 0);
    }

    #[tokio::test]
    async fn however_many_come_no_more_are_open() {
        let places = Places::new(5);
        let open = Arc::new(());
        for _ in 0..10_000 {
            let place = places.take().await.unwrap();
            let connection = Arc::clone(&open);
            tokio::spawn(async move {
                place.must_leave().await;
                drop(connection);
            });
            assert!(Arc::strong_count(&open) <= 6, "five connections and this test");
        }
        assert_eq!(places.taken().holders.len(), 5);
    }
}
