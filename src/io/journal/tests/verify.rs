//! Every change of a journal file is found when it is verified.

use std::path::Path;

use crate::io::journal::{JournalError, Reader, Store};
use crate::journal::{Fact, Intent, JournalEntry};
use crate::model::{StepScope, Time};

fn journal(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("journal.sqlite");
    let mut store = Store::create(&path).unwrap();
    for seq in 1..=40 {
        let scope = StepScope::Row(seq / 4);
        store
            .append(&[JournalEntry { seq, at: Time::from_secs(1), scope, facts: vec![Fact::RollbackStarted] }])
            .unwrap();
    }
    store.close().unwrap();
    path
}

fn verify_entries(path: &Path) -> Result<(), JournalError> {
    Reader::open(path).unwrap().verify_entry_set(path)
}

#[test]
fn the_index_tells_what_is_gone_or_moved() {
    for change in [
        "DELETE FROM entries WHERE seq = 40",
        "DELETE FROM entries WHERE seq = 7",
        "UPDATE entries SET scope = 3 WHERE seq = 7",
        "UPDATE entries SET seq = 99 WHERE seq = 7",
        "UPDATE entries SET scope = 9 - scope WHERE seq IN (4, 36)",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = journal(folder.path());
        verify_entries(&path).unwrap();
        rusqlite::Connection::open(&path).unwrap().execute(change, []).unwrap();
        assert!(matches!(verify_entries(&path), Err(JournalError::Damaged(_))), "{change}");
    }
}

#[test]
fn a_changed_name_or_effect_is_found() {
    for change in [
        "UPDATE meta SET value = '7' WHERE name = 'about'",
        "UPDATE effects SET step = 9 WHERE rowid = 2",
        "DELETE FROM effects WHERE rowid = 1",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.sqlite");
        let mut store = Store::create(&path).unwrap();
        store.set_meta("about", &crate::model::Value::from(8)).unwrap();
        let intent = |step| {
            let effect = Some(crate::model::EffectKey::of_natural_key("a.make", "1"));
            let call = crate::journal::CallRef { step, ..Default::default() };
            Fact::Intent(Intent { call, attempt: 1, effect, ..Intent::of_a_copy() })
        };
        let facts = vec![intent(0), intent(1)];
        store.append([JournalEntry { seq: 1, at: Time::from_secs(1), scope: StepScope::Row(0), facts }]).unwrap();
        store.close().unwrap();
        let verify = || Reader::open(&path).unwrap().verify(&path);
        verify().unwrap();
        rusqlite::Connection::open(&path).unwrap().execute(change, []).unwrap();
        assert!(matches!(verify(), Err(JournalError::Damaged(_))), "{change}");
    }
}

#[test]
fn entries_behind_the_mark_are_there_by_right() {
    let folder = tempfile::tempdir().unwrap();
    let path = journal(folder.path());
    let mark = std::fs::read(path.with_extension("synced")).unwrap();
    let mut store = Store::open(&path).unwrap();
    let entry = |seq| JournalEntry {
        seq,
        at: Time::from_secs(2),
        scope: StepScope::Row(1),
        facts: vec![Fact::RollbackStarted],
    };
    store.append(&[entry(41)]).unwrap();
    store.close().unwrap();
    // The process died between the sync and the mark.
    std::fs::write(path.with_extension("synced"), mark).unwrap();
    verify_entries(&path).unwrap();
    let mut store = Store::open(&path).unwrap();
    store.append(&[entry(42)]).unwrap();
    store.close().unwrap();
    verify_entries(&path).unwrap();
}
