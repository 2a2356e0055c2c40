//! One measured run of a program, and the middle of several.

use crate::median::median;

/// What one run came to.
pub(super) struct Sample {
    /// From the first call to the last, as the server saw them; in seconds.
    pub(super) calling: f64,
    pub(super) wall: f64,
    /// Processor time, in seconds.
    pub(super) processor: f64,
    pub(super) peak: f64,
    /// The journal's bytes, and those beside the frozen rows.
    pub(super) journal: f64,
    pub(super) beside: f64,
}

pub(super) fn middle(samples: &[Sample], of: fn(&Sample) -> f64) -> f64 {
    middle_of(samples, of)
}

pub(super) fn middle_of<T>(measured: &[T], of: fn(&T) -> f64) -> f64 {
    median(&measured.iter().map(of).collect::<Vec<_>>())
}
