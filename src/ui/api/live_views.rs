//! The runs that open pages show: each is read once a second, however many pages show it, and not at all while none does. A
//! slow reader gets the newest state, never those that it missed.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, stream};
use serde_json::json;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use super::blocking::BlockingCalls;
use super::overviews::{Overviews, RunOverview};
use crate::diagnostic::printable;
use crate::model::{RunId, Value};
use crate::operate::{Context, LiveReport, LiveRequest, Refusal, live};

/// Time between two looks at a run that a process drives.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Time between two looks at a run that none drives.
const LOOK_AT_REST: Duration = Duration::from_secs(3);

/// The longest time without a line, by which the page knows that the server is there.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// The most runs that are looked at at once.
const MOST_RUNS: usize = 32;

/// The runs that open pages show.
#[derive(Clone)]
pub(super) struct LiveViews {
    context: Context,
    calls: BlockingCalls,
    overviews: Overviews,
    seen: Arc<Mutex<HashMap<RunId, watch::Sender<Arc<Value>>>>>,
}

impl LiveViews {
    pub(super) fn new(context: Context, calls: BlockingCalls, overviews: Overviews) -> Self {
        Self { context, calls, overviews, seen: Arc::default() }
    }

    /// The states of a run as lines of JSON, the first at once; `None` if too many runs are looked at.
    pub(super) fn lines(&self, run: RunId) -> Option<impl Stream<Item = io::Result<Bytes>> + Send + 'static> {
        let mut states = self.follow(run)?;
        states.mark_changed();
        Some(stream::unfold(states, |mut states| async move {
            let line = match timeout(HEARTBEAT, states.changed()).await {
                Ok(Ok(())) => states.borrow_and_update().to_string(),
                // The task that looks ends only with the server.
                Ok(Err(_)) => return None,
                Err(_) => json!({"alive": true}).to_string(),
            };
            Some((Ok(Bytes::from(line + "\n")), states))
        }))
    }

    /// Begins to look at a run, or joins those who do.
    fn follow(&self, run: RunId) -> Option<watch::Receiver<Arc<Value>>> {
        let mut seen = self.seen();
        if let Some(states) = seen.get(&run) {
            return Some(states.subscribe());
        }
        if seen.len() >= MOST_RUNS {
            return None;
        }
        let (states, first) = watch::channel(Arc::new(json!({"state": null})));
        seen.insert(run.clone(), states.clone());
        tokio::spawn(self.clone().look(run, states));
        Some(first)
    }

    /// Looks at a run until nobody does any more.
    async fn look(self, run: RunId, states: watch::Sender<Arc<Value>>) {
        let overview = self.overviews.of(&run);
        // The state that the newest overview has taken into account.
        let mut told = None;
        loop {
            let (context, request) = (self.context.clone(), LiveRequest { run: run.clone() });
            // If the program is busy, the next look tells more.
            let looked = self.calls.run(move || live(&request, &context)).await;
            let wait = if matches!(&looked, Ok(Ok(report)) if report.driven) { LOOK_AGAIN } else { LOOK_AT_REST };
            if let Ok(looked) = looked {
                let state = Arc::new(state_of(&looked, overview.version()));
                states.send_if_modified(|known| {
                    let changed = **known != *state;
                    *known = state;
                    changed
                });
                if let Ok(report) = &looked {
                    let at_once = told.is_some_and(|told| told != report.state);
                    if self.renew(&run, &overview, report, at_once, &states) || told.is_none() {
                        told = Some(report.state);
                    }
                }
            }
            sleep(wait).await;
            // Under the lock, so that nobody joins a view that ends.
            let mut seen = self.seen();
            if states.receiver_count() == 0 {
                seen.remove(&run);
                return;
            }
        }
    }

    /// Makes the overview of a run again if it is due, beside what goes on. Returns whether that began.
    fn renew(
        &self,
        run: &RunId,
        overview: &Arc<RunOverview>,
        report: &LiveReport,
        at_once: bool,
        states: &watch::Sender<Arc<Value>>,
    ) -> bool {
        let Some(turn) = overview.due(report, at_once, Instant::now()) else { return false };
        let (overviews, run, overview, states) =
            (self.overviews.clone(), run.clone(), Arc::clone(overview), states.clone());
        tokio::spawn(async move {
            // If it cannot be made, the page keeps the one that it has, and the state says what is wrong.
            if let Ok(made) = overviews.make(&run, &overview, turn).await {
                states.send_modify(|known| {
                    if let Some(state) = Arc::make_mut(known).as_object_mut() {
                        state.insert("overview".to_owned(), made.version.into());
                    }
                });
            }
        });
        true
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<RunId, watch::Sender<Arc<Value>>>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A state as JSON. A run that is damaged or gone says so, and is looked at again.
fn state_of(looked: &Result<LiveReport, Refusal>, overview: u64) -> Value {
    match looked {
        Ok(report) => {
            let mut state = serde_json::to_value(report).unwrap_or_default();
            if let Some(members) = state.as_object_mut() {
                members.insert("overview".to_owned(), overview.into());
            }
            state
        }
        Err(refusal) => json!({"state": null, "error": printable(&refusal.to_string())}),
    }
}
