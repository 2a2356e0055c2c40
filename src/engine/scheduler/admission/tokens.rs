//! The tokens of connections. Each is fetched once at a time and renewed before it expires.

use crate::engine::row::RunSignals;
use crate::model::Time;

/// The most logins in a row that may fail for a temporary reason. The last one stops the run.
const FETCHES: u32 = 12;

/// The most fresh tokens in a row with which no call succeeded. After these, the credentials count as wrong.
const USELESS_TOKENS: u32 = 5;

/// The state of a connection's token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The connection needs none.
    NotNeeded,
    /// There is none, and none is being fetched.
    Missing,
    /// There is none, and one is being fetched: calls wait.
    Fetching,
    /// There is one, and when to fetch the next one; `None` if its expiry is not known.
    Ready { renew_at: Option<Time> },
    /// There is one, and the next one is being fetched: calls go on.
    Renewing,
    /// The login failed; when to try again.
    Failed { again_at: Time },
}

/// The tokens of all connections.
pub(in crate::engine::scheduler) struct Tokens {
    states: Vec<(State, u32)>,
    /// By connection: tokens in a row that expired before any call got through with them.
    useless: Vec<u32>,
}

impl Tokens {
    /// The tokens at the start. `needed` says for each connection whether it needs one.
    pub(in crate::engine::scheduler) fn new(needed: &[bool]) -> Self {
        let state = |needed: &bool| (if *needed { State::Missing } else { State::NotNeeded }, 0);
        Self { states: needed.iter().map(state).collect(), useless: vec![0; needed.len()] }
    }

    /// Whether calls of a connection may go out.
    pub(in crate::engine::scheduler) fn is_ready(&self, connection: usize) -> bool {
        matches!(self.states[connection].0, State::NotNeeded | State::Ready { .. } | State::Renewing)
    }

    /// Whether to start a login now, because there is no token or it expires soon. Marks it as started.
    pub(in crate::engine::scheduler) fn start_fetch(&mut self, connection: usize, now: Time) -> bool {
        let state = &mut self.states[connection].0;
        let next = match *state {
            State::Missing => State::Fetching,
            State::Failed { again_at } if again_at <= now => State::Fetching,
            State::Ready { renew_at: Some(at) } if at <= now => State::Renewing,
            State::NotNeeded | State::Fetching | State::Ready { .. } | State::Renewing | State::Failed { .. } => {
                return false;
            }
        };
        *state = next;
        true
    }

    /// When to try a failed login again; `None` if none failed.
    pub(in crate::engine::scheduler) fn wake_at(&self, connection: usize) -> Option<Time> {
        match self.states[connection].0 {
            State::Failed { again_at } => Some(again_at),
            State::NotNeeded | State::Missing | State::Fetching | State::Ready { .. } | State::Renewing => None,
        }
    }

    /// Records that the vendor found the token expired. Several calls that report the same token count once.
    pub(in crate::engine::scheduler) fn expired(&mut self, connection: usize, sent_at: Time, fetched_at: Time) {
        let state = &mut self.states[connection].0;
        if matches!(state, State::Ready { .. }) && fetched_at <= sent_at {
            *state = State::Missing;
            self.useless[connection] += 1;
        }
    }

    /// Records that a call succeeded with the token.
    pub(in crate::engine::scheduler) fn accepted(&mut self, connection: usize) {
        self.useless[connection] = 0;
    }

    /// What a row must know of the token with which its call was sent.
    pub(in crate::engine::scheduler) fn signals(
        &self,
        connection: usize,
        sent_at: Time,
        fetched_at: Time,
    ) -> RunSignals {
        let state = self.states[connection].0;
        let current = matches!(state, State::Ready { .. } | State::Renewing) && fetched_at <= sent_at;
        // A connection without a login will not get a fresh token.
        let hopeless = state == State::NotNeeded || self.useless[connection] >= USELESS_TOKENS;
        RunSignals { token_hopeless: hopeless, token_known_expired: !current, ..RunSignals::default() }
    }

    pub(in crate::engine::scheduler) fn ready(&mut self, connection: usize, renew_at: Option<Time>) {
        self.states[connection] = (State::Ready { renew_at }, 0);
    }

    /// Counts a failed login, and returns how many failed in a row; `None` if that was the last one allowed.
    pub(in crate::engine::scheduler) fn failed(&mut self, connection: usize) -> Option<u32> {
        let failures = self.states[connection].1 + 1;
        self.states[connection].1 = failures;
        (failures < FETCHES).then_some(failures)
    }

    pub(in crate::engine::scheduler) fn try_again_at(&mut self, connection: usize, again_at: Time) {
        self.states[connection].0 = State::Failed { again_at };
    }
}
