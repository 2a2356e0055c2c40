//! Limits outside the plan: the rate limits that all processes on this machine share, and the number of files that this
//! process may open.

use std::sync::Arc;

use crate::engine::DEFAULT_IN_FLIGHT;
use crate::io::{Descriptors, Ledger};
use crate::model::Limits;
use crate::operate::interface::{Context, Notice, Refusal};
use crate::plan::Plan;
use crate::runner::{RunFolder, Vendor};

/// The files kept free for everything but calls: the journal, the ledger, journals of other runs, row files, name servers.
const KEPT_FREE: u64 = 64;

/// The files kept free under a low limit.
const KEPT_FREE_AT_LEAST: u64 = 24;

/// Lowers the calls under way at once so that enough files stay free, and sends a notice where that is fewer than asked for.
pub(crate) fn within_open_files(limits: Limits, plan: &Plan, context: &Context) -> Limits {
    let (fitting, short) = fit_open_files(limits, plan);
    if let Some(FileShortage { wanted, given, limit }) = short {
        context.notice(Notice::FewDescriptors { wanted, given, limit });
    }
    fitting
}

/// Lowers the most calls under way at once that people may set, so that enough files stay free.
pub(crate) fn ceiling_within_open_files(ceiling: Limits, plan: &Plan) -> Limits {
    fit_open_files(ceiling, plan).0
}

/// Fewer calls under way at once than asked for.
struct FileShortage {
    wanted: u64,
    given: u64,
    limit: u64,
}

fn fit_open_files(limits: Limits, plan: &Plan) -> (Limits, Option<FileShortage>) {
    if plan.environment.is_sandbox() {
        return (limits, None);
    }
    let used = (0..plan.connections.len()).filter(|at| plan.rate_buckets.iter().any(|budget| budget.connection == *at));
    let of_connections = used.clone().map(|at| u64::from(plan.connections[at].limits.in_flight.unwrap_or(u32::MAX)));
    let wanted = u64::from(limits.in_flight.unwrap_or(DEFAULT_IN_FLIGHT)).min(of_connections.sum());
    let now = Descriptors::read();
    let Some(limit) = now.limit else { return (limits, None) };
    let given = calls_at_once(limit, now.open, used.count() as u64);
    if wanted <= given {
        return (limits, None);
    }
    let fitting = Limits { in_flight: u32::try_from(given).ok(), ..limits };
    (fitting, Some(FileShortage { wanted, given, limit }))
}

/// The number of calls that may be under way at once. The sockets of a vendor stay open for a while after its calls, so each
/// vendor gets its own share.
fn calls_at_once(limit: u64, open: u64, vendors: u64) -> u64 {
    let kept_free = (limit / 3).clamp(KEPT_FREE_AT_LEAST, KEPT_FREE);
    (limit.saturating_sub(open).saturating_sub(kept_free) / vendors.max(1)).max(1)
}

/// Opens the ledger with the file of every rate limit and quota that the run shares with other processes; `None` for the
/// sandbox.
///
/// # Errors
/// [`Refusal::Broken`] where a file cannot be used.
pub(crate) fn open_ledger(plan: &Plan, folder: &RunFolder, vendors: &[Arc<Vendor>]) -> Result<Option<Ledger>, Refusal> {
    let state = folder.path().ancestors().nth(2).filter(|_| !plan.environment.is_sandbox());
    let rated =
        plan.rate_buckets.iter().filter(|budget| budget.limits.rate.is_some()).map(|budget| budget.key.as_str());
    let quotas = plan.rate_buckets.iter().flat_map(|budget| &budget.quotas).map(|quota| quota.key.as_str());
    let logins = vendors.iter().flat_map(|vendor| vendor.login_rates());
    let opened = state.map(|state| Ledger::open(state, rated.chain(quotas).chain(logins))).transpose();
    opened.map_err(|error| Refusal::broken(format!("{error}\n  Nothing was sent. {}", error.advice())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_leave_files_free_and_at_least_one_is_allowed() {
        assert_eq!(calls_at_once(1_024, 20, 1), 940);
        assert_eq!(calls_at_once(1_024, 20, 2), 470);
        assert_eq!(calls_at_once(64, 10, 1), 30);
        assert_eq!(calls_at_once(20, 10, 3), 1);
        assert_eq!(calls_at_once(u64::MAX, 0, 0), u64::MAX - 64);
    }
}
