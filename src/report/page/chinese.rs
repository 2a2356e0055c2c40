//! The catalogue of the page: sentences of runsheet and of the built-in provider files in Chinese, from `chinese.yaml`.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::plan::{BoundList, Plan};
use crate::report::{NextAction, StoryLimit};

/// The catalogue as it is written, by area.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    /// What codes of vendors mean and what to do about them.
    vendors: Vec<Sentence>,
    /// What codes of runsheet mean and what to do about them.
    codes: Vec<Sentence>,
    /// What to do next.
    next: Vec<Sentence>,
    /// What limits a story.
    limits: Vec<Sentence>,
}

/// A sentence in both languages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentence {
    en: String,
    zh: String,
}

impl Catalogue {
    fn read() -> Self {
        // A test ensures that the file has no mistakes.
        serde_yaml::from_str(include_str!("chinese.yaml")).unwrap_or_default()
    }

    fn sentences(self) -> impl Iterator<Item = Sentence> {
        self.vendors.into_iter().chain(self.codes).chain(self.next).chain(self.limits)
    }
}

/// The Chinese sentence for an English one; `None` for a sentence of a user's own provider file.
pub(super) fn in_chinese(english: &str) -> Option<&'static str> {
    static CHINESE: LazyLock<HashMap<String, String>> =
        LazyLock::new(|| Catalogue::read().sentences().map(|Sentence { en, zh }| (en, zh)).collect());
    // Sources may break a sentence into lines.
    let words: Vec<&str> = english.split_whitespace().collect();
    CHINESE.get(&words.join(" ")).map(String::as_str)
}

/// The sentences that stories of a run may show, each with its Chinese one: what the codes of its operations mean, what to
/// do about them, what to do next, and what limits a story.
pub(super) fn story_sentences(plan: &Plan) -> BTreeMap<String, &'static str> {
    let steps = BoundList::ALL.into_iter().flat_map(|list| plan.list(list));
    let calls = steps.flat_map(|step| std::iter::once(&step.call).chain(&step.rollback));
    let operations =
        calls.flat_map(|call| std::iter::once(&call.operation).chain(call.lookup.iter().map(|(read, _)| read)));
    let mut sentences: BTreeMap<String, &'static str> = BTreeMap::new();
    let mut add = |english: &str| {
        sentences.extend(in_chinese(english).map(|chinese| (english.to_owned(), chinese)));
    };
    for table in operations.flat_map(|operation| &operation.answers.tables) {
        table.rows().iter().flat_map(|(_, code)| [&code.means, &code.advice]).flatten().for_each(|text| add(text));
    }
    NextAction::WORDS.into_iter().chain(StoryLimit::WORDS).for_each(add);
    sentences
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use regex::Regex;

    use super::*;
    use crate::provider::Registry;
    use crate::report::row_codes;

    fn catalogue() -> Catalogue {
        serde_yaml::from_str(include_str!("chinese.yaml")).unwrap()
    }

    fn joined(text: &str) -> String {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn english(sentences: &[Sentence]) -> BTreeSet<String> {
        sentences.iter().map(|sentence| sentence.en.clone()).collect()
    }

    #[test]
    fn the_catalogue_has_exactly_the_sentences_of_the_built_in_provider_files() {
        let registry = Registry::builtin();
        let operations = registry.operations().chain(registry.internal_operations());
        let tables: Vec<_> = operations.flat_map(|operation| operation.answers.tables.clone()).collect();
        let rows = tables.iter().flat_map(|table| table.rows());
        let said: BTreeSet<String> =
            rows.flat_map(|(_, code)| [&code.means, &code.advice]).flatten().map(|text| joined(text)).collect();
        assert!(said.len() > 50, "{said:?}");
        assert_eq!(english(&catalogue().vendors), said);
    }

    #[test]
    fn the_catalogue_has_exactly_the_sentences_of_runsheets_codes_next_steps_and_limits() {
        let said = row_codes().iter().flat_map(|code| [code.meaning, code.advice]);
        assert_eq!(english(&catalogue().codes), said.map(joined).collect());
        assert_eq!(english(&catalogue().next), NextAction::WORDS.map(str::to_owned).into());
        assert_eq!(english(&catalogue().limits), StoryLimit::WORDS.map(str::to_owned).into());
    }

    #[test]
    fn no_sentence_stands_in_the_catalogue_twice() {
        let mut seen = BTreeSet::new();
        for Sentence { en, .. } in catalogue().sentences() {
            assert!(seen.insert(en.clone()), "{en}");
            assert_eq!(joined(&en), en);
        }
    }

    #[test]
    fn both_languages_hold_the_same_commands_codes_and_numbers() {
        // What stays as it is in every language: parts in backticks, numbers, abbreviations.
        let fixed = Regex::new("`[^`]*`|[0-9]+|[A-Z]{2,}").unwrap();
        let latin = Regex::new("[A-Za-z]+").unwrap();
        let parts = |text: &str| {
            let mut parts: Vec<String> = fixed.find_iter(text).map(|part| part.as_str().to_owned()).collect();
            parts.sort_unstable();
            parts
        };
        for Sentence { en, zh } in catalogue().sentences() {
            assert_eq!(parts(&zh), parts(&en), "{zh}");
            let words: Vec<&str> = latin.find_iter(&en).map(|word| word.as_str()).collect();
            for word in latin.find_iter(&zh) {
                assert!(words.contains(&word.as_str()), "{zh}: {}", word.as_str());
            }
        }
    }

    #[test]
    fn chinese_sentences_have_chinese_letters_and_punctuation() {
        let code = Regex::new("`[^`]*`").unwrap();
        let close = Regex::new("[\u{4e00}-\u{9fff}][A-Za-z0-9`]|[A-Za-z0-9`][\u{4e00}-\u{9fff}]").unwrap();
        for Sentence { en, zh } in catalogue().sentences() {
            let bare = code.replace_all(&zh, "``");
            assert!(bare.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{zh}");
            assert!(!bare.contains([',', '.', ';', ':', '(', ')', '!', '?']), "{zh}");
            assert!(!close.is_match(&zh), "no blank between Chinese and Latin letters: {zh}");
            assert_eq!(zh.ends_with('。'), en.ends_with('.'), "{zh}");
        }
    }

    #[test]
    fn what_no_built_in_file_says_has_no_chinese() {
        assert_eq!(in_chinese("The row is blue"), None);
        assert_eq!(in_chinese("Retry  the\nrow."), Some("请重试这一行。"));
    }
}
