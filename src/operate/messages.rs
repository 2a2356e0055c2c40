//! Messages about files that a run's summary repeats.

use crate::diagnostic::Diagnostics;
use crate::model::Value;

/// Messages that a run's summary repeats, at most.
const IN_A_SUMMARY: usize = 100;

/// The messages about the files of a run that goes ahead, as its summary repeats them.
pub(crate) fn warnings(diagnostics: &Diagnostics) -> Vec<Value> {
    diagnostics.to_json_at_most(IN_A_SUMMARY)
}
