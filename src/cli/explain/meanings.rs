//! Everything that a code may mean, and the nearest known word where it means nothing.

use super::topic::Topic;
use super::vendor_codes::{VendorCode, all_codes, vendor_codes};
use crate::diagnostic::{Explanation, near_miss};
use crate::provider::Registry;

/// One thing that a code means.
pub(super) enum Found<'r> {
    /// A word of ours.
    Ours(Topic, &'static Explanation),
    /// A vendor's code, under the name that its table gives it.
    Vendors(String, VendorCode<'r>),
}

/// What a code means; several things where it is ambiguous.
pub(super) fn find<'r>(registry: &'r Registry, asked: &str) -> Vec<Found<'r>> {
    let ours = Topic::ALL.into_iter().filter_map(|topic| topic.entry(asked).map(|entry| Found::Ours(topic, entry)));
    let vendors = vendor_codes(registry, asked).into_iter().map(|(name, code)| Found::Vendors(name, code));
    ours.chain(vendors).collect()
}

/// The known word that is nearest to one that means nothing.
pub(super) fn nearest(registry: &Registry, asked: &str) -> Option<String> {
    let asked_code = asked.rsplit_once(':').map_or(asked, |(_, code)| code);
    let vendors: Vec<String> = all_codes(registry).into_iter().map(|(name, _)| name).collect();
    let providers = registry.providers().map(|provider| provider.name.as_str());
    let ours = Topic::ALL.into_iter().flat_map(Topic::entries).map(|entry| entry.name);
    let vendors = vendors.iter().map(|name| name.trim_end_matches('*'));
    near_miss(asked_code, ours.chain(providers).chain(vendors)).map(str::to_owned)
}
