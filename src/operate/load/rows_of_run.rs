//! Takes the rows of an earlier run, chosen by outcome, as the rows of another run. They come from the journal of the earlier
//! run.

use std::collections::{BTreeSet, VecDeque};
use std::path::Path;

use crate::diagnostic::{Diagnostic, Diagnostics, plural};
use crate::io::journal::{JournalError, Reader};
use crate::journal::{Fact, FactDetail, RowState};
use crate::model::{Map, RowOutcome, RunId, Time};
use crate::operate::interface::{OrRefuse, Refusal};
use crate::operate::state_folder::{find_run, refuse_lost};
use crate::operate::stored_run::{RestoredRun, restore_for_reading_or_refuse};
use crate::plan::Plan;
use crate::playbook::{ColumnDecl, ColumnType, Playbook, RowsDecl};
use crate::rows::{Input, PriorOutcomes, ResultAppender};
use crate::runner::EarlierRowText;

/// The purpose for which the rows of a run are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunRowsPurpose {
    /// Rows of a new run, which could make their effects twice.
    NewRun,
    /// Corrections of rows of a run, which a retry continues where they are not done.
    Correction,
}

/// Opens the rows of a run, with its results as additional columns. Without `outcomes` it takes all rows, and refuses where
/// a new run could make effects of a row twice.
///
/// # Errors
/// [`Refusal::Usage`] where the word names no run, several runs, or one without such rows; [`Refusal::Conflict`] where the run
/// is lost, has rows under way, or has rows that must not be fed back; [`Refusal::Broken`] where its journal cannot be read.
pub(crate) fn open_run_rows(
    run: &str,
    decl: &RowsDecl,
    purpose: RunRowsPurpose,
    state: &Path,
    diagnostics: &mut Diagnostics,
) -> Result<Input, Refusal> {
    let outcomes = decl.outcomes.as_slice();
    let known = find_run(state, run)?;
    refuse_lost(&known)?;
    let id = known.frozen.run_id.clone();
    let Some(dialect) = known.frozen.dialect.clone() else {
        return Err(Refusal::Usage(format!("the run {id} has no rows of its own, so none can be taken from it")));
    };
    let RestoredRun { playbook, plan, .. } = restore_for_reading_or_refuse(&known.frozen, false)?;
    let results = plan.results.iter().map(|(name, _)| name.clone()).collect();
    let mut widened = ResultAppender::new(&dialect, results, json_headers(decl));
    let (mut chosen, mut fed_back, mut open, mut lacking) = (VecDeque::new(), PriorOutcomes::default(), 0_usize, None);
    let read = known.reader.each_stored_row(FactDetail::Summary, |row, facts| {
        match ended(facts) {
            Some((outcome, results)) if outcomes.is_empty() || outcomes.contains(&outcome) => {
                fed_back.add(id.as_str(), outcome);
                chosen.push_back(row.position);
                lacking = lacking.take().or_else(|| widened.lacking(&results).map(str::to_owned));
            }
            Some(_) => {}
            None => open += 1,
        }
        Ok::<(), JournalError>(())
    });
    read.or_refuse("the run's journal")?;
    if open > 0 {
        let message =
            format!("the run {id} has {} under way: finish it first with `runsheet resume {id}`", plural(open, "row"));
        return Err(Refusal::Conflict(message));
    }
    if let Some(refusal) = fed_back.refusal().filter(|_| outcomes.is_empty() && purpose == RunRowsPurpose::NewRun) {
        let help = "To take them anyway, name them under `rows`, such as `outcomes: [succeeded]`";
        return Err(Refusal::Conflict(format!("{refusal}. {help}")));
    }
    if chosen.is_empty() {
        let words: BTreeSet<&str> = outcomes.iter().map(|outcome| outcome.as_str()).collect();
        let words: Vec<&str> = words.into_iter().collect();
        return Err(Refusal::Usage(format!("the run {id} has no rows that are {}", words.join(" or "))));
    }
    let reader = Reader::open(&known.folder.journal()).or_refuse("the run's journal")?;
    if let Some(name) = lacking {
        let was = dialect.encoding.name();
        let message =
            format!("The rows of run {id} are taken as UTF-8: the result `{name}` holds a character that {was} lacks");
        diagnostics.push(Diagnostic::note("encoding-told", message));
        widened = widened.in_utf8();
    }
    warn_of_clashes(&widened, &id, diagnostics);
    let dialect = widened.dialect().clone();
    let text = EarlierRowText::with_results(reader, chosen, widened);
    let sensitive = sensitive_headers(&playbook, &plan);
    Ok(Input::new(format!("run {id}"), text).written_as(dialect).redacting(sensitive))
}

/// Warns of results that are not taken because the rows have a column of the same name.
fn warn_of_clashes(widened: &ResultAppender, run: &RunId, diagnostics: &mut Diagnostics) {
    for name in widened.clashing() {
        let message = format!("The result `{name}` of run {run} is not taken: its rows have a column of that name");
        let help =
            format!("`row.{name}` is the column; to take the result too, name it otherwise in the earlier playbook");
        diagnostics.push(Diagnostic::warning("clashing-result", message).help(help));
    }
}

/// The headers of columns that take lists and objects as JSON.
fn json_headers(decl: &RowsDecl) -> Vec<String> {
    let takes = |column: &&ColumnDecl| matches!(column.kind, ColumnType::Json | ColumnType::List);
    decl.columns.iter().filter(takes).map(|column| column.head().to_owned()).collect()
}

/// The headers of the sensitive columns of the run, and of the results made from them.
fn sensitive_headers(playbook: &Playbook, plan: &Plan) -> Vec<String> {
    let Some(rows) = &playbook.rows else { return Vec::new() };
    let marked = rows.columns.iter().filter(|column| column.sensitive).map(ColumnDecl::head);
    let kept = rows.redacted.iter().map(String::as_str);
    let all: BTreeSet<&str> = marked.chain(kept).chain(plan.sensitive_results()).collect();
    all.into_iter().map(str::to_owned).collect()
}

/// The outcome and the results of a row; `None` where it is under way.
fn ended(facts: &[(Time, Fact)]) -> Option<(RowOutcome, Map)> {
    let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
    match state.ended {
        Some(ended) => Some((ended.outcome, ended.results)),
        None => facts.is_empty().then_some((RowOutcome::NotStarted, Map::new())),
    }
}
