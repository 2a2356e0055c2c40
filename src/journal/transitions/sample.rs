//! A fold that also checks each fact, for the tests of this folder.

use super::row_state::RowState;
use super::violation::violation;
use crate::journal::facts::{Fact, ScopeShape};
use crate::model::Time;

/// The state after `facts`, and every violation among them.
pub(super) fn checked_fold(facts: &[Fact], shape: &ScopeShape) -> (RowState, Vec<String>) {
    let (mut state, mut violations) = (RowState::default(), Vec::new());
    for fact in facts {
        violations.extend(violation(&state, fact, shape));
        state.apply(Time::from_secs(9), fact);
    }
    (state, violations)
}
