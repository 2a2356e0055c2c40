//! Budgets: the calls of one credential at one endpoint for one operation share one limit.

use std::time::Duration;

use crate::model::Limits;
use crate::provider::{Connection, CredentialSource, Operation, Quota};

/// One budget.
#[derive(Debug, Clone, PartialEq)]
pub struct RateBucketPlan {
    /// Credential, endpoint and operation, without any secret.
    pub key: String,
    /// The operation, for people.
    pub operation: String,
    /// The connection's place in the plan.
    pub connection: usize,
    /// Its limits.
    pub limits: Limits,
    /// The daily quotas that its calls count for.
    pub quotas: Vec<QuotaPlan>,
}

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

impl RateBucketPlan {
    /// The budget of an operation over a connection.
    #[must_use]
    pub fn new(operation: &Operation, connection: &Connection, place: usize) -> Self {
        let name = operation.full_name().to_owned();
        let key = format!("{} {name}", account(operation, connection));
        let (limits, quotas) = (operation.limits_over(connection), quotas(operation, connection));
        Self { key, operation: name, connection: place, limits, quotas }
    }

    /// The shortest time in which so many calls fit the rate.
    #[must_use]
    pub fn least_time(&self, calls: u64) -> Duration {
        #[allow(clippy::cast_precision_loss)]
        let calls = calls.saturating_sub(1) as f64;
        self.limits.rate.map_or(Duration::ZERO, |rate| {
            Duration::try_from_secs_f64(calls / rate.per_second()).unwrap_or(Duration::MAX)
        })
    }
}

/// Whose calls to where: credentials and endpoint.
fn account(operation: &Operation, connection: &Connection) -> String {
    let credentials: Vec<String> = connection.credentials.iter().map(|(name, from)| identity(name, from)).collect();
    let base = connection.base_url.as_deref().or(operation.provider.base_url.as_deref()).unwrap_or_default();
    format!("{} {base}", credentials.join(","))
}

/// Whose credential it is, by where it comes from; never its value.
fn identity(name: &str, source: &CredentialSource) -> String {
    match source {
        CredentialSource::Env(variable) => format!("{name}=env:{variable}"),
        CredentialSource::File(path) => format!("{name}=file:{}", path.display()),
        CredentialSource::Command(words) => format!("{name}=command:{}", words.join(" ")),
        CredentialSource::Literal(_) => format!("{name}=literal"),
    }
}

/// The quotas that a call of an operation over a connection counts for.
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
