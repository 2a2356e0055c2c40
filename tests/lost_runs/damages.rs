//! Nine kinds of damage to what is left of a run. After each, a fresh run of the same list sends nothing.

use std::fs;
use std::path::Path;

use super::shop::{Shop, copy, put_back};
use crate::crashes::RELEASE;

/// A kind of damage to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Damage {
    LogRemoved,
    LogCut,
    LogFlipped,
    JournalRemoved,
    JournalHalved,
    JournalFlipped,
    OlderCopy,
    Emptied,
    Replaced,
}

impl Damage {
    pub(super) const ALL: [Self; 9] = [
        Self::LogRemoved,
        Self::LogCut,
        Self::LogFlipped,
        Self::JournalRemoved,
        Self::JournalHalved,
        Self::JournalFlipped,
        Self::OlderCopy,
        Self::Emptied,
        Self::Replaced,
    ];

    /// Spoils a run's folder. `at` chooses the place in a file; `older` is a copy of it, `other` another run's folder.
    pub(super) fn spoil(self, folder: &Path, at: u64, older: &Path, other: &Path) {
        let (journal, log) = (folder.join("journal.sqlite"), folder.join("journal.sqlite-wal"));
        match self {
            Self::LogRemoved => fs::remove_file(log).unwrap(),
            Self::LogCut => change(&log, |bytes| bytes.truncate(place(at, bytes.len()))),
            Self::LogFlipped => change(&log, |bytes| flip(bytes, at)),
            Self::JournalRemoved => fs::remove_file(journal).unwrap(),
            Self::JournalHalved => change(&journal, |bytes| bytes.truncate(bytes.len() / 2)),
            Self::JournalFlipped => change(&journal, |bytes| flip(bytes, at)),
            Self::OlderCopy => put_back(older, folder),
            Self::Emptied => put_back(Path::new("/nowhere"), folder),
            Self::Replaced => put_back(other, folder),
        }
    }
}

fn place(at: u64, len: usize) -> usize {
    usize::try_from(at).unwrap() % len
}

fn flip(bytes: &mut [u8], at: u64) {
    let place = place(at, bytes.len());
    bytes[place] ^= 0x20;
}

fn change(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

/// A shop with a run that died, gone on with once, and then spoilt; gives its id.
fn spoilt(damage: Damage) -> (Shop, String) {
    let shop = Shop::new(&RELEASE, 40);
    let run = shop.died_at(30);
    let (folder, older) = (shop.folder(&run), shop.desk.path().join("older"));
    copy(&folder, &older);
    shop.dies(&format!("resume {run}"), 30);
    let other = shop.folder("other");
    if damage == Damage::Replaced {
        shop.desk.write("other.csv", "flow\nyDCNtUUckpvrcvf4UELZnZDvMS999999\n");
        shop.desk.run("run playbook.yaml --env near --rows other.csv").exits(0);
        let name = shop.runs().into_iter().find(|name| *name != run).unwrap();
        fs::rename(shop.folder(&name), &other).unwrap();
        copy(&other, &shop.folder(&name));
    }
    damage.spoil(&folder, 9_001, &older, &other);
    let _ = fs::remove_dir_all(other);
    (shop, run)
}

/// A fresh run of the same list sends nothing and names the run; another environment and the sandbox go on.
fn a_fresh_run_is_refused(damage: Damage) {
    let (shop, run) = spoilt(damage);
    assert!(shop.done().len() > 1, "{damage:?}: too little was sent");
    let came = shop.sends_nothing("run playbook.yaml --env near").exits(8).says(&[&run]);
    if !matches!(damage, Damage::LogFlipped | Damage::JournalHalved | Damage::JournalFlipped) {
        let way_out = format!("runsheet resolve {run} --lost --as done --note TEXT");
        came.says(&["is no longer known", "playbook.yaml, 40 rows of rows.csv", "`--again` does not help", &way_out]);
        shop.sends_nothing("run playbook.yaml --env near --again").exits(8).says(&[&run, "is no longer known"]);
    }
    shop.sends_nothing("run playbook.yaml --env near --only yDCNtUUckpvrcvf4UELZnZDvMS000001").exits(8).says(&[&run]);
    shop.desk.run("run playbook.yaml").exits(0);
    shop.desk.run("run playbook.yaml --env far --limit 1 --only yDCNtUUckpvrcvf4UELZnZDvMS000039");
    let told = shop.desk.run("runs list").exits(0);
    assert!(told.out.contains(&run) || told.err.contains(&run), "{damage:?}: {}{}", told.out, told.err);
}

#[test]
fn a_log_that_was_removed_stops_a_fresh_run() {
    a_fresh_run_is_refused(Damage::LogRemoved);
}

#[test]
fn a_log_that_was_cut_stops_a_fresh_run() {
    a_fresh_run_is_refused(Damage::LogCut);
}

#[test]
fn a_changed_byte_in_the_log_stops_a_fresh_run() {
    a_fresh_run_is_refused(Damage::LogFlipped);
}

#[test]
fn a_journal_that_was_removed_stops_a_fresh_run() {
    a_fresh_run_is_refused(Damage::JournalRemoved);
}

#[test]
fn half_a_journal_stops_a_fresh_run() {
    a_fresh_run_is_refused(Damage::JournalHalved);
}

#[test]
fn a_changed_byte_in_the_journal_stops_a_fresh_run() {
    a_fresh_run_is_refused(Damage::JournalFlipped);
}

#[test]
fn an_older_copy_of_the_folder_stops_a_fresh_run() {
    a_fresh_run_is_refused(Damage::OlderCopy);
}

#[test]
fn an_emptied_folder_stops_a_fresh_run() {
    a_fresh_run_is_refused(Damage::Emptied);
}

#[test]
fn the_folder_of_another_run_in_its_place_stops_a_fresh_run() {
    a_fresh_run_is_refused(Damage::Replaced);
}
