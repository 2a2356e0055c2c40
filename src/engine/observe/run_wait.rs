//! What a run as a whole waits for: nothing that changes a row can go on before it.

use crate::model::Time;

/// What a run as a whole waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunWait {
    /// For the send window to open.
    Window {
        /// When it opens.
        until: Time,
        /// The same in the window's own time zone, such as `Mon 2026-11-23 09:00 Asia/Shanghai`.
        wall: String,
    },
    /// For a login.
    Login {
        /// The connection.
        connection: String,
        /// The host that is called; `None` if it is not known.
        host: Option<String>,
        /// When the login under way began; `None` if none is under way.
        since: Option<Time>,
        /// The logins that failed one after another; 0 if none did.
        failures: u32,
        /// Why the last of them failed; `None` if none did.
        trouble: Option<LoginTrouble>,
        /// When the login is tried again; `None` while one is under way.
        again_at: Option<Time>,
    },
    /// For a vendor that cannot be reached.
    Unreachable {
        /// The connection.
        connection: String,
        /// The host that is called; `None` if it is not known.
        host: Option<String>,
        /// What the network said last.
        why: String,
        /// When the next call is tried.
        until: Time,
    },
    /// For an operation that the vendor throttled, for as long as the vendor asked.
    RetryAfter {
        /// The operation; `None` if only single rows wait.
        operation: Option<String>,
        /// When it goes on.
        until: Time,
    },
    /// For an operation that the vendor throttled without saying how long to wait.
    Throttled {
        /// The operation.
        operation: String,
        /// When it goes on.
        until: Time,
    },
    /// For the back-off after attempts that failed.
    BackOff {
        /// The number of rows that wait.
        rows: u64,
        /// When the first of them goes on.
        until: Time,
    },
    /// Until lookups are reliable.
    LookupDelay {
        /// The number of rows that wait.
        rows: u64,
        /// When the first of them is looked up.
        until: Time,
    },
    /// For the answers of lookups.
    LooksUp {
        /// The number of calls that are looked up.
        calls: u64,
    },
    /// Until the next read of an `until`.
    Until {
        /// The number of rows that wait.
        rows: u64,
        /// When the first of them is read again.
        until: Time,
    },
    /// For the answers of calls.
    Answers {
        /// The number of calls.
        calls: u64,
        /// When the first of them was sent.
        since: Time,
    },
}

/// Why a login failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginTrouble {
    /// No answer came: what the network said.
    Network(String),
    /// The vendor answered: its code.
    Code(String),
}

impl RunWait {
    /// When the wait ends; `None` if that is not known.
    #[must_use]
    pub(crate) fn until(&self) -> Option<Time> {
        match self {
            Self::Window { until, .. }
            | Self::Unreachable { until, .. }
            | Self::RetryAfter { until, .. }
            | Self::Throttled { until, .. }
            | Self::BackOff { until, .. }
            | Self::LookupDelay { until, .. }
            | Self::Until { until, .. } => Some(*until),
            Self::Login { again_at, .. } => *again_at,
            Self::LooksUp { .. } | Self::Answers { .. } => None,
        }
    }

    /// Whether the run waits for nothing but answers, as it always does while calls are under way.
    #[must_use]
    pub(crate) fn is_for_answers(&self) -> bool {
        match self {
            Self::Answers { .. } => true,
            Self::Window { .. }
            | Self::Login { .. }
            | Self::Unreachable { .. }
            | Self::RetryAfter { .. }
            | Self::Throttled { .. }
            | Self::BackOff { .. }
            | Self::LookupDelay { .. }
            | Self::LooksUp { .. }
            | Self::Until { .. } => false,
        }
    }
}
