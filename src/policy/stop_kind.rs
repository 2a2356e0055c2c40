//! The kinds of stop reasons, and the properties of each.

use crate::model::words;

words! {
    /// The kind of a stop reason, as journals, summaries and events name it.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum StopKind {
        /// A threshold of `stop_when`.
        Threshold = "threshold",
        /// A gate of a wave.
        Gate = "gate",
        /// A new kind of failure.
        NewKind = "new_kind",
        /// An effect budget.
        Budget = "budget",
        /// A failed step with `on_failure: stop_run`.
        StepFailed = "step_failed",
        /// A failed step of `before`.
        Before = "before",
        /// A refusal of every row.
        Refused = "refused",
        /// A redirect of every row.
        Redirected = "redirected",
        /// A vendor that cannot be reached.
        Unreachable = "unreachable",
        /// A login that fails.
        NoToken = "no_token",
        /// A used-up quota.
        QuotaExhausted = "quota_exhausted",
        /// Rows that another run had under way.
        LeftToOtherRun = "left_to_other_run",
        /// A failing disk, journal or ledger.
        BrokeOff = "broke_off",
        /// Calls were settled, and their rows can go on.
        Settled = "settled",
        /// A command to drain.
        Drained = "drained",
        /// A command to cancel.
        Cancelled = "cancelled",
        /// The run was paused, and the pause has not ended.
        Paused = "paused",
        /// A signal.
        Interrupted = "interrupted",
    }
}

impl StopKind {
    /// Whether the reason's text contains neither words of a vendor or of the network nor a row's key.
    #[must_use]
    pub fn is_in_our_words(self) -> bool {
        match self {
            Self::Threshold
            | Self::Gate
            | Self::NewKind
            | Self::Budget
            | Self::Before
            | Self::LeftToOtherRun
            | Self::BrokeOff
            | Self::Settled
            | Self::Drained
            | Self::Cancelled
            | Self::Paused
            | Self::Interrupted => true,
            Self::StepFailed
            | Self::Refused
            | Self::Redirected
            | Self::Unreachable
            | Self::NoToken
            | Self::QuotaExhausted => false,
        }
    }

    /// Whether the reason's fields are runsheet's own numbers and names, which a summary may show.
    #[must_use]
    pub fn has_own_figures(self) -> bool {
        match self {
            Self::Gate
            | Self::NewKind
            | Self::Budget
            | Self::LeftToOtherRun
            | Self::Drained
            | Self::Cancelled
            | Self::Paused => true,
            Self::Threshold
            | Self::StepFailed
            | Self::Before
            | Self::Refused
            | Self::Redirected
            | Self::Unreachable
            | Self::NoToken
            | Self::QuotaExhausted
            | Self::BrokeOff
            | Self::Settled
            | Self::Interrupted => false,
        }
    }

    /// What a message says about a run that is resumed after such a stop.
    #[must_use]
    pub fn when_resumed(self) -> &'static str {
        match self {
            Self::Gate => "That gate no longer applies; the gates of later waves do",
            Self::NewKind => "A failure of that kind no longer stops the run",
            Self::Budget => "The effects that it made still count against the budget",
            Self::Threshold => "The stop rule counts from zero again",
            Self::StepFailed
            | Self::Before
            | Self::Refused
            | Self::Redirected
            | Self::Unreachable
            | Self::NoToken
            | Self::QuotaExhausted
            | Self::LeftToOtherRun
            | Self::BrokeOff
            | Self::Settled
            | Self::Drained
            | Self::Cancelled
            | Self::Paused
            | Self::Interrupted => "It goes on from there",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn those(holds: impl Fn(StopKind) -> bool) -> Vec<StopKind> {
        StopKind::ALL.into_iter().filter(|kind| holds(*kind)).collect()
    }

    #[test]
    fn words_of_a_vendor_or_a_rows_key_are_not_ours() {
        let others = those(|kind| !kind.is_in_our_words());
        let expected = [
            StopKind::StepFailed,
            StopKind::Refused,
            StopKind::Redirected,
            StopKind::Unreachable,
            StopKind::NoToken,
            StopKind::QuotaExhausted,
        ];
        assert_eq!(others, expected);
    }

    #[test]
    fn a_summary_shows_the_figures_of_gates_kinds_budgets_and_rows_left_and_who_steered() {
        let shown = those(StopKind::has_own_figures);
        let expected = [
            StopKind::Gate,
            StopKind::NewKind,
            StopKind::Budget,
            StopKind::LeftToOtherRun,
            StopKind::Drained,
            StopKind::Cancelled,
            StopKind::Paused,
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn every_kind_of_stop_says_what_holds_after_a_resume() {
        assert_eq!(StopKind::Gate.when_resumed(), "That gate no longer applies; the gates of later waves do");
        assert_eq!(StopKind::NewKind.when_resumed(), "A failure of that kind no longer stops the run");
        assert_eq!(StopKind::Budget.when_resumed(), "The effects that it made still count against the budget");
        assert_eq!(StopKind::Threshold.when_resumed(), "The stop rule counts from zero again");
        assert_eq!(those(|kind| kind.when_resumed() == "It goes on from there").len(), StopKind::ALL.len() - 4);
    }
}
