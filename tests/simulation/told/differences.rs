//! Collects what does not agree, so that one failing seed shows all of it.

use std::fmt::Debug;

use runsheet::internals::model::RunId;

/// What does not agree about one run.
pub(super) struct Differences {
    run: String,
    pub(super) found: Vec<String>,
}

impl Differences {
    pub(super) fn of(run: &RunId) -> Self {
        Self { run: run.to_string(), found: Vec::new() }
    }

    /// Compares what a report says with what the journal says.
    pub(super) fn same<T: PartialEq + Debug>(&mut self, what: &str, told: T, expected: T) {
        if told != expected {
            self.add(&format!("{what}: told {told:?}, the journal says {expected:?}"));
        }
    }

    /// Requires that something holds.
    pub(super) fn holds(&mut self, what: &str, holds: bool) {
        if !holds {
            self.add(what);
        }
    }

    fn add(&mut self, what: &str) {
        self.found.push(format!("  run {}, {what}", self.run));
    }
}
