//! What the facts of a run as a whole say: who drove it, and where the last process left it.

use crate::journal::{Fact, RunSteering};
use crate::model::Time;
use crate::policy::StopReason;
use crate::report::{RecordedState, RunProcess};

/// The most processes that are named.
const PROCESSES: usize = 20;

/// Where the last process left a run.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftAt {
    /// Where it stands. A run under way counts as broken off, because the journal does not tell them apart.
    pub state: RecordedState,
    /// Why it stopped; `None` if it did not.
    pub stop: Option<StopReason>,
    /// When it finished or stopped; `None` if it did neither.
    pub at: Option<Time>,
}

impl LeftAt {
    /// Reads it from the facts of the run.
    #[must_use]
    pub fn of(facts: &[(Time, Fact)]) -> Self {
        // A run that was cancelled stays closed, also where its process ended before it could write why it stopped.
        if let Some((by, since)) = RunSteering::fold(facts).cancelled {
            let stop = Some(StopReason::Cancelled { by, since });
            return Self { state: RecordedState::Stopped, stop, at: Some(since) };
        }
        let last = facts.iter().rev().find_map(|(at, fact)| match fact {
            Fact::Stopped(reason) => {
                Some(Self { state: RecordedState::Stopped, stop: Some(reason.clone()), at: Some(*at) })
            }
            Fact::Finished => Some(Self { state: RecordedState::Finished, stop: None, at: Some(*at) }),
            Fact::Began { .. } => Some(Self::broken_off()),
            Fact::Steered(_)
            | Fact::Intent(_)
            | Fact::Attempted(_)
            | Fact::StepEnded(_)
            | Fact::RollbackStarted
            | Fact::RowEnded(_)
            | Fact::Settled(_)
            | Fact::Reopened(_)
            | Fact::ImportedCall(_)
            | Fact::ContinuedIn(_) => None,
        });
        last.unwrap_or_else(Self::broken_off)
    }

    /// The same, if rows of the run have not ended, or all have: a finished run with open rows has stopped, because a person
    /// settled rows that have not gone on yet.
    #[must_use]
    pub fn with_open_rows(self, open: bool) -> Self {
        match self.state {
            RecordedState::Finished if open => {
                Self { state: RecordedState::Stopped, stop: Some(StopReason::Settled), at: self.at }
            }
            RecordedState::Finished | RecordedState::Stopped | RecordedState::BrokenOff | RecordedState::Running => {
                self
            }
        }
    }

    fn broken_off() -> Self {
        Self { state: RecordedState::BrokenOff, stop: None, at: None }
    }
}

/// The processes that drove a run, oldest first, at most the last twenty; and the user who started it.
pub(super) fn processes(facts: &[(Time, Fact)]) -> (Vec<RunProcess>, Option<String>) {
    let mut all: Vec<RunProcess> = facts
        .iter()
        .filter_map(|(at, fact)| match fact {
            Fact::Began { process, by } => {
                Some(RunProcess { began_at: at.to_string(), process: *process, user: by.clone() })
            }
            Fact::Steered(_)
            | Fact::Intent(_)
            | Fact::Attempted(_)
            | Fact::StepEnded(_)
            | Fact::RollbackStarted
            | Fact::RowEnded(_)
            | Fact::Settled(_)
            | Fact::Reopened(_)
            | Fact::ImportedCall(_)
            | Fact::ContinuedIn(_)
            | Fact::Stopped(_)
            | Fact::Finished => None,
        })
        .collect();
    let started_by = all.first().and_then(|first| first.user.clone());
    all.drain(..all.len().saturating_sub(PROCESSES));
    (all, started_by)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn began(process: u32, by: Option<&str>) -> Fact {
        Fact::Began { process, by: by.map(str::to_owned) }
    }

    fn timed(facts: Vec<Fact>) -> Vec<(Time, Fact)> {
        (1..).map(Time::from_secs).zip(facts).collect()
    }

    #[test]
    fn the_last_process_says_where_the_run_stands() {
        let left = |facts: Vec<Fact>| LeftAt::of(&timed(facts));
        assert_eq!(left(Vec::new()), LeftAt::broken_off());
        assert_eq!(left(vec![began(1, None)]), LeftAt::broken_off());
        let stopped = left(vec![began(1, None), Fact::Stopped(StopReason::Settled)]);
        assert_eq!((stopped.state, stopped.at), (RecordedState::Stopped, Some(Time::from_secs(2))));
        assert_eq!(stopped.stop, Some(StopReason::Settled));
        let resumed = vec![began(1, None), Fact::Stopped(StopReason::Settled), began(2, None)];
        assert_eq!(left(resumed.clone()).state, RecordedState::BrokenOff);
        let finished = left(resumed.into_iter().chain([Fact::Finished]).collect());
        assert_eq!((finished.state, finished.stop), (RecordedState::Finished, None));
    }

    #[test]
    fn a_settled_row_leaves_a_finished_run_stopped_and_a_broken_one_broken_off() {
        let left = |facts: Vec<Fact>| LeftAt::of(&timed(facts)).with_open_rows(true);
        let settled = left(vec![began(1, None), Fact::Finished]);
        assert_eq!((settled.state, settled.stop), (RecordedState::Stopped, Some(StopReason::Settled)));
        assert_eq!(left(vec![began(1, None)]), LeftAt::broken_off());
        let finished = LeftAt::of(&timed(vec![Fact::Finished]));
        assert_eq!(finished.clone().with_open_rows(false), finished);
    }

    #[test]
    fn the_first_process_names_who_started_the_run() {
        let facts: Vec<Fact> = (0..25).map(|process| began(process, (process < 2).then_some("mei"))).collect();
        let (named, started_by) = processes(&timed(facts));
        assert_eq!((named.len(), named[0].process, started_by.as_deref()), (PROCESSES, 5, Some("mei")));
        assert_eq!(processes(&timed(vec![began(1, None)])).1, None);
    }
}
