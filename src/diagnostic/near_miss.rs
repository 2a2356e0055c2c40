//! The known word that a misspelt one probably means.

use super::alike::look;

/// The nearest known word, where it is near enough to be meant.
///
/// One that looks the same goes first. Case, `-`, `_` and blanks are looked through; beyond that about a third of the
/// letters may differ.
#[must_use]
pub fn near_miss<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let own = look(word);
    let plain = fold(&own);
    if plain.is_empty() || plain.len() > 200 {
        return None;
    }
    let allowed = (plain.chars().count() / 3).clamp(1, 4);
    known
        .into_iter()
        .filter(|candidate| *candidate != word)
        .map(|candidate| (distance(&plain, &fold(&look(candidate))), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && *distance < fold(candidate).chars().count().max(1))
        .min_by_key(|(distance, candidate)| (*distance, look(candidate) != own))
        .map(|(_, candidate)| candidate)
}

fn distance(word: &str, candidate: &str) -> usize {
    strsim::damerau_levenshtein(word, candidate)
}

fn fold(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 5] = ["RecipientId", "FlowId", "on_failure", "for_each", "id"];

    #[test]
    fn far_words_bring_no_guess() {
        for far in ["", "banana", "x", "zz", "a very long word that nothing resembles"] {
            assert_eq!(near_miss(far, KNOWN), None, "{far}");
        }
    }

    #[test]
    fn near_words_are_found() {
        assert_eq!(near_miss("RecipientID", KNOWN), Some("RecipientId"));
        assert_eq!(near_miss("recipient_id", KNOWN), Some("RecipientId"));
        assert_eq!(near_miss("FlowID", KNOWN), Some("FlowId"));
        assert_eq!(near_miss("on-failure", KNOWN), Some("on_failure"));
        assert_eq!(near_miss("foreach", KNOWN), Some("for_each"));
        assert_eq!(near_miss("fro_each", KNOWN), Some("for_each"));
        assert_eq!(near_miss("ids", KNOWN), Some("id"));
        assert_eq!(near_miss("name", ["na me", "name\u{200b}"]), Some("name\u{200b}"));
        assert_eq!(near_miss("フ\u{309a}ラン", ["プラン", "id"]), Some("プラン"));
    }
}
