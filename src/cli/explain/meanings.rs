//! The meanings of a code, and the nearest known code where it has none.

use super::topic::Topic;
use super::vendor_codes::{VendorCode, all_codes, vendor_codes};
use crate::diagnostic::{Explanation, near_miss};
use crate::provider::Registry;

/// One meaning of a code.
pub(super) enum CodeMeaning<'r> {
    /// A code of runsheet.
    Ours(Topic, &'static Explanation),
    /// A code of a vendor, under the name in its table.
    Vendors(String, VendorCode<'r>),
}

/// Returns every meaning of a code.
pub(super) fn meanings_of<'r>(registry: &'r Registry, asked: &str) -> Vec<CodeMeaning<'r>> {
    let ours =
        Topic::ALL.into_iter().filter_map(|topic| topic.entry(asked).map(|entry| CodeMeaning::Ours(topic, entry)));
    let vendors = vendor_codes(registry, asked).into_iter().map(|(name, code)| CodeMeaning::Vendors(name, code));
    ours.chain(vendors).collect()
}

/// Returns the known code that is nearest to an unknown one.
pub(super) fn nearest_code(registry: &Registry, asked: &str) -> Option<String> {
    let asked_code = asked.rsplit_once(':').map_or(asked, |(_, code)| code);
    let vendors: Vec<String> = all_codes(registry).into_iter().map(|(name, _)| name).collect();
    let providers = registry.providers().map(|provider| provider.name.as_str());
    let ours = Topic::ALL.into_iter().flat_map(Topic::entries).map(|entry| entry.name);
    let vendors = vendors.iter().map(|name| name.trim_end_matches('*'));
    near_miss(asked_code, ours.chain(providers).chain(vendors)).map(str::to_owned)
}
