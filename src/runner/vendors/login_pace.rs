//! Keeps logins within the vendor's rate limit, over all processes of a user on this machine.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::io::{Clock, Ledger, LedgerError};
use crate::model::Rate;
use crate::plan::RateBucketPlan;
use crate::policy::RateLimiter;
use crate::provider::Connection;
use crate::provider::LoginStep;

/// The rate if neither the operation, the settings nor the provider name one.
const DEFAULT_RATE: Rate = Rate { calls: 1, per: Duration::from_secs(1) };

/// Time until a rate lease is asked for again while another process has the ledger file locked.
const ASK_AGAIN: Duration = Duration::from_millis(5);

/// The rate limit of one login operation.
pub(super) struct LoginPace {
    key: String,
    rate: Rate,
    limiter: Mutex<Option<RateLimiter>>,
}

impl LoginPace {
    pub(super) fn of(step: &LoginStep, connection: &Connection) -> Self {
        let operation = &step.operation;
        let given = connection.operations.get(&operation.name).and_then(|given| given.limits.rate);
        // The limits of the whole connection are meant for its calls, so the login's own limits come first.
        let rate = given.or(operation.limits.rate).or_else(|| operation.limits_over(connection).rate);
        let key = RateBucketPlan::new(operation, connection, 0).key;
        Self { key, rate: rate.unwrap_or(DEFAULT_RATE), limiter: Mutex::new(None) }
    }

    /// Its key in the ledger.
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    /// Waits until a login may be sent, and counts it.
    ///
    /// # Errors
    /// [`LedgerError`] if the ledger cannot be used.
    pub(super) async fn wait(&self, ledger: Option<&Ledger>, clock: Clock) -> Result<(), LedgerError> {
        while let Some(wait) = self.step(ledger, clock)? {
            tokio::time::sleep(wait).await;
        }
        Ok(())
    }

    /// Counts a login if it may be sent now; otherwise returns how long to wait before trying again.
    fn step(&self, ledger: Option<&Ledger>, clock: Clock) -> Result<Option<Duration>, LedgerError> {
        let mut limiter = self.limiter.lock().unwrap_or_else(PoisonError::into_inner);
        let shared = ledger.is_some();
        let limiter = limiter.get_or_insert_with(|| match shared {
            true => RateLimiter::shared(self.rate),
            false => RateLimiter::new(self.rate),
        });
        let now = clock.now();
        let at = limiter.earliest(now);
        if let (Some(wanted), Some(ledger)) = (limiter.needs_lease(at, 1), ledger) {
            let lease = ledger.take_lease(&self.key, wanted, &clock)?;
            lease.into_iter().for_each(|lease| limiter.on_lease(lease));
            return Ok(Some(if lease.is_some() { Duration::ZERO } else { ASK_AGAIN }));
        }
        if at > now {
            return Ok(Some(clock.until(at)));
        }
        limiter.take(now);
        Ok(None)
    }
}
