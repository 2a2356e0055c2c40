//! Rate limits: the calls of one account to one endpoint for one operation share one bucket, and count for its daily
//! quotas.

use std::time::Duration;

use crate::model::Limits;
use crate::provider::{Connection, CredentialSource, Operation, Quota};

/// The rate limit that the calls of one account and operation share.
#[derive(Debug, Clone, PartialEq)]
pub struct RateBucketPlan {
    /// Identifies the bucket between runs: where the credentials come from, endpoint, operation. Holds no secret.
    pub key: String,
    /// The full name of the operation.
    pub operation: String,
    /// Index into [`Plan::connections`](super::Plan::connections).
    pub connection: usize,
    /// Rate and calls in flight.
    pub limits: Limits,
    /// The daily quotas that its calls count for; empty where neither operation nor account has one.
    pub quotas: Vec<QuotaPlan>,
}

/// A daily quota with a number of calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaPlan {
    /// Identifies the quota between runs: the account, and the operation where it is its own. Holds no secret.
    pub key: String,
    /// What is counted, as messages say it.
    pub what: String,
    /// Calls allowed a day.
    pub calls: u64,
    /// When its days begin, among others.
    pub quota: Quota,
}

impl RateBucketPlan {
    /// Returns the bucket of an operation over the connection with the index `place`.
    #[must_use]
    pub fn new(operation: &Operation, connection: &Connection, place: usize) -> Self {
        let name = operation.full_name().to_owned();
        let key = format!("{} {name}", account(operation, connection));
        let (limits, quotas) = (operation.limits_over(connection), quotas(operation, connection));
        Self { key, operation: name, connection: place, limits, quotas }
    }

    /// Returns the least time in which the rate lets that many calls start; zero without a rate.
    #[must_use]
    pub fn least_time(&self, calls: u64) -> Duration {
        #[allow(clippy::cast_precision_loss)]
        let calls = calls.saturating_sub(1) as f64;
        self.limits.rate.map_or(Duration::ZERO, |rate| {
            Duration::try_from_secs_f64(calls / rate.per_second()).unwrap_or(Duration::MAX)
        })
    }
}

/// Identifies an account at an endpoint: where its credentials come from, and the base URL.
fn account(operation: &Operation, connection: &Connection) -> String {
    let credentials: Vec<String> = connection.credentials.iter().map(|(name, from)| identity(name, from)).collect();
    let base = connection.base_url.as_deref().or(operation.provider.base_url.as_deref()).unwrap_or_default();
    format!("{} {base}", credentials.join(","))
}

/// Identifies a credential by where it comes from; never by its value.
fn identity(name: &str, source: &CredentialSource) -> String {
    match source {
        CredentialSource::Env(variable) => format!("{name}=env:{variable}"),
        CredentialSource::File(path) => format!("{name}=file:{}", path.display()),
        CredentialSource::Command(words) => format!("{name}=command:{}", words.join(" ")),
        CredentialSource::Literal(_) => format!("{name}=literal"),
    }
}

/// Returns the quotas that a call counts for: the operation's own, and the account's over all operations.
fn quotas(operation: &Operation, connection: &Connection) -> Vec<QuotaPlan> {
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
