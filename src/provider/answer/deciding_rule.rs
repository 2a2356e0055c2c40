//! The rule of a provider file that gave an answer its meaning. The journal keeps what was decided and not the rule; the
//! rule follows from that, because the files are frozen with the run.

use crate::model::{Disposition, Map};
use crate::provider::descriptor::{CodeMeaning, Effect, Operation, RulePlace, code_text};

/// An answer as the journal keeps it.
#[derive(Debug, Clone, Copy)]
pub struct PastAnswer<'a> {
    /// Its meaning.
    pub disposition: Disposition,
    /// The vendor's code, or runsheet's.
    pub code: Option<&'a str>,
    /// The vendor's message, or runsheet's.
    pub message: Option<&'a str>,
    /// The HTTP status; `None` if it was 200 or is not known.
    pub http_status: Option<u16>,
}

/// The kind of rule that gave an answer its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleKind {
    /// A rule of success holds.
    Success,
    /// The step's own rule of success holds.
    SuccessOfStep,
    /// The table of codes lists its code.
    Code,
    /// The table lists no such code, and the file says what such codes mean.
    OtherCode,
    /// Single items of a successful answer failed.
    Items,
    /// The answer says success and lacks a required output.
    MissingOutput,
    /// No rule applies, so the answer proves nothing.
    Unlisted,
}

/// The rule that gave an answer its meaning.
#[derive(Debug, Clone)]
pub struct DecidingRule<'a> {
    /// Its kind.
    pub kind: RuleKind,
    /// Where it stands; `None` for a rule of the step or of runsheet.
    pub place: Option<&'a RulePlace>,
    /// The meaning of the code, for [`RuleKind::Code`].
    pub meaning: Option<&'a CodeMeaning>,
}

impl Operation {
    /// The rule that gave the answer to a call with these inputs its meaning.
    #[must_use]
    pub fn deciding_rule(&self, inputs: &Map, answer: PastAnswer<'_>) -> DecidingRule<'_> {
        let rules = &self.answers;
        let rule = |kind, place| DecidingRule { kind, place, meaning: None };
        // An answer without a code of its own has its HTTP status as the code.
        let is_of_body = |code: &str| !code.starts_with("http ");
        let said_success = answer.code.is_some_and(|code| self.is_success_code(code));
        let own_rule = rules.success_input.as_ref().is_some_and(|name| inputs.contains_key(name));
        let message = answer.message.unwrap_or_default();
        if answer.disposition == Disposition::Succeeded {
            return match own_rule {
                true => rule(RuleKind::SuccessOfStep, None),
                false => rule(RuleKind::Success, rules.success_at.as_ref()),
            };
        }
        if let Some(meaning) = self.meaning_of(answer, self.effect_for(inputs)) {
            return DecidingRule { kind: RuleKind::Code, place: meaning.at.as_ref(), meaning: Some(meaning) };
        }
        if (said_success || answer.code.is_none()) && message.starts_with("The answer says success, but") {
            return rule(RuleKind::MissingOutput, self.outputs_at.as_ref());
        }
        let by_items = rules.items.as_ref().filter(|items| {
            [items.all_failed, items.some_failed].contains(&answer.disposition) && message.contains(" items failed")
        });
        if by_items.is_some() {
            return rule(RuleKind::Items, rules.items_at.as_ref());
        }
        match rules.otherwise {
            Some(otherwise)
                if otherwise == answer.disposition && answer.code.is_some_and(is_of_body) && !said_success =>
            {
                rule(RuleKind::OtherCode, rules.otherwise_at.as_ref())
            }
            _ => rule(RuleKind::Unlisted, None),
        }
    }

    /// The meaning that decided: the code's, else that of the HTTP status.
    fn meaning_of(&self, answer: PastAnswer<'_>, effect: Effect) -> Option<&CodeMeaning> {
        let message = answer.message.unwrap_or_default();
        let status = answer.http_status.map(|status| format!("http {status}"));
        let codes = answer.code.into_iter().chain(status.as_deref());
        let meanings = codes.filter_map(|code| self.answers.meaning(code, message));
        meanings.into_iter().find(|meaning| meaning.disposition_for(effect) == answer.disposition)
    }

    fn is_success_code(&self, code: &str) -> bool {
        let mut codes = self.answers.success.iter().flat_map(|rule| &rule.is);
        codes.any(|listed| code_text(listed).as_deref() == Some(code))
    }
}
