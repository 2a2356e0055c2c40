//! Suggests the known word that a misspelt one probably means.

use super::look_alikes::{hidden_difference, visual_form};

/// The known word that is nearest to `word`; `None` if none is near enough.
///
/// A word that looks the same is preferred. Case, `-`, `_` and spaces are ignored; of the remaining letters about a
/// third may differ.
#[must_use]
pub fn near_miss<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let own = visual_form(word);
    let plain = fold(&own);
    if plain.is_empty() || plain.len() > 200 {
        return None;
    }
    let allowed = (plain.chars().count() / 3).clamp(1, 4);
    known
        .into_iter()
        .filter(|candidate| *candidate != word)
        .map(|candidate| (distance(&plain, &fold(&visual_form(candidate))), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && *distance < fold(candidate).chars().count().max(1))
        .min_by_key(|(distance, candidate)| {
            // Of equally near words the one that only adds letters at the end: `rows` for `row`, not `now`.
            (*distance, visual_form(candidate) != own, !fold(candidate).starts_with(plain.as_str()))
        })
        .map(|(_, candidate)| candidate)
}

fn distance(word: &str, candidate: &str) -> usize {
    strsim::damerau_levenshtein(word, candidate)
}

fn fold(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

/// The help for an unknown word that probably means `near`: `Did you mean …?`. Says how the two differ if they look the
/// same.
#[must_use]
pub fn did_you_mean(word: &str, near: &str) -> String {
    match hidden_difference(word, near) {
        Some(difference) => format!("There is `{near}`, which looks the same; {difference}. Copy it from there"),
        None => format!("Did you mean `{near}`?"),
    }
}

/// The same help as a part of a sentence.
#[must_use]
pub fn did_you_mean_inline(word: &str, near: &str) -> String {
    match hidden_difference(word, near) {
        Some(difference) => format!("there is `{near}`, which looks the same; {difference}"),
        None => format!("did you mean `{near}`?"),
    }
}

/// The help for an unknown word; `None` if no known word is near enough.
#[must_use]
pub fn suggestion<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    near_miss(word, known).map(|near| did_you_mean(word, near))
}

/// The help for an unknown word: the known word that it probably means, else `ahead` (such as "The keys are") and all
/// known words.
#[must_use]
pub fn did_you_mean_among(word: &str, known: &[&str], ahead: &str) -> String {
    match near_miss(word, known.iter().copied()) {
        Some(near) => did_you_mean(word, near),
        None if known.is_empty() => "It has none.".to_owned(),
        None => format!("{ahead} {}.", in_backticks(known)),
    }
}

/// Names in backticks with commas between them: `` `a`, `b` ``.
#[must_use]
pub fn in_backticks(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 5] = ["RecipientId", "FlowId", "on_failure", "for_each", "id"];

    #[test]
    fn distant_words_are_not_suggested() {
        for far in ["", "banana", "x", "zz", "a very long word that nothing resembles"] {
            assert_eq!(near_miss(far, KNOWN), None, "{far}");
        }
    }

    #[test]
    fn near_words_are_suggested() {
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

    #[test]
    fn an_unknown_word_gets_the_nearest_one_or_all() {
        assert_eq!(did_you_mean_among("foreach", &["for_each", "id"], "The keys are"), "Did you mean `for_each`?");
        assert_eq!(did_you_mean_among("banana", &["for_each", "id"], "The keys are"), "The keys are `for_each`, `id`.");
        assert_eq!(did_you_mean_among("banana", &[], "The keys are"), "It has none.");
        assert_eq!(suggestion("banana", ["id"]), None);
        assert_eq!(suggestion("Id", ["id"]).as_deref(), Some("Did you mean `id`?"));
    }
}
