//! Why a run stopped, in words that show nobody's data: the vendor's words may echo what a row sent.

use crate::engine::{PlanView, PriorRow, row_masks};
use crate::journal::Fact;
use crate::model::{Masks, Time};
use crate::plan::Plan;
use crate::policy::StopReason;

/// What is masked in the words of a stop.
pub(in crate::runner) struct StopMessage {
    /// What the vendor said.
    said: Option<String>,
    masks: Masks,
}

impl StopMessage {
    pub(in crate::runner) fn of(stop: Option<&StopReason>) -> Self {
        let said = stop.and_then(StopReason::said_by_vendor).filter(|said| !said.is_empty());
        Self { said: said.map(str::to_owned), masks: Masks::default() }
    }

    /// Takes in what is to be masked of a row to which the vendor said it.
    pub(in crate::runner) fn see(&mut self, side: &PlanView, earlier: PriorRow<'_>) {
        if self.is_said(earlier.facts) {
            self.mask(row_masks(side, earlier));
        }
    }

    /// Whether the vendor said it to a row with these facts.
    pub(in crate::runner) fn is_said(&self, facts: &[(Time, Fact)]) -> bool {
        let Some(said) = &self.said else { return false };
        let is_said =
            |fact: &Fact| matches!(fact, Fact::Attempted(attempted) if attempted.message.as_ref() == Some(said));
        facts.iter().any(|(_, fact)| is_said(fact))
    }

    /// Takes in what is to be masked.
    pub(in crate::runner) fn mask(&mut self, masks: Masks) {
        self.masks.extend(masks);
    }

    /// The stop in words.
    pub(in crate::runner) fn text(&self, stop: &StopReason, plan: &Plan) -> String {
        let shown = stop.with_shown_key(|key| plan.shown_key(key).to_owned());
        self.masks.text(&shown.to_string()).into_owned()
    }
}
