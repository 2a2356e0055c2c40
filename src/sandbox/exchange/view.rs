//! What a simulator may look at while it answers a call.

use super::rate_windows::RateWindows;
use crate::model::Time;
use crate::sandbox::setup::SimulatorSettings;
use crate::sandbox::world::{Vendor, World};

/// What a simulator may look at.
pub(in crate::sandbox) struct SandboxView<'w> {
    pub(in crate::sandbox) world: &'w World,
    pub(in crate::sandbox) settings: &'w SimulatorSettings,
    pub(in crate::sandbox) windows: &'w RateWindows,
    pub(in crate::sandbox) now: Time,
    /// The call's number as text, for ids that must differ from call to call.
    pub(in crate::sandbox) number: String,
}

impl SandboxView<'_> {
    /// Returns the key of the rate window that the call counts in; `None` if the rate is used up.
    pub(in crate::sandbox) fn admit(&self, vendor: Vendor, operation: &str, credential: &str) -> Option<String> {
        let key = format!("{}:{operation}:{credential}", vendor.as_str());
        let Some(&rate) = self.settings.rates.get(&vendor) else { return Some(key) };
        self.windows.admits(&key, rate, self.settings.jitter, self.now).then_some(key)
    }

    /// Returns the key of the rate window of token calls; `None` if the rate is used up.
    pub(in crate::sandbox) fn admit_token_call(&self, vendor: Vendor, credential: &str) -> Option<String> {
        let key = format!("{}:token:{credential}", vendor.as_str());
        self.windows.admits(&key, self.settings.token_rate, self.settings.jitter, self.now).then_some(key)
    }

    /// Whole seconds since the Unix epoch.
    pub(in crate::sandbox) fn secs(&self) -> i64 {
        self.now.as_secs()
    }
}
