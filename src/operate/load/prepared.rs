//! Prepares what `check`, `plan` and `run` share: a bound plan and open row files.

use super::loaded::{Loaded, load};
use super::row_files::{RowFiles, open_given};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::io::{Clock, authorities, random_u128};
use crate::model::{RunId, Time};
use crate::operate::interface::{Context, PlaybookFrom, Refusal, RunInput};
use crate::operate::stored_run::run_values;
use crate::plan::{Binding, Plan, bind, resolve_vars};
use crate::provider::Registry;
use crate::rows::{Column, Dialect, ListColumns, RowFile};
use crate::runner::{RowSource, Selection};

/// Everything that a run is made of, with its rows still unread.
pub(crate) struct Prepared {
    /// What was loaded.
    pub(crate) loaded: Loaded,
    /// The bound plan.
    pub(crate) plan: Plan,
    /// The rows.
    pub(crate) source: RowSource,
    /// The name, the columns and the lists of the row file.
    pub(crate) about: RowFileFacts,
    /// The id of the run; `check` and `plan` have one too, for templates.
    pub(crate) run_id: RunId,
    /// The run's start.
    pub(crate) started_at: Time,
}

/// What is known of a row file before its rows are read. All empty for a playbook without rows.
#[derive(Debug, Clone, Default)]
pub(crate) struct RowFileFacts {
    /// Its name, for people.
    pub(crate) name: Option<String>,
    /// Its columns.
    pub(crate) columns: Vec<Column>,
    /// Its lists.
    pub(crate) lists: Vec<ListColumns>,
}

impl Prepared {
    /// The dialect of the row file, which may still change until its rows are read; `None` without a row file.
    pub(crate) fn dialect(&self) -> Option<Dialect> {
        match &self.source {
            RowSource::File(file) => Some(file.dialect().clone()),
            RowSource::Once { .. } | RowSource::Earlier(_) => None,
        }
    }
}

impl RowFileFacts {
    fn of(file: &RowFile) -> Self {
        Self { name: Some(file.name().to_owned()), columns: file.columns(), lists: file.lists() }
    }

    /// The names under `row.` in templates.
    pub(crate) fn names(&self) -> Vec<String> {
        let columns = self.columns.iter().map(|column| column.name.clone());
        columns.chain(self.lists.iter().map(|list| list.name.clone())).collect()
    }
}

/// Loads the files, opens the rows and binds the plan; `None` where something is wrong, with the reasons in `diagnostics`.
///
/// # Errors
/// [`Refusal::Usage`] where the request names something that does not exist; [`Refusal::Invalid`] for wrong provider files.
pub(crate) fn prepare(
    playbook: &PlaybookFrom,
    input: &RunInput,
    context: &Context,
    clock: &Clock,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Prepared>, Refusal> {
    let Some(mut loaded) = load(playbook, input, context, diagnostics)? else { return Ok(None) };
    let files = open_given(&loaded.playbook, (&loaded.folder, &loaded.root), &input.rows, context, diagnostics)?;
    if let (Some(rows), Some(files)) = (&mut loaded.playbook.rows, &files) {
        rows.redact(&files.rows.redacted);
    }
    let Some((mut source, about)) = open(&loaded, files, context.unmask, diagnostics) else {
        // Binding reports the mistakes that can be found without rows.
        let _ = bind_loaded(&loaded, &RunId::from_text("check"), clock.now(), None, diagnostics);
        return Ok(None);
    };
    let started_at = clock.now();
    #[allow(clippy::cast_possible_truncation)]
    let run_id = RunId::new(started_at, random_u128() as u32);
    let names = loaded.playbook.rows.as_ref().map(|_| about.names());
    let Some(mut plan) = bind_loaded(&loaded, &run_id, started_at, names.as_deref(), diagnostics) else {
        source.report_mistakes(diagnostics);
        return Ok(None);
    };
    check_authorities(&plan, &loaded.registry, diagnostics);
    if context.unmask {
        plan.unmask();
    }
    Ok(Some(Prepared { loaded, plan, source, about, run_id, started_at }))
}

/// Opens the row file; a playbook without rows gets a source with one empty row.
fn open(
    loaded: &Loaded,
    files: Option<RowFiles>,
    unmask: bool,
    diagnostics: &mut Diagnostics,
) -> Option<(RowSource, RowFileFacts)> {
    let Some(decl) = &loaded.playbook.rows else {
        return Some((RowSource::Once { given: false }, RowFileFacts::default()));
    };
    let files = files?;
    let file = RowFile::open(decl, files.rows, files.lists, unmask, diagnostics)?;
    let about = RowFileFacts::of(&file);
    Some((RowSource::File(Box::new(file)), about))
}

fn bind_loaded(
    loaded: &Loaded,
    run_id: &RunId,
    started_at: Time,
    columns: Option<&[String]>,
    diagnostics: &mut Diagnostics,
) -> Option<Plan> {
    let playbook = &loaded.playbook;
    let vars = resolve_vars(&playbook.vars, &loaded.given_vars, &playbook.source, diagnostics);
    let run = run_values(run_id, started_at, &loaded.environment.name);
    let environment = loaded.environment.clone();
    bind(Binding { playbook, registry: &loaded.registry, environment, vars, columns, run }, diagnostics)
}

/// Refuses `--limit` and `--from-row` for a playbook without rows.
///
/// # Errors
/// [`Refusal::Usage`] with the option to leave out.
pub(crate) fn check_selection(selection: &Selection, plan: &Plan) -> Result<(), Refusal> {
    let chosen = [("--limit", selection.limit.is_some()), ("--from-row", selection.from_row.is_some())];
    match chosen.into_iter().find(|(_, is_given)| *is_given && !plan.has_rows) {
        Some((option, _)) => {
            let message = format!("the playbook has no `rows`, so `{option}` has nothing to choose from: leave it out");
            Err(Refusal::Usage(message))
        }
        None => Ok(()),
    }
}

/// Reports the `ca_file`s that cannot be used, of those that calls of the plan need.
fn check_authorities(plan: &Plan, registry: &Registry, diagnostics: &mut Diagnostics) {
    if plan.environment.is_sandbox() {
        return;
    }
    for (place, connection) in plan.connections.iter().enumerate() {
        let Some(path) = &connection.ca_file else { continue };
        let own = registry.provider(&connection.provider).and_then(|provider| provider.base_url.as_deref());
        let over_tls = connection.base_url.as_deref().or(own).is_none_or(|url| url.starts_with("https:"));
        let is_used = plan.rate_buckets.iter().any(|budget| budget.connection == place);
        if let (true, Err(error)) = (over_tls && is_used, authorities(path)) {
            let message = format!("connection `{}`: {error}", connection.name);
            diagnostics.push(Diagnostic::error("connection", message).help(error.advice()));
        }
    }
}
