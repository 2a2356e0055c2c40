//! The words that `explain` knows, for the completion of its argument.

use super::meanings::{every_word, meanings_of};
use super::vendor_codes::all_codes;
use crate::provider::Registry;

/// The kinds that may stand ahead of a word.
const KINDS: [&str; 3] = ["key", "code", "helper"];

/// Returns the words that `explain` knows, each with what it is where that helps. A vendor's codes are among them once `typed`
/// names the vendor with a colon, as there are many; the same holds for the words of one kind, such as `key:`.
pub(in crate::cli) fn known_words(registry: &Registry, typed: &str) -> Vec<(String, String)> {
    let Some((ahead, _)) = typed.split_once(':') else {
        let mut words: Vec<(String, String)> =
            every_word().into_iter().map(|word| (word.to_owned(), String::new())).collect();
        words.extend(registry.providers().map(|one| (one.name.clone(), format!("the codes of {}", one.title))));
        return words;
    };
    if KINDS.contains(&ahead) {
        let words = every_word().into_iter().map(|word| format!("{ahead}:{word}"));
        let known = words.filter(|word| !meanings_of(registry, word).is_empty());
        return known.map(|word| (word, String::new())).collect();
    }
    let codes = all_codes(registry).into_iter().filter(|(_, code)| code.provider.name == ahead);
    let mut words: Vec<(String, String)> =
        codes.map(|(name, code)| (format!("{ahead}:{name}"), code.meaning.means.clone().unwrap_or_default())).collect();
    words.sort();
    words.dedup_by(|one, other| one.0 == other.0);
    words
}
