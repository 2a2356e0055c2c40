//! What a simulator may look at while it answers a call.

use super::rate_windows::Gates;
use crate::model::Time;
use crate::sandbox::setup::Tuning;
use crate::sandbox::world::{Vendor, World};

/// What a simulator may look at.
pub(in crate::sandbox) struct Desk<'w> {
    pub(in crate::sandbox) world: &'w World,
    pub(in crate::sandbox) tuning: &'w Tuning,
    pub(in crate::sandbox) gates: &'w Gates,
    pub(in crate::sandbox) now: Time,
    /// The call's number as text, for ids that must differ from call to call.
    pub(in crate::sandbox) number: String,
}

impl Desk<'_> {
    /// The window that the call counts in; none where it is full.
    pub(in crate::sandbox) fn gate(&self, vendor: Vendor, operation: &str, credential: &str) -> Option<String> {
        let key = format!("{}:{operation}:{credential}", vendor.as_str());
        let Some(&rate) = self.tuning.rates.get(&vendor) else { return Some(key) };
        self.gates.admits(&key, rate, self.tuning.jitter, self.now).then_some(key)
    }

    /// The window of token calls; none where it is full.
    pub(in crate::sandbox) fn token_gate(&self, vendor: Vendor, credential: &str) -> Option<String> {
        let key = format!("{}:token:{credential}", vendor.as_str());
        self.gates.admits(&key, self.tuning.token_rate, self.tuning.jitter, self.now).then_some(key)
    }

    /// Whole seconds since the Unix epoch.
    pub(in crate::sandbox) fn secs(&self) -> i64 {
        self.now.as_secs()
    }
}
