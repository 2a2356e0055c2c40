//! The budgets that all processes on this machine share, opened before anything is sent.

use std::sync::Arc;

use crate::io::Ledger;
use crate::operate::refusal::Refusal;
use crate::plan::Plan;
use crate::runner::{RunFolder, Vendor};

/// Opens the ledger with every file that the run counts in; what is sent to simulators inside the process is nobody
/// else's.
///
/// # Errors
/// [`Refusal::Broken`] where it cannot be used: what is wrong with which file, and what to do.
pub(crate) fn ledger(plan: &Plan, folder: &RunFolder, vendors: &[Arc<Vendor>]) -> Result<Option<Ledger>, Refusal> {
    let state = folder.path().ancestors().nth(2).filter(|_| !plan.environment.is_sandbox());
    let rated =
        plan.rate_buckets.iter().filter(|budget| budget.limits.rate.is_some()).map(|budget| budget.key.as_str());
    let quotas = plan.rate_buckets.iter().flat_map(|budget| &budget.quotas).map(|quota| quota.key.as_str());
    let logins = vendors.iter().flat_map(|vendor| vendor.login_budgets());
    let opened = state.map(|state| Ledger::open(state, rated.chain(quotas).chain(logins))).transpose();
    opened.map_err(|error| Refusal::broken(format!("{error}\n  Nothing was sent. {}", error.advice())))
}
