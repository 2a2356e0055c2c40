//! The parts, each as something to prepare and then to run over a number of rows.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;

use runsheet::internals::io::journal::Store;
use runsheet::internals::journal::{Audit, Fact, FrozenRow, JournalEntry, ScopeShape};
use runsheet::internals::model::{Map, StepScope, Time, Value};
use runsheet::internals::plan::{Answers, BoundList, Plan, render};
use runsheet::internals::playbook::Playbook;
use runsheet::internals::template::Scope as Names;
use tempfile::TempDir;

use crate::stage::drive;
use crate::workshop::{csv, frozen, now, plan, playbook, shared_plan, take};

/// A part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Bind,
    Check,
    Render,
    Engine,
    Freeze,
    Append,
    Fold,
}

type Facts = Vec<Vec<(Time, Fact)>>;

/// What a part goes over.
pub(crate) enum Work {
    Bind(u64),
    Check(Box<Playbook>, Box<Plan>, String),
    Render(Arc<Plan>, Vec<FrozenRow>),
    Engine(Arc<Plan>, Vec<FrozenRow>),
    Freeze(TempDir, Box<Store>, Vec<FrozenRow>),
    Append(TempDir, Box<Store>, Vec<JournalEntry>),
    Fold(ScopeShape, Facts),
}

impl Part {
    pub(crate) const ALL: [Self; 7] =
        [Self::Bind, Self::Check, Self::Render, Self::Engine, Self::Freeze, Self::Append, Self::Fold];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bind => "read and bind a playbook",
            Self::Check => "read and check",
            Self::Render => "render the requests",
            Self::Engine => "engine, all steps",
            Self::Freeze => "freeze",
            Self::Append => "append all entries",
            Self::Fold => "fold for the books",
        }
    }

    /// Lays out what the part goes over.
    pub(crate) fn prepare(self, rows: u64) -> Work {
        let playbook = playbook();
        let shared = shared_plan(&playbook);
        let taken = || frozen(&playbook, &shared, rows);
        match self {
            Self::Bind => Work::Bind(rows),
            Self::Check => {
                let plan = plan(&playbook);
                Work::Check(Box::new(playbook), Box::new(plan), csv(rows))
            }
            Self::Render => Work::Render(Arc::clone(&shared), taken()),
            Self::Engine => Work::Engine(Arc::clone(&shared), taken()),
            Self::Freeze => {
                let (folder, store) = store();
                Work::Freeze(folder, store, taken())
            }
            Self::Append => {
                let (folder, store) = store();
                Work::Append(folder, store, drive(&shared, taken()))
            }
            Self::Fold => Work::Fold(ScopeShape::of(&shared, BoundList::Steps), by_row(drive(&shared, taken()))),
        }
    }
}

fn store() -> (TempDir, Box<Store>) {
    let made = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))
        .map_err(anyhow::Error::from)
        .and_then(|folder| Ok((Box::new(Store::create(&folder.path().join("journal.sqlite"))?), folder)));
    match made {
        Ok((store, folder)) => (folder, store),
        Err(error) => panic!("a journal can be made: {error}"),
    }
}

fn by_row(entries: Vec<JournalEntry>) -> Facts {
    let mut rows: BTreeMap<u64, Vec<(Time, Fact)>> = BTreeMap::new();
    for entry in entries {
        if let StepScope::Row(position) = entry.scope {
            rows.entry(position).or_default().extend(entry.facts.into_iter().map(|fact| (entry.at, fact)));
        }
    }
    rows.into_values().collect()
}

impl Work {
    pub(crate) fn run(self) -> Self {
        match &self {
            Self::Bind(times) => (0..*times).for_each(|_| {
                black_box(plan(&playbook()));
            }),
            Self::Check(playbook, plan, text) => take(playbook, plan, text.clone(), &mut |rows| {
                black_box(rows);
            }),
            Self::Render(plan, rows) => render_all(plan, rows),
            Self::Engine(plan, rows) => {
                black_box(drive(plan, rows.clone()));
            }
            Self::Fold(shape, rows) => fold(shape, rows),
            Self::Freeze(..) | Self::Append(..) => return self.write(),
        }
        self
    }

    fn write(self) -> Self {
        let written = match self {
            Self::Freeze(folder, mut store, rows) => {
                store.insert_rows(&rows).map(|()| Self::Freeze(folder, store, rows))
            }
            Self::Append(folder, mut store, entries) => {
                // As many entries as wait while 64 calls are under way.
                let appended = entries.chunks(64).try_for_each(|some| store.append(some));
                appended.map(|()| Self::Append(folder, store, entries))
            }
            other => Ok(other),
        };
        written.unwrap_or_else(|error| panic!("the journal takes it: {error}"))
    }
}

/// Everything between a row's cells and the bytes that are sent.
fn render_all(plan: &Plan, rows: &[FrozenRow]) {
    for row in rows {
        let mut names = Names::new();
        names.set("row", Value::Object(row.cells.clone()));
        let task = Map::from_iter([("task_num".to_owned(), Value::from("T1"))]);
        names.set_path(&["steps", "task", "outputs"], Value::Object(task));
        for step in &plan.steps {
            let rendered = render(&step.call.with, &plan.templates, &mut names, Answers::Known);
            let Ok(Value::Object(with)) = rendered else { panic!("the row renders") };
            let (operation, connection) = (&step.call.operation, &plan.connections[step.call.connection]);
            let inputs = operation.prepare(connection, with, now()).unwrap_or_else(|_| panic!("the inputs are good"));
            let request = operation.request(connection, &connection.settings, &inputs);
            black_box(request.unwrap_or_else(|why| panic!("{why}")).hash());
        }
    }
}

fn fold(shape: &ScopeShape, rows: &Facts) {
    let mut books = Audit::default();
    for facts in rows {
        let state = books.fold("row", facts, shape);
        black_box(books.close_row("row", &state, shape));
    }
}
