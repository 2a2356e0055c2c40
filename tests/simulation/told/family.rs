//! Simulated runs as folders that the program can open: frozen run, rows, mark and journal; where the last process came to
//! its end, also row files and summary.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use runsheet::internals::io::journal::Reader;
use runsheet::internals::journal::{Fact, FrozenRow, JournalEntry};
use runsheet::internals::model::{RunId, StepScope, Time, Value};
use runsheet::internals::plan::Plan;
use runsheet::internals::policy::StopReason;
use runsheet::internals::provider::Registry;
use runsheet::internals::rows::{Dialect, LineEnd, RowFormat};
use runsheet::internals::runner::{FrozenRun, LeftAt, Link, LinkKind, RunEnd, RunFolder, close_run, write_mark};
use runsheet::operate::{Context, RecordedState};

use crate::simulation::world::World;

/// A run as it is stored.
pub(super) struct ToldRun {
    pub(super) frozen: FrozenRun,
    pub(super) plan: Arc<Plan>,
    pub(super) rows: Vec<FrozenRow>,
    pub(super) disk: Vec<JournalEntry>,
    /// The runs that were made from it.
    pub(super) successors: Vec<RunId>,
    /// Whether its last process came to its end, and did not die.
    pub(super) closed: bool,
    now: Time,
}

/// A run, and the runs that were made from it.
#[derive(Default)]
pub(super) struct Family {
    pub(super) runs: Vec<ToldRun>,
}

/// A family on the disk.
pub(super) struct StoredFamily {
    state: tempfile::TempDir,
    /// How each run was closed.
    pub(super) ends: Vec<Option<RunEnd>>,
}

impl ToldRun {
    /// The run of a world as it stands.
    pub(super) fn of(world: &World, id: &RunId, link: Option<Link>, closed: bool) -> Self {
        let started = Time::from_secs(1_800_000_000);
        let plan = Arc::clone(&world.plan);
        let cells = |row: &FrozenRow| row.cells.clone();
        let columns: Vec<String> = world.rows.first().map(cells).unwrap_or_default().keys().cloned().collect();
        let used = |path: &str| {
            let folder = path.split('/').next();
            plan.connections.iter().any(|connection| Some(connection.provider.as_str()) == folder)
        };
        let files = Registry::builtin().files().iter().filter(|file| used(&file.path)).cloned();
        let dialect = dialect(world, &columns);
        let frozen = FrozenRun {
            providers: files.collect(),
            rows_name: Some("rows.csv".to_owned()),
            columns,
            dialect: Some(dialect.clone()),
            link,
            ..FrozenRun::of_plan(&plan, id.clone(), started, 1)
        };
        let rows = world.rows.iter().map(|row| FrozenRow { raw: raw(row, dialect.format), ..row.clone() });
        Self {
            rows: rows.collect(),
            disk: world.disk.clone(),
            successors: Vec::new(),
            closed,
            now: world.now,
            frozen,
            plan,
        }
    }

    pub(super) fn id(&self) -> &RunId {
        &self.frozen.run_id
    }

    pub(super) fn facts(&self, scope: StepScope) -> Vec<(Time, Fact)> {
        let entries = self.disk.iter().filter(|entry| entry.scope == scope);
        entries.flat_map(|entry| entry.facts.iter().map(|fact| (entry.at, fact.clone()))).collect()
    }

    /// The link of a run that is made from this one.
    pub(super) fn linked(&self, kind: LinkKind) -> Link {
        let speaks_as = (kind == LinkKind::Undo).then(|| self.plan.run.clone());
        self.frozen.linked(kind, speaks_as)
    }

    fn store(&self, state: &Path) -> Option<RunEnd> {
        let folder = RunFolder::of(state, self.id());
        let mut store = folder.create().unwrap();
        store.keep_rows([self.rows.clone()]).unwrap();
        write_mark(&mut store, &folder, &self.frozen, &self.plan, self.rows.len() as u64, None).unwrap();
        store.append(&self.disk).unwrap();
        self.frozen.for_journal(false).write(&mut store).unwrap();
        for later in &self.successors {
            FrozenRun::add_successor(&mut store, &Reader::open(&folder.journal()).unwrap(), later).unwrap();
        }
        store.close().unwrap();
        if self.closed { self.close(&folder) } else { None }
    }

    /// Whether it has a summary: it came to its end or to a stop.
    pub(super) fn has_summary(&self) -> bool {
        self.closed && LeftAt::of(&self.facts(StepScope::Run)).state != RecordedState::BrokenOff
    }

    /// Writes row files and summary, as the last process of the run or a `resolve` after it does.
    fn close(&self, folder: &RunFolder) -> Option<RunEnd> {
        let reader = Reader::open(&folder.journal()).unwrap();
        let open = reader.row_count().unwrap() > reader.ended_count().unwrap();
        let left = LeftAt::of(&self.facts(StepScope::Run));
        let stop = match left.stop {
            None if open && left.state == RecordedState::Finished => Some(StopReason::Settled),
            stop => stop,
        };
        let end = close_run(&self.frozen, &self.plan, &folder.journal(), folder.path(), stop, self.now).unwrap();
        if !self.has_summary() {
            return None;
        }
        let summary = serde_json::to_string(&end.summary).unwrap();
        std::fs::write(folder.path().join("summary.json"), summary).unwrap();
        Some(end)
    }
}

impl Family {
    pub(super) fn store(&self) -> StoredFamily {
        let state = tempfile::tempdir().unwrap();
        let ends = self.runs.iter().map(|run| run.store(state.path())).collect();
        StoredFamily { state, ends }
    }
}

impl StoredFamily {
    pub(super) fn context(&self) -> Context {
        Context::new().state_folder(self.state.path())
    }

    pub(super) fn folder(&self, run: &ToldRun) -> PathBuf {
        RunFolder::of(self.state.path(), run.id()).path().to_owned()
    }
}

/// Rows with lists are lines of JSON, others of CSV.
fn dialect(world: &World, columns: &[String]) -> Dialect {
    let lists = world.rows.iter().any(|row| row.cells.values().any(Value::is_array));
    let (format, header) = match lists {
        true => (RowFormat::JsonLines, serde_json::to_string(columns).unwrap()),
        false => (RowFormat::Csv, columns.join(",")),
    };
    Dialect {
        format,
        delimiter: ',',
        quoted: false,
        line_end: LineEnd::Lf,
        bom: false,
        encoding: Default::default(),
        header,
        header_bytes: None,
        columns: columns.len(),
        taken: 0,
        converted: false,
    }
}

fn raw(row: &FrozenRow, format: RowFormat) -> Bytes {
    let text = match format {
        RowFormat::JsonLines => Value::Object(row.cells.clone()).to_string(),
        RowFormat::Csv => row.cells.values().map(|cell| cell.as_str().unwrap()).collect::<Vec<_>>().join(","),
    };
    Bytes::from(text)
}
