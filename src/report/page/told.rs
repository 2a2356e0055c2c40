//! Sentences of runsheet and of provider files in the language of the page. What has no Chinese is shown in English.

use std::borrow::Cow;

use super::chinese::in_chinese;
use super::language::PageLanguage;
use crate::model::RunId;
use crate::report::{FailureKind, row_codes, with_run_id};

/// A sentence, and the language that it is in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told<'t> {
    pub(super) text: Cow<'t, str>,
    /// The language's code in HTML.
    pub(super) code: &'static str,
}

/// A sentence in the language of the page.
pub(super) fn tell(english: &str, language: PageLanguage) -> Told<'_> {
    let chinese = match language {
        PageLanguage::English => None,
        PageLanguage::Chinese => in_chinese(english),
    };
    match chinese {
        Some(chinese) => Told { text: chinese.into(), code: PageLanguage::Chinese.code() },
        None => Told { text: english.into(), code: PageLanguage::English.code() },
    }
}

/// What the code of a kind of failure means, and what to do about it.
pub(super) fn tell_kind<'k>(
    kind: &'k FailureKind,
    run: &RunId,
    language: PageLanguage,
) -> impl Iterator<Item = Told<'k>> + use<'k> {
    let meaning = kind.meaning.as_ref().map(|meaning| tell(meaning, language));
    let advice = kind.advice.as_ref().map(|advice| {
        let own = row_codes().iter().find(|own| kind.code.as_deref() == Some(own.name));
        match own.filter(|own| with_run_id(own.advice, run) == *advice) {
            // The commands of runsheet's own advice name the run.
            Some(own) => {
                let told = tell(own.advice, language);
                Told { text: with_run_id(&told.text, run).into(), ..told }
            }
            None => tell(advice, language),
        }
    });
    meaning.into_iter().chain(advice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RowOutcome;

    fn kind(code: &str, meaning: &str, advice: &str) -> FailureKind {
        FailureKind {
            number: 1,
            outcome: RowOutcome::Failed,
            step: None,
            code: Some(code.to_owned()),
            message: None,
            messages_differ: false,
            rows: 1,
            row: 2,
            key: String::new(),
            keys: Vec::new(),
            meaning: Some(meaning.to_owned()),
            advice: Some(advice.to_owned()),
            command: None,
            rows_file: None,
            step_at: None,
        }
    }

    fn told(kind: &FailureKind, language: PageLanguage) -> Vec<(String, &'static str)> {
        let run = RunId::from_text("20351122-004610-3fa9c1");
        tell_kind(kind, &run, language).map(|told| (told.text.into_owned(), told.code)).collect()
    }

    #[test]
    fn advice_of_runsheets_own_names_the_run_in_both_languages() {
        let advice = "Run `runsheet resume 20351122-004610-3fa9c1` after the quota resets.";
        let meaning = "The calls that the settings or the vendor allow in a day are used up. The call was not sent.";
        let quota = kind("daily_quota", meaning, advice);
        assert_eq!(told(&quota, PageLanguage::English), [(meaning.to_owned(), "en"), (advice.to_owned(), "en")]);
        let chinese = told(&quota, PageLanguage::Chinese);
        assert!(chinese[0].0.contains("每日调用次数已用完"), "{chinese:?}");
        assert_eq!(chinese[1], ("请在配额恢复之后运行 `runsheet resume 20351122-004610-3fa9c1`。".to_owned(), "zh-CN"));
    }

    #[test]
    fn a_users_own_provider_file_is_told_in_english() {
        // A vendor may use a word that is also a code of runsheet.
        let own = kind("invalid", "The colour is wrong", "Paint it, then run `runsheet retry RUN`.");
        let expected =
            [("The colour is wrong".to_owned(), "en"), ("Paint it, then run `runsheet retry RUN`.".to_owned(), "en")];
        assert_eq!(told(&own, PageLanguage::Chinese), expected);
        let vendor = kind("20014", "The request is not valid", "Check `Agent.AppId`.");
        let expected = [("请求不符合厂商的要求".to_owned(), "zh-CN"), ("请检查 `Agent.AppId`。".to_owned(), "zh-CN")];
        assert_eq!(told(&vendor, PageLanguage::Chinese), expected);
    }
}
