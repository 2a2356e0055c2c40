//! Runs that cannot be listed: nobody may take them for none.

use std::fs;

use super::filter::filter;
use crate::io::journal::{EffectHistory, JournalError};

#[test]
fn the_effects_of_runs_that_cannot_be_listed_are_not_known_to_be_none() {
    let state = tempfile::tempdir().unwrap();
    let runs = state.path().join("runs");
    let mut history = EffectHistory::open(&runs, filter()).unwrap();
    // A file in the place of the folder is no folder without runs.
    fs::write(&runs, "").unwrap();
    assert!(matches!(EffectHistory::open(&runs, filter()), Err(JournalError::Io { .. })));
    assert!(matches!(history.refresh(), Err(JournalError::Io { .. })));
    fs::remove_file(&runs).unwrap();
    fs::create_dir(&runs).unwrap();
    history.refresh().unwrap();
}
