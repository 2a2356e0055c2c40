//! What the page asks of the list of runs: a filter, and how many of them before which one.

use super::query::Query;
use super::route::run_id;
use crate::model::RowOutcome;
use crate::operate::{NameFilter, RunState, RunsFilter, RunsRequest};

/// The runs that come if the page does not say how many.
const LIMIT: u64 = 100;

/// The most runs that come at once.
const MOST: u64 = 500;

/// Reads the request.
///
/// # Errors
/// What is wrong with the query, as a sentence.
pub(super) fn runs_request(mut query: Query) -> Result<RunsRequest, String> {
    let limit = query.number("limit")?.unwrap_or(LIMIT);
    if !(1..=MOST).contains(&limit) {
        return Err(format!("`limit` must lie between 1 and {MOST}."));
    }
    let state = query.text("state");
    if state.as_ref().is_some_and(|word| !RunState::words().contains(&word.as_str())) {
        return Err(format!("`state` must be one of: {}.", RunState::words().join(", ")));
    }
    let outcome = query.text("outcome").map(|word| RowOutcome::of_word(&word)).transpose();
    let outcomes = || RowOutcome::ALL.map(RowOutcome::as_str).join(", ");
    let outcome = outcome.map_err(|_| format!("`outcome` must be one of: {}.", outcomes()))?;
    let before = query.text("before").map(|text| run_id(&text).ok_or("`before` must be the id of a run.".to_owned()));
    let request = RunsRequest {
        filter: RunsFilter {
            playbook: query.text("playbook").map(NameFilter::Part),
            environment: query.text("environment").map(NameFilter::Part),
            state,
            outcome,
        },
        before: before.transpose()?,
        limit: Some(limit),
        pruned: false,
    };
    query.finish().map(|()| request)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<RunsRequest, String> {
        runs_request(Query::parse(Some(text)).unwrap())
    }

    #[test]
    fn everything_is_optional_and_bounded() {
        let all = read("").unwrap();
        assert_eq!((all.limit, all.filter, all.before), (Some(LIMIT), RunsFilter::default(), None));
        let some = read(
            "playbook=Move&environment=prod&state=broken+off&outcome=unknown&before=20261122-004610-0423fa&limit=500",
        );
        let some = some.unwrap();
        assert_eq!(some.filter.playbook, Some(NameFilter::Part("Move".to_owned())));
        assert_eq!(
            (some.filter.state.as_deref(), some.filter.outcome),
            (Some("broken off"), Some(RowOutcome::Unknown))
        );
        assert_eq!(some.before.unwrap().as_str(), "20261122-004610-0423fa");
        for (text, part) in [
            ("limit=0", "between 1 and 500"),
            ("limit=501", "between 1 and 500"),
            ("limit=x", "whole number"),
            ("state=", "`state` must be one of"),
            ("state=Running", "`state` must be one of"),
            ("outcome=", "`outcome` must be one of"),
            ("outcome=lost", "`outcome` must be one of"),
            ("before=", "`before`"),
            ("before=../x", "`before`"),
            ("page=2", "`page` is not known"),
            ("Playbook=x", "`Playbook` is not known"),
        ] {
            let refused = read(text).unwrap_err();
            assert!(refused.contains(part), "{text}: {refused}");
        }
    }
}
