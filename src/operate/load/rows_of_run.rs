//! The rows of an earlier run as the rows of another one: by how they ended, from that run's own journal.

use std::collections::{BTreeSet, VecDeque};
use std::path::Path;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::io::journal::{JournalError, Reader};
use crate::journal::{Fact, FactDetail, RowState};
use crate::model::{Map, RowOutcome, Time};
use crate::operate::interface::{Doing, Refusal};
use crate::operate::state_folder;
use crate::operate::state_folder::refuse_lost;
use crate::operate::stored_run::{Revived, readable};
use crate::plan::Plan;
use crate::playbook::{ColumnDecl, ColumnType, Playbook, RowsDecl};
use crate::rows::{Input, PriorOutcomes, ResultAppender};
use crate::runner::EarlierRowText;

/// What the rows of a run are taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TakenFor {
    /// To be rows of a new run, which could make their effects twice.
    NewRun,
    /// To correct rows of a run, which are done again only as far as they are not done.
    Correction,
}

/// The rows of a run, with its results as further columns. Without `outcomes` all of them, where none has effects
/// that a new run could make twice.
///
/// # Errors
/// No such run, one without rows or still under way, rows that are refused, or the journal's trouble.
pub(crate) fn open_run_rows(
    run: &str,
    decl: &RowsDecl,
    purpose: TakenFor,
    state: &Path,
    diagnostics: &mut Diagnostics,
) -> Result<Input, Refusal> {
    let outcomes = decl.outcomes.as_slice();
    let known = state_folder::find(state, run)?;
    refuse_lost(&known)?;
    let id = known.frozen.run_id.clone();
    let Some(dialect) = known.frozen.dialect.clone() else {
        return Err(Refusal::Usage(format!("the run {id} has no rows of its own, so none can be taken from it")));
    };
    let Revived { playbook, plan, .. } = readable(&known.frozen, false)?;
    let results = plan.results.iter().map(|(name, _)| name.clone()).collect();
    let mut widened = ResultAppender::new(&dialect, results, whole(decl));
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
    read.doing("the run's journal")?;
    if open > 0 {
        let message =
            format!("the run {id} has {open} rows under way: `runsheet resume {id}` brings them to their end");
        return Err(Refusal::Conflict(message));
    }
    if let Some(refusal) = fed_back.refusal().filter(|_| outcomes.is_empty() && purpose == TakenFor::NewRun) {
        let help = "To take them all the same, name them under `rows`, such as `outcomes: [succeeded]`";
        return Err(Refusal::Conflict(format!("{refusal}. {help}")));
    }
    if chosen.is_empty() {
        let words: BTreeSet<&str> = outcomes.iter().map(|outcome| outcome.as_str()).collect();
        let words: Vec<&str> = words.into_iter().collect();
        return Err(Refusal::Usage(format!("the run {id} has no rows that are {}", words.join(" or "))));
    }
    let reader = Reader::open(&known.folder.journal()).doing("the run's journal")?;
    if let Some(name) = lacking {
        let was = dialect.encoding.name();
        let message =
            format!("The rows of run {id} are taken as UTF-8: the result `{name}` holds a character that {was} lacks");
        diagnostics.push(Diagnostic::note("encoding-told", message));
        widened = widened.in_utf8();
    }
    for name in widened.clashing() {
        let message = format!("The result `{name}` of run {id} is not taken: its rows have a column of that name");
        let help =
            format!("`row.{name}` is the column; to take the result too, name it otherwise in the earlier playbook");
        diagnostics.push(Diagnostic::warning("clashing-result", message).help(help));
    }
    let dialect = widened.dialect().clone();
    let text = EarlierRowText::with_results(reader, chosen, widened);
    let veiled = veiled(&playbook, &plan);
    Ok(Input::new(format!("run {id}"), text).written_as(dialect).redacting(veiled))
}

/// The heads of columns that take lists and objects as they are.
fn whole(decl: &RowsDecl) -> Vec<String> {
    let takes = |column: &&ColumnDecl| matches!(column.kind, ColumnType::Json | ColumnType::List);
    decl.columns.iter().filter(takes).map(|column| column.head().to_owned()).collect()
}

/// The heads of what the run has marked as somebody's business only, and of the results made from that.
fn veiled(playbook: &Playbook, plan: &Plan) -> Vec<String> {
    let Some(rows) = &playbook.rows else { return Vec::new() };
    let marked = rows.columns.iter().filter(|column| column.sensitive).map(ColumnDecl::head);
    let kept = rows.redacted.iter().map(String::as_str);
    let all: BTreeSet<&str> = marked.chain(kept).chain(plan.sensitive_results()).collect();
    all.into_iter().map(str::to_owned).collect()
}

/// How a row ended, with its results; none where it is under way.
fn ended(facts: &[(Time, Fact)]) -> Option<(RowOutcome, Map)> {
    let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
    match state.ended {
        Some(ended) => Some((ended.outcome, ended.results)),
        None => facts.is_empty().then_some((RowOutcome::NotStarted, Map::new())),
    }
}
