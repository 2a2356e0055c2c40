//! The simulated vendors.

use serde::{Deserialize, Serialize};

use crate::model::words;

words! {
    /// A simulated vendor.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Vendor {
        /// Appointments.
        Arctos = "arctos",
        /// Approvals.
        Fxiaoke = "fxiaoke",
        /// Documents to sign, by e-mail.
        Esignon = "esignon",
        /// Contracts of one's own enterprise.
        TencentEss = "tencent_ess",
        /// Contracts of a platform.
        TencentEssbasic = "tencent_essbasic",
        /// No vendor: the echo.
        Http = "http",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::assert_serialized;

    #[test]
    fn each_variant_is_stored_as_its_word() {
        assert_serialized::<Vendor>();
    }
}
