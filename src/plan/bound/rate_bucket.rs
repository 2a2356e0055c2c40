//! Rate limits. The calls of one account to one endpoint for one operation share a bucket, and count for its daily
//! quotas.

use std::time::Duration;

use crate::model::Limits;
use crate::provider::{Connection, CredentialSource, Operation, Quota};

/// The rate limit that the calls of one account and operation share.
#[derive(Debug, Clone, PartialEq)]
pub struct RateBucketPlan {
    /// Identifies the bucket between runs: the source of the credentials, the endpoint, the operation. It contains no
    /// secret.
    pub key: String,
    /// The full name of the operation.
    pub operation: String,
    /// Index into [`Plan::connections`](super::Plan::connections).
    pub connection: usize,
    /// The rate, and the most calls under way.
    pub limits: Limits,
    /// The daily quotas that its calls count for; empty if neither operation nor account has one.
    pub quotas: Vec<QuotaPlan>,
}

/// A daily quota with a number of calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaPlan {
    /// Identifies the quota between runs: the account, and the operation if the quota is its own. It contains no
    /// secret.
    pub key: String,
    /// What is counted, in words.
    pub what: String,
    /// The most calls per day.
    pub calls: u64,
    /// When its days begin.
    pub quota: Quota,
}

impl RateBucketPlan {
    /// The bucket of an operation on the connection with the index `place`.
    #[must_use]
    pub fn new(operation: &Operation, connection: &Connection, place: usize) -> Self {
        let name = operation.full_name().to_owned();
        let key = format!("{} {name}", account(operation, connection));
        let (limits, quotas) = (operation.limits_over(connection), quotas(operation, connection));
        Self { key, operation: name, connection: place, limits, quotas }
    }

    /// The least time in which the rate lets this number of calls start; zero without a rate.
    #[must_use]
    pub fn least_time(&self, calls: u64) -> Duration {
        #[allow(clippy::cast_precision_loss)]
        let calls = calls.saturating_sub(1) as f64;
        self.limits.rate.map_or(Duration::ZERO, |rate| {
            Duration::try_from_secs_f64(calls / rate.per_second()).unwrap_or(Duration::MAX)
        })
    }
}

/// Identifies an account at an endpoint: the source of its credentials, and the base URL.
fn account(operation: &Operation, connection: &Connection) -> String {
    let credentials: Vec<String> = connection.credentials.iter().map(|(name, from)| identity(name, from)).collect();
    let base = connection.base_url.as_deref().or(operation.provider.base_url.as_deref()).unwrap_or_default();
    format!("{} {base}", credentials.join(","))
}

/// Identifies a credential by its source, never by its value.
fn identity(name: &str, source: &CredentialSource) -> String {
    match source {
        CredentialSource::Env(variable) => format!("{name}=env:{variable}"),
        CredentialSource::File(path) => format!("{name}=file:{}", path.display()),
        CredentialSource::Command(words) => format!("{name}=command:{}", words.join(" ")),
        CredentialSource::Literal(_) => format!("{name}=literal"),
    }
}

/// The quotas that a call counts for: the operation's own, and the account's over all operations.
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
