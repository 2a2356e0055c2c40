//! Why a run stopped, in words that show nobody's data: the vendor's words may echo what a row sent.

use crate::engine::{Earlier, Side, row_masks};
use crate::journal::Fact;
use crate::model::Masks;
use crate::plan::Plan;
use crate::policy::StopReason;

/// What is masked in the words of a stop.
pub(super) struct StopTold {
    /// What the vendor said.
    said: Option<String>,
    masks: Masks,
}

impl StopTold {
    pub(super) fn of(stop: Option<&StopReason>) -> Self {
        let said = match stop {
            Some(StopReason::Refused { message, .. } | StopReason::QuotaExhausted { message, .. }) => {
                Some(message.clone())
            }
            _ => None,
        };
        Self { said: said.filter(|said| !said.is_empty()), masks: Masks::default() }
    }

    /// Takes in what is to be masked of a row to which the vendor said it.
    pub(super) fn see(&mut self, side: &Side, earlier: Earlier<'_>) {
        let Some(said) = &self.said else { return };
        let is_said =
            |fact: &Fact| matches!(fact, Fact::Attempted(attempted) if attempted.message.as_ref() == Some(said));
        if earlier.facts.iter().any(|(_, fact)| is_said(fact)) {
            self.masks.extend(row_masks(side, earlier));
        }
    }

    /// The stop in words.
    pub(super) fn text(&self, stop: &StopReason, plan: &Plan) -> String {
        let shown = match stop {
            StopReason::StepFailed { step, key } => {
                StopReason::StepFailed { step: step.clone(), key: plan.shown_key(key).to_owned() }
            }
            other => other.clone(),
        };
        self.masks.text(&shown.to_string()).into_owned()
    }
}
