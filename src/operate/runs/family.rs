//! The family of a run: the run itself, what it was made from, and its retries and undos; and how each row stands over all of
//! them.

use std::collections::HashMap;
use std::path::Path;

use super::list::{Listed, read_listed};
use super::status::RunStatus;
use crate::io::marks::row_hash;
use crate::model::{RowOutcome, RunId};
use crate::operate::state_folder::{later_runs, read_run};
use crate::report::RowCounts;
use crate::runner::LinkKind;

/// The most rows over which the state of each row is combined; larger families are only listed.
const MOST_ROWS: u64 = 2_000_000;

/// The runs that belong together, and how their rows stand.
#[derive(Debug)]
pub struct Family {
    /// The members, oldest first. Those that cannot be read are left out.
    pub members: Vec<RunStatus>,
    /// How each row stands over all members; `None` where a member cannot be read or there are too many rows.
    pub rows: Option<FamilyRows>,
}

/// Each row of a family, counted once by the last run that worked on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FamilyRows {
    /// The rows by outcome in the last run that had them, other than undos.
    pub outcomes: RowCounts,
    /// The number of rows that have not ended.
    pub open: u64,
    /// The number of rows that an undo took back, which are not counted in `outcomes`.
    pub taken_back: u64,
}

/// Finds the family of a run; `None` where the run stands alone.
pub(super) fn family_of(state: &Path, run: &RunStatus) -> Option<Family> {
    let mut waiting: Vec<RunId> = vec![run.run.clone()];
    let mut known: Vec<RunId> = Vec::new();
    let (mut members, mut all_read) = (Vec::new(), true);
    while let Some(id) = waiting.pop() {
        if known.contains(&id) {
            continue;
        }
        known.push(id.clone());
        match read_listed(state, &id) {
            Listed::Run(status) => {
                waiting.extend(status.link.as_ref().map(|link| link.of.clone()));
                members.push(*status);
            }
            Listed::Unreadable(..) | Listed::NotARun => {
                all_read = false;
                continue;
            }
        }
        if let Ok(Some(read)) = read_run(state, id.as_str()) {
            waiting.extend(later_runs(&read));
        }
    }
    if known.len() < 2 {
        return None;
    }
    members.sort_by(|one, other| one.run.cmp(&other.run));
    let total: u64 = members.iter().map(|member| member.rows.total).sum();
    let rows = if all_read && total <= MOST_ROWS { combined(state, &members) } else { None };
    Some(Family { members, rows })
}

/// How a row stands.
#[derive(Clone, Copy)]
enum Standing {
    Ended(RowOutcome),
    Open,
    TakenBack,
}

/// Combines the rows of all members; `None` where a journal cannot be read.
fn combined(state: &Path, members: &[RunStatus]) -> Option<FamilyRows> {
    let mut rows: HashMap<u64, Standing> = HashMap::new();
    for member in members {
        let known = read_run(state, member.run.as_str()).ok()??;
        // Rows whose keys could not be read have none: each of them stands for itself.
        let mut nameless = 0_u64;
        let undoes = member.link.as_ref().is_some_and(|link| link.kind == LinkKind::Undo);
        known
            .reader
            .each_key_and_end(&mut |key, outcome| {
                let standing = match (undoes, outcome) {
                    (false, Some(outcome)) => Some(Standing::Ended(outcome)),
                    (false, None) => Some(Standing::Open),
                    (true, Some(RowOutcome::Succeeded | RowOutcome::Unchanged)) => Some(Standing::TakenBack),
                    // An undo that is not done leaves the row as it was.
                    (true, _) => None,
                };
                let hash = if key.is_empty() {
                    nameless += 1;
                    row_hash(&format!("{}\u{0}{nameless}", member.run))
                } else {
                    row_hash(key)
                };
                if let Some(standing) = standing {
                    rows.insert(hash, standing);
                }
            })
            .ok()?;
    }
    let mut counted = FamilyRows::default();
    for standing in rows.into_values() {
        match standing {
            Standing::Ended(outcome) => counted.outcomes.add(outcome),
            Standing::Open => counted.open += 1,
            Standing::TakenBack => counted.taken_back += 1,
        }
    }
    Some(counted)
}
