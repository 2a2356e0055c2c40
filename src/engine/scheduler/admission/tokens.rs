//! Which connections have a token: fetched once at a time, renewed ahead of its end, no call waits on the wire for it.

use crate::engine::row::RunSignals;
use crate::model::Time;

/// Fetches of a token that fail for a passing reason before the run stops.
const FETCHES: u32 = 12;

/// Fresh tokens in a row that no call gets through with; after that the credentials are no good.
const USELESS_TOKENS: u32 = 5;

/// A connection's token, without the token itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The connection needs none.
    NotNeeded,
    /// None has been asked for.
    Missing,
    /// One is being fetched; calls wait.
    Fetching,
    /// There is one.
    Ready { renew_at: Option<Time> },
    /// There is one, and the next is being fetched; calls go on.
    Renewing,
    /// It failed; not before then.
    Failed { again_at: Time },
}

/// The tokens of all connections.
pub(in crate::engine::scheduler) struct Tokens {
    states: Vec<(State, u32)>,
    /// Tokens in a row that ran out before any call got through with them.
    useless: Vec<u32>,
}

impl Tokens {
    /// `needed` says per connection whether it needs a token at all.
    pub(in crate::engine::scheduler) fn new(needed: &[bool]) -> Self {
        let state = |needed: &bool| (if *needed { State::Missing } else { State::NotNeeded }, 0);
        Self { states: needed.iter().map(state).collect(), useless: vec![0; needed.len()] }
    }

    /// Whether calls of a connection may go out.
    pub(in crate::engine::scheduler) fn is_ready(&self, connection: usize) -> bool {
        matches!(self.states[connection].0, State::NotNeeded | State::Ready { .. } | State::Renewing)
    }

    /// Whether a fetch is to be started now, as one is wanted or the token nears its end. Marks it as started.
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

    /// When a failed fetch is to be tried again.
    pub(in crate::engine::scheduler) fn wake_at(&self, connection: usize) -> Option<Time> {
        match self.states[connection].0 {
            State::Failed { again_at } => Some(again_at),
            State::NotNeeded | State::Missing | State::Fetching | State::Ready { .. } | State::Renewing => None,
        }
    }

    /// The vendor says that the token has run out. Told by several calls at once, it counts once.
    pub(in crate::engine::scheduler) fn expired(&mut self, connection: usize, sent_at: Time, fetched_at: Time) {
        let state = &mut self.states[connection].0;
        if matches!(state, State::Ready { .. }) && fetched_at <= sent_at {
            *state = State::Missing;
            self.useless[connection] += 1;
        }
    }

    /// A call got through with the token.
    pub(in crate::engine::scheduler) fn accepted(&mut self, connection: usize) {
        self.useless[connection] = 0;
    }

    /// How a token stands with which a call was sent that is answered now.
    pub(in crate::engine::scheduler) fn standing(
        &self,
        connection: usize,
        sent_at: Time,
        fetched_at: Time,
    ) -> RunSignals {
        let state = self.states[connection].0;
        let current = matches!(state, State::Ready { .. } | State::Renewing) && fetched_at <= sent_at;
        // A connection without login has no fresh token to hope for.
        let hopeless = state == State::NotNeeded || self.useless[connection] >= USELESS_TOKENS;
        RunSignals { token_hopeless: hopeless, token_known_expired: !current, ..RunSignals::default() }
    }

    pub(in crate::engine::scheduler) fn ready(&mut self, connection: usize, renew_at: Option<Time>) {
        self.states[connection] = (State::Ready { renew_at }, 0);
    }

    /// A fetch failed; how many have, or none where that was one too many.
    pub(in crate::engine::scheduler) fn failed(&mut self, connection: usize) -> Option<u32> {
        let failures = self.states[connection].1 + 1;
        self.states[connection].1 = failures;
        (failures < FETCHES).then_some(failures)
    }

    pub(in crate::engine::scheduler) fn try_again_at(&mut self, connection: usize, again_at: Time) {
        self.states[connection].0 = State::Failed { again_at };
    }
}
