//! The overviews of runs, as JSON with a version. Requests that come together get the same overview. While a page follows a
//! run, the server makes its overview again from time to time, so seldom that it costs little, and when the run's state changes.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

use super::blocking::{BlockingCalls, NotDone};
use crate::model::RunId;
use crate::operate::{Context, LiveReport, OverviewReport, OverviewRequest, RecordedState, Refusal, overview};

/// An overview is made again after this many times the time that it took: it takes less than 1 % of the time.
const REST: u32 = 100;

/// The shortest time from one overview of a run to the next.
const SHORTEST_REST: Duration = Duration::from_secs(2);

/// The same factor while an overview says that a run is under way which is not, or the other way round: the run ended just
/// while it was made.
const REST_IF_WRONG: u32 = 5;

/// An overview that was made.
#[derive(Debug, Clone)]
pub(super) struct MadeOverview {
    /// Its version. It grows with every overview that this server makes.
    pub(super) version: u64,
    /// Its JSON.
    pub(super) json: Bytes,
    entry: u64,
    running: bool,
}

/// The overview of one run.
#[derive(Debug, Default)]
pub(super) struct RunOverview {
    /// Held while an overview is made.
    making: Arc<tokio::sync::Mutex<()>>,
    kept: Mutex<KeptOverview>,
}

#[derive(Debug, Default)]
struct KeptOverview {
    newest: Option<Arc<MadeOverview>>,
    /// When the last try to make one ended, and how long it took.
    tried: Option<(Instant, Duration)>,
}

/// The overviews of the runs that pages ask for or follow.
#[derive(Clone)]
pub(super) struct Overviews {
    context: Context,
    calls: BlockingCalls,
    last_version: Arc<AtomicU64>,
    runs: Arc<Mutex<HashMap<RunId, Weak<RunOverview>>>>,
}

/// Why there is no overview.
#[derive(Debug)]
pub(super) enum NoOverview {
    /// The use case refused it.
    Refused(Refusal),
    /// It was not made.
    NotDone(NotDone),
}

impl Overviews {
    pub(super) fn new(context: Context, calls: BlockingCalls) -> Self {
        Self { context, calls, last_version: Arc::default(), runs: Arc::default() }
    }

    /// The place of a run's overview. The overview is kept while a caller holds this place.
    pub(super) fn of(&self, run: &RunId) -> Arc<RunOverview> {
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = runs.get(run).and_then(Weak::upgrade) {
            return held;
        }
        runs.retain(|_, place| place.strong_count() > 0);
        let place = Arc::<RunOverview>::default();
        runs.insert(run.clone(), Arc::downgrade(&place));
        place
    }

    /// The newest overview of a run; it is made if there is none.
    ///
    /// # Errors
    /// [`NoOverview`] if there is none and none can be made.
    pub(super) async fn newest(&self, run: &RunId) -> Result<Arc<MadeOverview>, NoOverview> {
        let place = self.of(run);
        if let Some(newest) = place.newest() {
            return Ok(newest);
        }
        let turn = Arc::clone(&place.making).lock_owned().await;
        // Another request may have made it while this one waited.
        match place.newest() {
            Some(newest) => Ok(newest),
            None => self.make(run, &place, turn).await,
        }
    }

    /// Makes an overview. `turn` is the place's `making`.
    pub(super) async fn make(
        &self,
        run: &RunId,
        place: &RunOverview,
        turn: OwnedMutexGuard<()>,
    ) -> Result<Arc<MadeOverview>, NoOverview> {
        let (context, request) = (self.context.clone(), OverviewRequest { run: run.clone() });
        let version = Arc::clone(&self.last_version);
        let work = move || {
            let began = Instant::now();
            let made = overview(&request, &context).and_then(|report| MadeOverview::of(&report, &version));
            (made, began.elapsed())
        };
        let (made, took) = self.calls.run(work).await.map_err(NoOverview::NotDone)?;
        let made = made.map(Arc::new).map_err(NoOverview::Refused);
        let mut kept = place.kept();
        kept.tried = Some((Instant::now(), took));
        if let Ok(made) = &made {
            kept.newest = Some(Arc::clone(made));
        }
        drop((kept, turn));
        made
    }
}

impl RunOverview {
    /// The newest one; `None` while there is none.
    pub(super) fn newest(&self) -> Option<Arc<MadeOverview>> {
        self.kept().newest.clone()
    }

    /// The version of the newest one; 0 while there is none.
    pub(super) fn version(&self) -> u64 {
        self.newest().map_or(0, |newest| newest.version)
    }

    /// The turn to make an overview, if one must be made again now. `at_once` says that the run's state has changed since
    /// the newest one. `None` also while one is made.
    pub(super) fn due(&self, seen: &LiveReport, at_once: bool, now: Instant) -> Option<OwnedMutexGuard<()>> {
        let turn = Arc::clone(&self.making).try_lock_owned().ok()?;
        let kept = self.kept();
        let newest = kept.newest.as_ref()?;
        let (ended, took) = kept.tried?;
        let rested = |times: u32| now >= ended + (took * times).max(SHORTEST_REST);
        let changed = newest.entry != seen.entry;
        let wrong = newest.running != seen.driven;
        (at_once || (changed && rested(REST)) || (wrong && rested(REST_IF_WRONG))).then_some(turn)
    }

    fn kept(&self) -> MutexGuard<'_, KeptOverview> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An overview as it is sent.
#[derive(Serialize)]
struct Versioned<'r> {
    version: u64,
    #[serde(flatten)]
    overview: &'r OverviewReport,
}

impl MadeOverview {
    fn of(report: &OverviewReport, last_version: &AtomicU64) -> Result<Self, Refusal> {
        let version = last_version.fetch_add(1, Ordering::Relaxed) + 1;
        let json = serde_json::to_vec(&Versioned { version, overview: report })
            .map_err(|error| Refusal::broken(format!("The overview cannot be written as JSON: {error}.")))?;
        let running = match report.state {
            RecordedState::Running => true,
            RecordedState::BrokenOff | RecordedState::Stopped | RecordedState::Finished => false,
        };
        Ok(Self { version, json: Bytes::from(json), entry: report.entry, running })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operate::RowCounts;

    fn seen(entry: u64, driven: bool) -> LiveReport {
        let (run_id, rows) = (RunId::from_text("20261122-004610-0423fa"), RowCounts::default());
        LiveReport { run_id, state: "running", driven, entry, rows, progress: None }
    }

    fn made(entry: u64, running: bool, at: Instant, took: Duration) -> RunOverview {
        let newest = MadeOverview { version: 1, json: Bytes::new(), entry, running };
        let kept = KeptOverview { newest: Some(Arc::new(newest)), tried: Some((at, took)) };
        RunOverview { making: Arc::default(), kept: Mutex::new(kept) }
    }

    #[test]
    fn an_overview_rests_a_hundred_times_as_long_as_it_took_and_never_less_than_two_seconds() {
        let at = Instant::now();
        let (ms, s) = (Duration::from_millis, Duration::from_secs);
        for (took, rest) in [(ms(0), s(2)), (ms(20), s(2)), (ms(21), ms(2_100)), (s(3), s(300))] {
            let place = made(7, true, at, took);
            assert!(place.due(&seen(8, true), false, at + rest - ms(1)).is_none(), "{took:?}");
            assert!(place.due(&seen(8, true), false, at + rest).is_some(), "{took:?}");
            assert!(place.due(&seen(7, true), false, at + rest * 100).is_none(), "nothing has changed");
            assert!(place.due(&seen(7, true), true, at).is_some(), "the state has changed");
        }
    }

    #[test]
    fn an_overview_of_a_run_that_ended_just_then_is_made_again_although_no_entry_came() {
        let (at, took) = (Instant::now(), Duration::from_secs(1));
        let place = made(7, true, at, took);
        assert!(place.due(&seen(7, false), false, at + took * (REST_IF_WRONG - 1)).is_none());
        assert!(place.due(&seen(7, false), false, at + took * REST_IF_WRONG).is_some());
    }

    #[test]
    fn none_is_made_beside_another_or_before_anybody_asked() {
        let at = Instant::now();
        let place = made(7, true, at, Duration::ZERO);
        let turn = place.due(&seen(8, true), true, at).unwrap();
        assert!(place.due(&seen(8, true), true, at).is_none());
        drop(turn);
        assert!(place.due(&seen(8, true), true, at).is_some());
        assert!(RunOverview::default().due(&seen(8, true), true, at).is_none());
    }

    #[tokio::test]
    async fn many_who_ask_get_the_same_one_and_nothing_is_kept_without_a_follower() {
        let state = tempfile::tempdir().unwrap();
        let context = Context::new().state_folder(state.path());
        let request = crate::operate::RunRequest::new("playbooks/close-appointments.yaml");
        let for_run = context.clone();
        let ran = tokio::task::spawn_blocking(move || crate::operate::run(&request, &for_run)).await.unwrap().unwrap();
        let run = ran.summary.run_id;
        let overviews = Overviews::new(context, BlockingCalls::new(3));
        let asked = futures_util::future::join_all((0..8).map(|_| overviews.newest(&run))).await;
        let versions: Vec<u64> = asked.into_iter().map(|made| made.unwrap().version).collect();
        assert_eq!(versions, [1; 8]);
        assert_eq!(overviews.newest(&run).await.unwrap().version, 2, "nobody followed it");
        let place = overviews.of(&run);
        assert_eq!((place.version(), overviews.newest(&run).await.unwrap().version), (0, 3));
        assert_eq!((place.version(), overviews.newest(&run).await.unwrap().version), (3, 3));
        assert_eq!(overviews.runs.lock().unwrap().len(), 1);
        let none = overviews.newest(&RunId::from_text("20200101-000000-000000")).await;
        assert!(matches!(none, Err(NoOverview::Refused(Refusal::Usage(_)))), "{none:?}");
    }
}
