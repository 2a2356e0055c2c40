//! Settings of the simulators: limits, token lifetimes, and choices that vendors leave open.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::Rate;
use crate::provider::Connection;
use crate::sandbox::world::Vendor;

const fn rate(calls: u32, secs: u64) -> Rate {
    Rate { calls, per: Duration::from_secs(secs) }
}

/// How the simulators behave where vendors differ, document nothing, or a rehearsal needs other behaviour.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulatorSettings {
    /// The rate of one credential per operation, by vendor. Tencent documents 20/s per action, Fxiaoke 100/20s per
    /// path; arctos and eSignon document none, and the sandbox's default is 20/s per path.
    pub rates: BTreeMap<Vendor, Rate>,
    /// The rate of Fxiaoke's token calls; documented: 10 a minute.
    pub token_rate: Rate,
    /// How much shorter than documented a window is counted, by a twentieth at most, because calls that left at the
    /// right pace may arrive a little closer together.
    pub jitter: Duration,
    /// Lifetime of an arctos token; not documented, default 2 h.
    pub arctos_token: Duration,
    /// Lifetime of an arctos login code; documented: 10 min.
    pub arctos_code: Duration,
    /// Lifetime of a Fxiaoke token; documented: 7,200 s.
    pub fxiaoke_token: Duration,
    /// How long a Fxiaoke token call returns the same token; documented: 6,600 s.
    pub fxiaoke_renew: Duration,
    /// Lifetime of an eSignon token; an older document says 30 days.
    pub esignon_token: Duration,
    /// Whether a second release of a contract is refused while one is pending; not documented.
    pub refuse_second_release: bool,
}

impl Default for SimulatorSettings {
    fn default() -> Self {
        let rates = [
            (Vendor::TencentEss, rate(20, 1)),
            (Vendor::TencentEssbasic, rate(20, 1)),
            (Vendor::Fxiaoke, rate(100, 20)),
            (Vendor::Arctos, rate(20, 1)),
            (Vendor::Esignon, rate(20, 1)),
        ];
        Self {
            rates: rates.into(),
            token_rate: rate(10, 60),
            jitter: Duration::from_millis(50),
            arctos_token: Duration::from_secs(7_200),
            arctos_code: Duration::from_secs(600),
            fxiaoke_token: Duration::from_secs(7_200),
            fxiaoke_renew: Duration::from_secs(6_600),
            esignon_token: Duration::from_secs(30 * 86_400),
            refuse_second_release: true,
        }
    }
}

impl SimulatorSettings {
    /// Settings without limits on calls, for tests and measurements.
    #[cfg(any(test, feature = "internals"))]
    #[must_use]
    pub fn unlimited() -> Self {
        Self { rates: BTreeMap::new(), token_rate: rate(u32::MAX, 1), ..Self::default() }
    }

    /// Raises the limits to what these connections are allowed to send: settings that raise a limit of the sandbox
    /// raise it on both sides.
    #[must_use]
    pub fn admitting<'c>(mut self, connections: impl IntoIterator<Item = &'c Connection>) -> Self {
        for connection in connections {
            let Some(vendor) = Vendor::named(&connection.provider) else { continue };
            let operations = connection.operations.values().map(|given| given.limits.rate);
            for wanted in std::iter::once(connection.limits.rate).chain(operations).flatten() {
                let present = self.rates.get(&vendor).copied();
                if present.is_some_and(|present| wanted.per_second() > present.per_second()) {
                    // A tenth more, because calls may arrive closer together than they left.
                    let calls = wanted.calls.saturating_add(wanted.calls / 10 + 1);
                    self.rates.insert(vendor, Rate { calls, ..wanted });
                }
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Limits;

    #[test]
    fn settings_raise_limits_and_never_lower_them() {
        let connection = |provider: &str, calls: u32| Connection {
            provider: provider.to_owned(),
            limits: Limits { rate: Some(rate(calls, 1)), in_flight: None },
            ..Connection::default()
        };
        let given = [connection("tencent_ess", 500), connection("arctos", 5), connection("elsewhere", 500)];
        let settings = SimulatorSettings::default().admitting(&given);
        assert_eq!(settings.rates[&Vendor::TencentEss], rate(551, 1));
        assert_eq!(settings.rates[&Vendor::Arctos], rate(20, 1));
        assert_eq!(settings.rates.len(), SimulatorSettings::default().rates.len());
        assert!(SimulatorSettings::unlimited().admitting(&given).rates.is_empty());
    }
}
