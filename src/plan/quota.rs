//! Daily quotas of a budget: the operation's own, and the account's over all its operations.

use super::budget::account;
use crate::provider::{Connection, Operation, Quota};

/// A daily quota that is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaPlan {
    /// Whose calls of what count together, without any secret.
    pub key: String,
    /// For people: what is counted.
    pub what: String,
    /// Calls a day.
    pub calls: u64,
    /// When its days begin.
    pub quota: Quota,
}

/// The quotas that a call of an operation over a connection counts for.
pub(super) fn quotas(operation: &Operation, connection: &Connection) -> Vec<QuotaPlan> {
    let account = account(operation, connection);
    let name = operation.full_name();
    let own = operation.quota.as_ref().and_then(|quota| {
        let (key, what) = (format!("quota {account} {name}"), format!("calls of `{name}`"));
        Some(QuotaPlan { key, what, calls: quota.calls?, quota: quota.clone() })
    });
    let all = operation.provider.quota.as_ref().and_then(|quota| {
        let (key, what) = (format!("quota {account}"), format!("calls over `{}`", connection.name));
        let calls = connection.daily_quota.or(quota.calls)?;
        Some(QuotaPlan { key, what, calls, quota: quota.clone() })
    });
    own.into_iter().chain(all).collect()
}
