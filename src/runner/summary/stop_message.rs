//! The reason for a stop without personal data: the vendor's message may repeat what a row sent.

use crate::engine::{PlanView, PriorRow, row_masks};
use crate::journal::Fact;
use crate::model::{Masks, Time};
use crate::plan::Plan;
use crate::policy::StopReason;

/// The message of a stop, and what must be masked in it.
pub(in crate::runner) struct StopMessage {
    /// The vendor's message in the reason; `None` if there is none.
    vendor_words: Option<String>,
    masks: Masks,
}

impl StopMessage {
    pub(in crate::runner) fn of(stop: Option<&StopReason>) -> Self {
        let said = stop.and_then(StopReason::said_by_vendor).filter(|said| !said.is_empty());
        Self { vendor_words: said.map(str::to_owned), masks: Masks::default() }
    }

    /// Adds the masks of a row, if the vendor sent it this message.
    pub(in crate::runner) fn add_masks_of(&mut self, view: &PlanView, earlier: PriorRow<'_>) {
        if self.was_said_to(earlier.facts) {
            self.mask(row_masks(view, earlier));
        }
    }

    /// Whether the vendor sent this message to a row with these facts.
    pub(in crate::runner) fn was_said_to(&self, facts: &[(Time, Fact)]) -> bool {
        let Some(said) = &self.vendor_words else { return false };
        let is_said =
            |fact: &Fact| matches!(fact, Fact::Attempted(attempted) if attempted.message.as_ref() == Some(said));
        facts.iter().any(|(_, fact)| is_said(fact))
    }

    /// Adds masks.
    pub(in crate::runner) fn mask(&mut self, masks: Masks) {
        self.masks.extend(masks);
    }

    /// The masked message.
    pub(in crate::runner) fn text(&self, stop: &StopReason, plan: &Plan) -> String {
        let shown = stop.with_shown_key(|key| plan.shown_key(key).to_owned());
        self.masks.text(&shown.to_string()).into_owned()
    }
}
