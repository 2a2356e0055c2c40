//! The meanings of a word, and the nearest known word where it has none.

use super::helpers::helper_called;
use super::keys::{LanguageEntry, entries_called, names};
use super::topic::Topic;
use super::vendor_codes::{VendorCode, all_codes, vendor_codes};
use crate::diagnostic::{Explanation, near_miss};
use crate::provider::Registry;
use crate::template::helpers::{HELPERS, Helper};

/// One meaning of a word.
pub(super) enum Meaning<'r> {
    /// A code of runsheet.
    Ours(Topic, &'static Explanation),
    /// A code of a vendor, under the name in its table.
    Vendors(String, VendorCode<'r>),
    /// A key of a file, or a map of keys.
    Language(LanguageEntry),
    /// A helper of templates.
    Helper(&'static Helper),
}

/// Which meanings are asked for: all, or those of one kind (`key:NAME`, `code:NAME`, `helper:NAME`).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    All,
    Keys,
    Codes,
    Helpers,
}

/// Splits `key:lists` into the kind that is asked for and the word.
fn wanted(asked: &str) -> (Wanted, &str) {
    match asked.split_once(':') {
        Some(("key", word)) => (Wanted::Keys, word),
        Some(("code", word)) => (Wanted::Codes, word),
        Some(("helper", word)) => (Wanted::Helpers, word),
        Some(_) | None => (Wanted::All, asked),
    }
}

/// Returns every meaning of a word: codes first, then keys and helpers.
pub(super) fn meanings_of<'r>(registry: &'r Registry, asked: &str) -> Vec<Meaning<'r>> {
    let (wanted, word) = wanted(asked);
    let is = |kind| wanted == Wanted::All || wanted == kind;
    let mut found = Vec::new();
    if is(Wanted::Codes) {
        let ours =
            Topic::ALL.into_iter().filter_map(|topic| topic.entry(word).map(|entry| Meaning::Ours(topic, entry)));
        found.extend(ours);
        found.extend(vendor_codes(registry, word).into_iter().map(|(name, code)| Meaning::Vendors(name, code)));
    }
    if is(Wanted::Keys) {
        found.extend(entries_called(word).into_iter().map(Meaning::Language));
    }
    if is(Wanted::Helpers) {
        found.extend(helper_called(word).map(Meaning::Helper));
    }
    found
}

/// Returns the known word that is nearest to an unknown one.
pub(super) fn nearest_word(registry: &Registry, asked: &str) -> Option<String> {
    let asked_code = asked.rsplit_once(':').map_or(asked, |(_, code)| code);
    let vendors: Vec<String> = all_codes(registry).into_iter().map(|(name, _)| name).collect();
    let providers = registry.providers().map(|provider| provider.name.as_str());
    let ours = Topic::ALL.into_iter().flat_map(Topic::entries).map(|entry| entry.name);
    let vendors = vendors.iter().map(|name| name.trim_end_matches('*'));
    let helpers = HELPERS.iter().map(|helper| helper.name);
    near_miss(asked_code, ours.chain(names()).chain(helpers).chain(providers).chain(vendors)).map(str::to_owned)
}

/// Every word that can be explained, those of vendors aside, for completions.
pub(in crate::cli) fn every_word() -> Vec<&'static str> {
    let codes = Topic::ALL.into_iter().flat_map(Topic::entries).map(|entry| entry.name);
    let mut words: Vec<&'static str> = codes.chain(names()).chain(HELPERS.iter().map(|helper| helper.name)).collect();
    words.sort_unstable();
    words.dedup();
    words
}
