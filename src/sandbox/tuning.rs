//! What can be set about the simulators: limits, the life of tokens, open questions of the vendors.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::Rate;

use super::entry::Vendor;

const fn rate(calls: u32, secs: u64) -> Rate {
    Rate { calls, per: Duration::from_secs(secs) }
}

/// How the simulators behave where the vendors differ, keep silent, or where a rehearsal wants it otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Tuning {
    /// Calls of one credential per operation, by vendor. Tencent documents 20/s an action, Fxiaoke
    /// 100/20s a path; arctos and eSignon document none, the sandbox's default is 20/s a path.
    pub rates: BTreeMap<Vendor, Rate>,
    /// Token calls of Fxiaoke; documented: 10 a minute.
    pub token_rate: Rate,
    /// How much shorter than documented a window is counted, at most a twentieth of it: calls that
    /// left at the right pace may arrive a little closer together.
    pub jitter: Duration,
    /// Life of an arctos token; not documented, default 2 h.
    pub arctos_token: Duration,
    /// Life of an arctos login code; documented: 10 min.
    pub arctos_code: Duration,
    /// Life of a Fxiaoke token; documented: 7,200 s.
    pub fxiaoke_token: Duration,
    /// Until then a Fxiaoke token call answers the same token; documented: 6,600 s.
    pub fxiaoke_renew: Duration,
    /// Life of an eSignon token; an older text says 30 days.
    pub esignon_token: Duration,
    /// Whether a second release of a contract is refused while one is pending; not documented.
    pub refuse_second_release: bool,
}

impl Default for Tuning {
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

impl Tuning {
    /// Without any limit on calls, for tests and for measuring.
    #[must_use]
    pub fn unlimited() -> Self {
        Self { rates: BTreeMap::new(), token_rate: rate(u32::MAX, 1), ..Self::default() }
    }

    /// With another limit for one vendor.
    #[must_use]
    pub fn with_rate(mut self, vendor: Vendor, rate: Rate) -> Self {
        self.rates.insert(vendor, rate);
        self
    }
}
