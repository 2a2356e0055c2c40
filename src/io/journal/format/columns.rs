//! How values stand in the journal's tables: scopes as numbers, the columns that are read, the names in `meta`.

use crate::model::StepScope;

/// The name in `meta` of the number of rows.
pub(in crate::io::journal) const ROW_COUNT: &str = "row_count";

/// The name in `meta` of the environment that the run sends to.
pub(in crate::io::journal) const ENVIRONMENT: &str = "environment";

/// The name in `meta` of the run whose mark lies outside the journal's folder.
pub(in crate::io::journal) const MARK: &str = "mark";

/// The name in `meta` of the later runs that were made from this one, oldest first.
pub const SUCCESSORS: &str = "successors";

/// The columns of `rows`, aliased as `r`, that are read of a row.
pub(in crate::io::journal) const ROW: &str = "r.position, r.number, r.key, r.raw, r.cells, r.invalid, r.sum";

/// The columns of `entries` that are read of an entry.
pub(in crate::io::journal) const ENTRY: &str = "seq, scope, at, facts, sum";

/// The number that stands for a scope in the tables.
pub(in crate::io::journal) fn scope_number(scope: StepScope) -> i64 {
    match scope {
        StepScope::Before => -1,
        StepScope::After => -2,
        StepScope::Run => -3,
        StepScope::Row(position) => i64::try_from(position).unwrap_or(i64::MAX),
    }
}

/// The scope that a number in the tables stands for.
pub(in crate::io::journal) fn scope_of(number: i64) -> StepScope {
    match number {
        -1 => StepScope::Before,
        -2 => StepScope::After,
        number => u64::try_from(number).map_or(StepScope::Run, StepScope::Row),
    }
}
