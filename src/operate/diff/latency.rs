//! How long the requests of each operation took in two runs, side by side.

use std::collections::{BTreeMap, BTreeSet};

use super::compared::ComparedRun;
use super::report::OperationLatency;
use crate::operate::interface::{Context, Refusal};
use crate::operate::report::RunSource;
use crate::report::OperationRecord;

/// The times of two runs, for each operation that one of them measured; `None` where the playbook of a run can no longer
/// be read.
///
/// # Errors
/// [`Refusal::Broken`] where a journal cannot be read.
pub(super) fn latency(
    left: &ComparedRun,
    right: &ComparedRun,
    context: &Context,
) -> Result<Option<Vec<OperationLatency>>, Refusal> {
    if !left.has_plan() || !right.has_plan() {
        return Ok(None);
    }
    let (left, right) = (operations(left, context)?, operations(right, context)?);
    Ok(Some(side_by_side(&left, &right)))
}

fn operations(run: &ComparedRun, context: &Context) -> Result<BTreeMap<String, OperationRecord>, Refusal> {
    let source = RunSource::open(run.known.frozen.run_id.as_str(), context)?;
    Ok(source.read(&mut |_| Ok(()))?.operations)
}

fn side_by_side(
    left: &BTreeMap<String, OperationRecord>,
    right: &BTreeMap<String, OperationRecord>,
) -> Vec<OperationLatency> {
    let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    let both = names.into_iter().map(|name| OperationLatency {
        operation: name.clone(),
        left: left.get(name).and_then(|one| one.latency_ms),
        right: right.get(name).and_then(|one| one.latency_ms),
    });
    both.filter(|one| one.left.is_some() || one.right.is_some()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{CallTimes, OperationCounts};

    fn measured(name: &str, ms: Option<u64>) -> (String, OperationRecord) {
        let mut times = CallTimes::default();
        ms.into_iter().for_each(|ms| times.add(ms));
        (name.to_owned(), OperationRecord::new(OperationCounts::default(), times.summary()))
    }

    #[test]
    fn operations_of_either_run_are_listed_if_one_of_them_was_measured() {
        let left = BTreeMap::from([measured("a.b", Some(10)), measured("a.c", None)]);
        let right = BTreeMap::from([measured("a.b", Some(30)), measured("a.d", Some(5))]);
        let found = side_by_side(&left, &right);
        let shown: Vec<_> = found
            .iter()
            .map(|one| (one.operation.as_str(), one.left.map(|time| time.p50), one.right.map(|time| time.p50)))
            .collect();
        assert_eq!(shown, [("a.b", Some(10), Some(30)), ("a.d", None, Some(5))]);
    }
}
