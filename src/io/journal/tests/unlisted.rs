//! Runs that cannot be listed: nobody may take them for none.

use std::fs;
use std::path::Path;

use crate::io::journal::{EffectHistory, HistoryFilter, JournalError};
use crate::model::RunId;

fn open(runs: &Path) -> Result<EffectHistory, JournalError> {
    let filter = HistoryFilter {
        environment: "near".to_owned(),
        operations: vec!["a.make".to_owned()],
        own: RunId::from_text("20260102-000000-bbbbbb"),
        except: Vec::new(),
    };
    EffectHistory::open(runs, filter)
}

#[test]
fn the_effects_of_runs_that_cannot_be_listed_are_not_known_to_be_none() {
    let state = tempfile::tempdir().unwrap();
    let runs = state.path().join("runs");
    let mut history = open(&runs).unwrap();
    // A file in the place of the folder is no folder without runs.
    fs::write(&runs, "").unwrap();
    assert!(matches!(open(&runs), Err(JournalError::Io { .. })));
    assert!(matches!(history.refresh(), Err(JournalError::Io { .. })));
    fs::remove_file(&runs).unwrap();
    fs::create_dir(&runs).unwrap();
    history.refresh().unwrap();
}
