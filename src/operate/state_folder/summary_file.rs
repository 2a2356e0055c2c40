//! The file `summary.json` that a run leaves in its folder: its summary, and what `runs` shows of it beside that. By it a list
//! of runs opens no journal. It counts only while journal and mark are those for which it was written.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::known_run::later_runs_of;
use crate::io::journal::{Reader, synced_entries};
use crate::io::private_file;
use crate::model::{RunId, Time, Value};
use crate::plan::Plan;
use crate::report::Summary;
use crate::runner::{FrozenRun, Link, RunFolder};

/// The file's name.
const NAME: &str = "summary.json";

/// The member of the file that holds the [`RunCard`].
const CARD: &str = "listed";

/// What `runs` shows of a run beside its summary, and the state of journal and mark to which both belong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunCard {
    /// The path of the playbook.
    pub(crate) playbook: String,
    /// The row file's name; `None` where the playbook has no rows.
    #[serde(default)]
    pub(crate) rows_name: Option<String>,
    /// When it was started.
    pub(crate) started_at: Time,
    /// The earlier run that it retries or undoes; `None` for a run of a playbook.
    #[serde(default)]
    pub(crate) link: Option<Link>,
    /// The last run that was made from it, where nothing is left to do in this one.
    #[serde(default)]
    pub(crate) later: Option<RunId>,
    /// The number of the journal's last entry.
    pub(crate) entries: u64,
    journal: FileStamp,
    mark: Option<FileStamp>,
}

/// The time of the last write and the length of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct FileStamp {
    seconds: i64,
    nanoseconds: i64,
    length: u64,
}

impl FileStamp {
    fn of(path: &Path) -> Option<Self> {
        let about = fs::metadata(path).ok()?;
        Some(Self { seconds: about.mtime(), nanoseconds: about.mtime_nsec(), length: about.len() })
    }
}

/// A summary as it lies in its file.
#[derive(Debug, Clone)]
pub(crate) struct StoredSummary {
    /// The summary.
    pub(crate) summary: Summary,
    /// What a list shows beside it; `None` where an older version wrote the file.
    pub(crate) card: Option<RunCard>,
}

impl StoredSummary {
    /// Reads the file; `None` where there is none that can be read.
    pub(crate) fn read(folder: &RunFolder) -> Option<Self> {
        let bytes = fs::read(folder.path().join(NAME)).ok()?;
        // serde reads the numbers of a flattened member, such as a user's id, from a value and not from a text.
        let mut file: Value = serde_json::from_slice(&bytes).ok()?;
        let card = file.as_object_mut()?.remove(CARD).and_then(|card| serde_json::from_value(card).ok());
        let summary = serde_json::from_value(file).ok()?;
        Some(Self { summary, card })
    }

    /// The card, where journal and mark are untouched since it was written. Opens no journal.
    pub(crate) fn fresh_card(&self, folder: &RunFolder) -> Option<&RunCard> {
        let card = self.card.as_ref()?;
        let journal = folder.journal();
        let untouched = FileStamp::of(&journal) == Some(card.journal)
            && mark_stamp(folder) == card.mark
            && log_length(&journal) == 0
            && synced_entries(&journal).is_ok_and(|synced| synced == card.entries);
        untouched.then_some(card)
    }
}

/// The stamp of the run's mark; `None` where it has none.
fn mark_stamp(folder: &RunFolder) -> Option<FileStamp> {
    FileStamp::of(&folder.mark()?.about())
}

/// The length of the write-ahead log beside a journal; 0 where there is none.
fn log_length(journal: &Path) -> u64 {
    let mut log = journal.as_os_str().to_owned();
    log.push("-wal");
    fs::metadata(Path::new(&log)).map_or(0, |about| about.len())
}

/// Writes the summary of a run that ended or stopped. Unmasked texts are left out.
///
/// # Errors
/// The [`io::Error`] of a file that cannot be written.
pub(crate) fn write(folder: &RunFolder, summary: &Summary, frozen: &FrozenRun, plan: &Plan) -> io::Result<()> {
    let shown = if plan.is_unmasked() { summary.without_words() } else { summary.clone() };
    store(folder, &shown, card_of(folder, frozen).as_ref())
}

/// Writes the summary file of a run again after rows of it were handed over to a later run. The summary stays as it is.
pub(crate) fn refresh(folder: &RunFolder, frozen: &FrozenRun) -> io::Result<()> {
    match StoredSummary::read(folder) {
        Some(stored) => store(folder, &stored.summary, card_of(folder, frozen).as_ref()),
        None => Ok(()),
    }
}

fn store(folder: &RunFolder, summary: &Summary, card: Option<&RunCard>) -> io::Result<()> {
    let mut file = serde_json::to_value(summary)?;
    if let (Some(members), Some(card)) = (file.as_object_mut(), card) {
        members.insert(CARD.to_owned(), serde_json::to_value(card)?);
    }
    let path = folder.path().join(NAME);
    let beside = folder.path().join(format!("{NAME}.new"));
    let mut out = private_file(&beside)?;
    out.set_len(0)?;
    out.write_all(file.to_string().as_bytes())?;
    fs::rename(beside, path)
}

/// The card of a run whose journal is closed; `None` where the journal cannot be read, so that a list reads the run itself.
fn card_of(folder: &RunFolder, frozen: &FrozenRun) -> Option<RunCard> {
    let reader = Reader::open(&folder.journal()).ok()?;
    let all_ended = reader.ended_count().ok()? == reader.row_count().ok()?;
    let later = later_runs_of(folder, &reader).pop().filter(|_| all_ended);
    let link = frozen.link.as_ref().map(|link| Link { speaks_as: None, ..link.clone() });
    Some(RunCard {
        playbook: frozen.playbook.name.clone(),
        rows_name: frozen.rows_name.clone(),
        started_at: frozen.started_at,
        link,
        later,
        entries: reader.last_entry().ok()?,
        journal: FileStamp::of(&folder.journal())?,
        mark: mark_stamp(folder),
    })
}

/// Removes the summary while the run is under way.
pub(crate) fn remove(folder: &RunFolder) {
    // The file may be missing. Where it cannot be removed, the list sees that its journal has gone on.
    let _ = fs::remove_file(folder.path().join(NAME));
}

/// Reads the summary of a run that ended or stopped; `None` where there is none.
pub(crate) fn read(folder: &RunFolder) -> Option<Summary> {
    StoredSummary::read(folder).map(|stored| stored.summary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_with_steering_is_read_back_from_its_file() {
        let state = tempfile::tempdir().unwrap();
        let folder = RunFolder::of(state.path(), &RunId::from_text("20260101-000000-abcdef"));
        fs::create_dir_all(folder.path()).unwrap();
        let text = r#"{"run_id":"20260101-000000-abcdef","environment":"near","outcome":"stopped",
            "steered":[{"at":"2026-01-01T00:00:00Z","what":"pause","who":"mei","uid":7,"from":"ctl"}],
            "rows":{"total":1,"unknown":0,"partial":0,"failed":0,"not_started":1,"succeeded":0,"unchanged":0,"skipped":0},
            "operations":{},"started_at":"","finished_at":"","duration_ms":1,"files":[]}"#;
        fs::write(folder.path().join(NAME), text).unwrap();
        let stored = StoredSummary::read(&folder).unwrap();
        assert!(stored.card.is_none() && stored.summary.is_paused());
        assert!(stored.fresh_card(&folder).is_none(), "an older version wrote it");
        store(&folder, &stored.summary, None).unwrap();
        assert_eq!(read(&folder), Some(stored.summary));
    }
}
