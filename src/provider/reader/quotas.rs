//! The `quota` section.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::diagnostic::{Diagnostics, Source};
use crate::provider::quota::Quota;
use crate::yaml::{Fields, Node};

/// `quota: { calls: 1000000, resets: Asia/Shanghai }`: calls a day, and the zone at whose midnight they come back.
pub(crate) fn read_quota(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Quota> {
    let mut fields = Fields::open(node, source, diagnostics, "`quota`")?;
    let zone = |name: &str| TimeZone::get(name).map_err(|_| format!("`{name}` is no time zone"));
    fields.required("resets");
    let zone = fields.parsed("resets", "a time zone such as `Asia/Shanghai`", zone);
    let calls = fields.integer("calls");
    if calls == Some(0) {
        let span = fields.span();
        fields.error("bad-value", span, "`calls` must be at least 1", None);
    }
    fields.finish();
    Some(Quota { calls, zone: zone? })
}
