//! What went wrong in a run that has no summary yet, or that is to be shown with nothing masked.

use std::sync::Arc;

use super::standing::Standing;
use crate::cli::run::as_frozen;
use crate::runner::{failures, place_failures};

impl Standing {
    /// Looks into the journal for what went wrong, where the summary does not tell it as it is wanted.
    pub(super) fn look_for_failures(&mut self, unmask: bool) {
        let told = self.summary.as_ref().is_some_and(|summary| {
            let rows = &summary.rows;
            !summary.failures.is_empty() || rows.failed + rows.partial + rows.unknown == 0
        });
        if told && !unmask {
            return;
        }
        // A run that cannot be bound any more shows what its summary says.
        let Some((_, plan)) = as_frozen(&self.known.frozen, unmask) else { return };
        let plan = Arc::new(plan);
        let Ok(mut found) = failures(&self.known.reader, &plan, &self.known.frozen.run_id) else { return };
        place_failures(&mut found, &plan, self.known.frozen.rows_name.as_deref());
        match &mut self.summary {
            Some(summary) => summary.failures = found,
            None => self.failures = found,
        }
    }
}
