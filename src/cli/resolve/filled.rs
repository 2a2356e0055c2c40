//! A filled-in `unknown.csv`: one row's word each, all checked before any is taken.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use super::word::{Word, settled};
use crate::cli::args::SettleAs;
use crate::cli::desk::{Case, Desk};
use crate::cli::failure::Failure;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::journal::Settled;
use crate::rows::{FilledRow, Input, ResultColumn, read_filled};

/// The columns that a person adds.
const SETTLE: &str = "_settle";
const NOTE: &str = "_note";

/// What a filled-in file says of the cases.
///
/// # Errors
/// Everything that is wrong with it; nothing is taken then.
pub(super) fn from_file(desk: &Desk, cases: &[Case], path: &Path, who: &str) -> Result<Vec<(Case, Settled)>, Failure> {
    let file = File::open(path)
        .map_err(|error| Failure::Usage(format!("cannot read the file {}: {error}", path.display())))?;
    let mut diagnostics = Diagnostics::new();
    let input = Input::new(path.display().to_string(), file);
    let rows = read_filled(desk.playbook.rows.as_ref(), input, &[SETTLE], &mut diagnostics);
    let mut by_key: HashMap<&str, Vec<&Case>> = HashMap::new();
    for case in cases {
        by_key.entry(case.key.as_str()).or_default().push(case);
    }
    let mut told = Vec::new();
    for row in rows.iter().filter(|row| row.cell(SETTLE).is_some()) {
        let of_key = by_key.get(row.key.as_str()).map(Vec::as_slice).unwrap_or_default();
        match word_of(desk, row, of_key, who) {
            Ok(one) => told.push(one),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    if diagnostics.has_errors() {
        return Err(Failure::Invalid(diagnostics));
    }
    Ok(told)
}

fn word_of(desk: &Desk, row: &FilledRow, cases: &[&Case], who: &str) -> Result<(Case, Settled), Box<Diagnostic>> {
    let wrong = |code, message: String, head: &str| {
        let place = row.cell(head).map_or(&row.place, |cell| &cell.place);
        Box::new(Diagnostic::error(code, message).at(place.clone(), "here"))
    };
    let run = &desk.frozen.run_id;
    if let Some(other) = row.cell(ResultColumn::Run.as_str()).filter(|cell| cell.text != run.as_str()) {
        let message = format!("This row is of the run `{}`, and the run is `{run}`", other.text);
        return Err(wrong("bad-value", message, ResultColumn::Run.as_str()));
    }
    let done = match row.cell(SETTLE).map(|cell| cell.text.to_lowercase()).as_deref() {
        Some("done") => SettleAs::Done,
        Some("failed") => SettleAs::Failed,
        _ => return Err(wrong("bad-value", format!("`{SETTLE}` is `done` or `failed`"), SETTLE)),
    };
    let step = row.cell(ResultColumn::Step.as_str());
    let mut meant = cases.iter().filter(|case| step.is_none_or(|step| step.text == case.doubt.step));
    let case = match (meant.next(), meant.next()) {
        (Some(case), None) => (*case).clone(),
        (None, _) => return Err(wrong("unknown-name", "Nothing of this row is unknown in the run".to_owned(), SETTLE)),
        (Some(_), Some(_)) => {
            let message = "Several calls of this row are unknown: settle them one by one with `--key` and `--step`";
            return Err(wrong("bad-value", message.to_owned(), SETTLE));
        }
    };
    let ours = |head: &str| head.starts_with('_') || desk.plan.results.iter().any(|(name, _)| name == head);
    let wanted = case.wanted();
    let outputs = row
        .cells
        .iter()
        // A result's column is an output's only where one of that name is asked for.
        .filter(|cell| !cell.text.is_empty() && (!ours(&cell.head) || wanted.contains(&cell.head)))
        .map(|cell| (cell.head.as_str(), cell.text.as_str()));
    let outputs = if done == SettleAs::Done { outputs.collect() } else { Vec::new() };
    let note = row.cell(NOTE).map(|cell| cell.text.as_str());
    let fact = settled(&case, &desk.plan, &Word { done, outputs, note, who });
    let fact = fact.map_err(|why| wrong("missing-input", in_columns(&why), SETTLE))?;
    Ok((case, fact))
}

/// In a file an output stands in a column of its name.
fn in_columns(why: &str) -> String {
    match why.split_once(": say what the vendor answered with") {
        Some((what, _)) => format!("{what}: add a column of that name and fill in what the vendor answered"),
        None => why.to_owned(),
    }
}
