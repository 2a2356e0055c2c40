//! Finds the row that a request names: by key, by number, or by the kind of its failure.

use std::sync::Arc;

use super::request::WhichRow;
use crate::diagnostic::{near_miss, one_line, plural_of};
use crate::io::journal::{JournalError, Reader};
use crate::journal::FrozenRow;
use crate::model::StepScope;
use crate::operate::interface::{OrRefuse, Refusal};
use crate::operate::state_folder::{KnownRun, read_summary};
use crate::plan::{BoundList, Plan};
use crate::runner::collect_failures;

/// The most keys that are compared with one that no row has.
const MOST_COMPARED: usize = 200_000;
/// The most keys that are offered instead of one that no row has.
const MOST_NEAR: usize = 3;
/// The most rows that are listed if several have the key.
const MOST_LISTED: usize = 10;

/// What the story is about.
pub(super) struct FoundRow {
    /// The row, or the list of steps that run once.
    pub(super) scope: StepScope,
    /// The row; `None` for steps that run once.
    pub(super) row: Option<FrozenRow>,
}

/// Finds the row of a request.
///
/// # Errors
/// [`Refusal::Usage`] where there is no such row, or there are several; [`Refusal::Broken`] where the journal cannot be read.
pub(super) fn find_row(which: &WhichRow, known: &KnownRun, plan: &Arc<Plan>) -> Result<FoundRow, Refusal> {
    match which {
        WhichRow::Before => once(StepScope::Before, plan),
        WhichRow::After => once(StepScope::After, plan),
        WhichRow::Only => only(known, plan),
        WhichRow::Key(key) => by_key(key, known, plan),
        WhichRow::Number(number) => by_number(*number, known),
        WhichRow::Kind(kind) => of_kind(*kind, known, plan),
    }
}

fn once(scope: StepScope, plan: &Plan) -> Result<FoundRow, Refusal> {
    let list = BoundList::of(scope);
    if plan.list(list).is_empty() {
        let name = list.as_str();
        return Err(Refusal::Usage(format!("the playbook of the run has no steps `{name}`: leave `--{name}` out")));
    }
    Ok(FoundRow { scope, row: None })
}

fn only(known: &KnownRun, plan: &Plan) -> Result<FoundRow, Refusal> {
    let rows = known.reader.row_count().or_refuse("the journal")?;
    if rows == 1 || !plan.has_rows {
        return at(0, &known.reader);
    }
    let run = &known.frozen.run_id;
    Err(Refusal::Usage(format!(
        "the run {run} has {}: name one by its key, as in `runsheet why {run} KEY`, by its number with --row, or by the \
         number of a kind of failure with --kind",
        plural_of(rows, "row")
    )))
}

fn by_key(key: &str, known: &KnownRun, plan: &Plan) -> Result<FoundRow, Refusal> {
    let run = &known.frozen.run_id;
    if !plan.has_rows {
        return Err(Refusal::Usage(format!("the run {run} has no rows: `runsheet why {run}` shows its steps")));
    }
    match known.reader.positions_of(key).or_refuse("the journal")?.as_slice() {
        [] => Err(Refusal::Usage(no_such_key(key, known, plan)?)),
        [position] => at(*position, &known.reader),
        several => {
            let numbers = several.iter().take(MOST_LISTED).map(|position| known.reader.row(*position));
            let rows = numbers.collect::<Result<Vec<_>, _>>().or_refuse("the journal")?;
            let numbers: Vec<String> = rows.into_iter().flatten().map(|row| row.number.to_string()).collect();
            let more = if several.len() > MOST_LISTED { ", …" } else { "" };
            Err(Refusal::Usage(format!(
                "{} have the key `{}`: name one by its number with --row: {}{more}",
                plural_of(several.len() as u64, "row"),
                one_line(key),
                numbers.join(", ")
            )))
        }
    }
}

/// That no row has a key, with the keys that are nearest to it.
fn no_such_key(key: &str, known: &KnownRun, plan: &Plan) -> Result<String, Refusal> {
    let run = &known.frozen.run_id;
    let none = format!("no row of the run {run} has the key `{}`", one_line(key));
    if plan.masks_keys() {
        return Ok(format!("{none}; its keys are sensitive, so none is shown: `--row NUMBER` names a row, too"));
    }
    let keys = known.reader.first_keys(MOST_COMPARED).or_refuse("the journal")?;
    let mut near: Vec<&str> = Vec::new();
    while near.len() < MOST_NEAR {
        let rest = keys.iter().map(String::as_str).filter(|known| !near.contains(known));
        let Some(next) = near_miss(key, rest) else { break };
        near.push(next);
    }
    let near: Vec<String> = near.into_iter().map(|key| format!("`{}`", one_line(key))).collect();
    Ok(match near.is_empty() {
        true => none,
        false => format!("{none}. Did you mean {}?", near.join(" or ")),
    })
}

fn by_number(number: u64, known: &KnownRun) -> Result<FoundRow, Refusal> {
    match known.reader.position_of_number(number).or_refuse("the journal")? {
        Some(position) => at(position, &known.reader),
        None => {
            let run = &known.frozen.run_id;
            Err(Refusal::Usage(format!(
                "the run {run} has no row {number}. Rows are numbered as in a spreadsheet, where the header is 1"
            )))
        }
    }
}

fn of_kind(kind: usize, known: &KnownRun, plan: &Arc<Plan>) -> Result<FoundRow, Refusal> {
    let run = &known.frozen.run_id;
    let told = read_summary(&known.folder).map(|summary| summary.failures).filter(|kinds| !kinds.is_empty());
    let kinds = match told {
        Some(kinds) => kinds,
        None => collect_failures(&known.reader, plan, run).or_refuse("the journal")?,
    };
    match kind.checked_sub(1).and_then(|place| kinds.get(place)) {
        Some(found) => by_number(found.row, known),
        None if kinds.is_empty() => {
            Err(Refusal::Usage(format!("no row of the run {run} failed, is partial or is unknown: leave --kind out")))
        }
        None => Err(Refusal::Usage(format!(
            "the run {run} has {} of failure, numbered from 1: `runsheet runs show {run}` shows them",
            plural_of(kinds.len() as u64, "kind")
        ))),
    }
}

fn at(position: u64, reader: &Reader) -> Result<FoundRow, Refusal> {
    let row = reader.row(position)?;
    let gone = || JournalError::Damaged(format!("the row at position {position} is gone"));
    Ok(FoundRow { scope: StepScope::Row(position), row: Some(row.ok_or_else(gone)?) })
}
