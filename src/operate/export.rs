//! Writes out what is known of each row of a run: as it stands, or what a damaged journal still proves.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use serde_json::json;

use crate::cli::exit::Exit;
use crate::cli::export_args::ExportArgs;
use crate::cli::failure::{Ended, Failure, plural};
use crate::cli::run::{as_frozen, check_out};
use crate::cli::screen::Screen;
use crate::cli::state;
use crate::io::journal::{JournalError, Proven, Reader, RunLock, Salvage};
use crate::io::{Clock, make_private_dir, private_file};
use crate::journal::{FrozenRow, RowEnded};
use crate::model::{Map, RowOutcome, RunId, Value};
use crate::report::{ResultFiles, RowCounts, RowRecord};
use crate::runner::{CloseError, FrozenRun, RunFolder, close_run};

/// The files that make up a journal, by what follows `journal`.
const PARTS: [&str; 3] = ["journal.sqlite", "journal.sqlite-wal", "journal.synced"];

/// What was written.
struct Exported {
    damaged: bool,
    rows: RowCounts,
    lost_rows: u64,
    lost_entries: u64,
    files: Vec<PathBuf>,
}

/// Runs `runs export RUN --out DIR`.
pub(super) fn export(state: &Path, args: &ExportArgs, screen: Screen) -> Ended {
    let folder = state::named(state, &args.run)?;
    let run = RunId::from_text(folder.path().file_name().unwrap_or_default().to_string_lossy());
    if RunLock::is_held(folder.path()) {
        return Err(Failure::Conflict(format!("the run {run} is under way: wait for it, or stop it first")));
    }
    check_out(Some(&args.out))?;
    let copy = copied(&folder, &args.out)?;
    let journal = copy.path().join(PARTS[0]);
    let told = match whole(&journal, &run)? {
        Some(frozen) => as_it_stands(frozen, &journal, &args.out)?,
        None => None,
    };
    let exported = match told {
        Some(exported) => exported,
        None => salvage(&folder, &journal, &run, &args.out)?,
    };
    drop(copy);
    tell(&run, &exported, screen)?;
    Ok(if exported.rows.unknown + exported.lost_rows > 0 { Exit::Unknown } else { Exit::Done })
}

/// A copy of the journal: reading may write, and a damaged one stays as it is for whoever can do more with it.
fn copied(folder: &RunFolder, out: &Path) -> io::Result<tempfile::TempDir> {
    make_private_dir(out)?;
    let beside = tempfile::tempdir_in(out)?;
    for part in PARTS.iter().filter(|part| folder.path().join(part).exists()) {
        let mut copy = private_file(&beside.path().join(part))?;
        io::copy(&mut fs::File::open(folder.path().join(part))?, &mut copy)?;
    }
    Ok(beside)
}

/// The run, where its journal holds all that it ever held.
fn whole(journal: &Path, run: &RunId) -> Result<Option<FrozenRun>, Failure> {
    let Ok(reader) = Reader::open(journal) else { return Ok(None) };
    if reader.verify(journal).is_err() {
        return Ok(None);
    }
    match FrozenRun::find(&reader) {
        Ok(Some(frozen)) => Ok(Some(frozen)),
        Ok(None) => Err(Failure::Usage(format!("the run `{run}` never began, so nothing of it was sent"))),
        Err(_) => Ok(None),
    }
}

/// The row files of a run as it stands; none where the reading meets a damage after all.
fn as_it_stands(frozen: FrozenRun, journal: &Path, out: &Path) -> Result<Option<Exported>, Failure> {
    let frozen = FrozenRun { out: Some(out.to_owned()), ..frozen };
    let (_, plan) = as_frozen(&frozen, false).context("the run's playbook can no longer be read")?;
    let summary = match close_run(&frozen, &Arc::new(plan), journal, out, None, Clock::start().now()) {
        Ok(end) => end.summary,
        Err(CloseError::Journal(_)) => return Ok(None),
        Err(error) => return Err(anyhow::Error::new(error).into()),
    };
    Ok(Some(Exported { damaged: false, rows: summary.rows, lost_rows: 0, lost_entries: 0, files: summary.files }))
}

fn salvage(folder: &RunFolder, journal: &Path, run: &RunId, out: &Path) -> Result<Exported, Failure> {
    let salvage = Salvage::open(journal).map_err(|error| nothing_left(folder, run, &error))?;
    let frozen: Option<FrozenRun> = salvage.meta("run").and_then(|run| serde_json::from_value(run).ok());
    let plan = frozen.as_ref().and_then(|frozen| as_frozen(frozen, false)).map(|(_, plan)| plan);
    let names: Vec<String> = plan.iter().flat_map(|plan| &plan.results).map(|(name, _)| name.clone()).collect();
    let dialect = frozen.and_then(|frozen| frozen.dialect).unwrap_or_default();
    let mut files = ResultFiles::create(out, &dialect, &names, run)?;
    let mut rows = RowCounts::default();
    let lost_rows = salvage.each_row(|row, proven| {
        let record = record(row, proven, &names);
        rows.add(record.outcome);
        files.write(&record)
    })?;
    let (lost_entries, files) = (salvage.lost_entries(), files.finish()?);
    Ok(Exported { damaged: true, rows, lost_rows, lost_entries, files })
}

fn nothing_left(folder: &RunFolder, run: &RunId, error: &JournalError) -> Failure {
    Failure::Broken(anyhow::anyhow!(
        "nothing of the run {run} can be read any more: {error}\n  journal: {}\n  \
         Do not start the list anew: ask the vendor what was done.",
        folder.journal().display()
    ))
}

fn record(row: FrozenRow, proven: Proven, names: &[String]) -> RowRecord {
    let unproven = |outcome, code: &str, message: String| RowEnded {
        outcome,
        step: None,
        code: Some(code.to_owned()),
        message: Some(message),
        request_id: None,
        results: Map::new(),
    };
    let ended = match proven {
        Proven::Ended(ended) => ended,
        Proven::WentOn(to) => {
            unproven(RowOutcome::Unknown, "went_on", format!("it went on in the run {to}: look there"))
        }
        Proven::Untouched => unproven(RowOutcome::NotStarted, "untouched", "nothing of it was sent".to_owned()),
        Proven::Nothing => {
            let message = "the journal is damaged and no longer shows what became of it: ask the vendor";
            unproven(RowOutcome::Unknown, "damaged", message.to_owned())
        }
    };
    let value = |name: &String| ended.results.get(name).cloned().unwrap_or(Value::Null);
    RowRecord {
        position: row.position,
        number: row.number,
        key: row.key,
        raw: row.raw,
        outcome: ended.outcome,
        results: names.iter().map(|name| (name.clone(), value(name))).collect(),
        step: ended.step,
        code: ended.code,
        message: ended.message,
        request_id: ended.request_id,
        attempts: 0,
    }
}

fn tell(run: &RunId, exported: &Exported, screen: Screen) -> Result<(), Failure> {
    let Exported { damaged, rows, lost_rows, lost_entries, files } = exported;
    if screen.json() {
        let json = json!({
            "run_id": run, "damaged": damaged, "rows": rows, "lost_rows": lost_rows,
            "lost_entries": lost_entries, "files": files,
        });
        screen.data(&json.to_string())?;
    } else {
        let lines: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        screen.data(&lines.join("\n"))?;
    }
    let count = |count: u64, word| plural(usize::try_from(count).unwrap_or(usize::MAX), word);
    if *damaged {
        let unknown = count(rows.unknown, "row");
        screen.insist(&format!(
            "The journal of the run {run} is damaged: {} gone or changed. What became of {} is proven; {unknown} may \
             have been sent and are unknown.",
            count(*lost_entries, "entry").replace("entrys", "entries"),
            count(rows.total - rows.unknown, "row"),
        ));
    }
    if *lost_rows > 0 {
        let lost = count(*lost_rows, "row");
        screen.insist(&format!("{lost} cannot be read at all: compare the row files with your own list."));
    }
    if *damaged && rows.unknown + lost_rows > 0 {
        screen.insist("Ask the vendor about these rows before any of them is sent again.");
    }
    Ok(())
}
