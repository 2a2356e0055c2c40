//! What a simulator can see while it answers a call.

use super::rate_windows::RateWindows;
use crate::model::Time;
use crate::sandbox::setup::SimulatorSettings;
use crate::sandbox::world::{Vendor, World};

/// What a simulator can see.
pub(in crate::sandbox) struct SandboxView<'w> {
    pub(in crate::sandbox) world: &'w World,
    pub(in crate::sandbox) settings: &'w SimulatorSettings,
    pub(in crate::sandbox) windows: &'w RateWindows,
    pub(in crate::sandbox) now: Time,
    /// The number of the call as text, for ids that must differ between calls.
    pub(in crate::sandbox) number: String,
}

impl SandboxView<'_> {
    /// The key of the rate window that counts the call; `None` if the rate is used up.
    pub(in crate::sandbox) fn admit(&self, vendor: Vendor, operation: &str, credential: &str) -> Option<String> {
        let key = format!("{}:{operation}:{credential}", vendor.as_str());
        let Some(&rate) = self.settings.rates.get(&vendor) else { return Some(key) };
        self.windows.admits(&key, rate, self.settings.jitter, self.now).then_some(key)
    }

    /// The key of the rate window of token calls; `None` if the rate is used up.
    pub(in crate::sandbox) fn admit_token_call(&self, vendor: Vendor, credential: &str) -> Option<String> {
        let key = format!("{}:token:{credential}", vendor.as_str());
        self.windows.admits(&key, self.settings.token_rate, self.settings.jitter, self.now).then_some(key)
    }

    /// The time in whole seconds since the Unix epoch.
    pub(in crate::sandbox) fn secs(&self) -> i64 {
        self.now.as_secs()
    }
}
