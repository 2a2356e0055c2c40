//! The attempts of a story: what was sent when, what it had waited for, what was answered, and which rule decided.

use std::time::Duration;

use super::moment::{AttemptThen, StoryAttempt, StoryEnd, StoryRequest, StoryRule, StoryRuleKind, StoryWait};
use super::shown_value::ShownValue;
use super::tell::Teller;
use crate::engine::RebuiltRequest;
use crate::journal::{AttemptEnd, Attempted, Fact};
use crate::model::{Disposition, Map, Time};
use crate::policy::LookupVerdict;
use crate::provider::{DecidingRule, Lookup, Operation, PastAnswer, RuleKind, RulePlace};
use crate::report::event::Event;

impl Teller<'_> {
    /// The moment of an attempt; `None` if another step is asked for.
    pub(super) fn attempt(&mut self, place: usize, at: Time, attempted: &Attempted) -> Option<StoryAttempt> {
        let is_sent = is_sent(attempted);
        let sent_at = attempted.took_ms.map(|took| at.minus(Duration::from_millis(took)));
        let known = self.calls.entry(attempted.call).or_default();
        let first_at = *known.first_at.get_or_insert(sent_at.unwrap_or(at));
        known.attempts += u32::from(is_sent);
        let (attempt, open) = (known.attempts, known.open.take());
        let call = self.call_name(attempted.call)?;
        let of_lookup = attempted.end.is_of_a_lookup();
        let (request, rebuilt) = match &open {
            _ if !is_sent => (None, None),
            _ if of_lookup => self.new_request(attempted, first_at, None),
            Some((intended, hash)) => self.new_request(attempted, *intended, Some(hash.clone())),
            None => self.new_request(attempted, sent_at.unwrap_or(at), None),
        };
        let lookup = self.past.bound(attempted.call).and_then(|(_, bound)| bound.lookup.as_ref());
        let (disposition, verdict) = match attempted.end {
            AttemptEnd::Answered(disposition) => (Some(disposition), None),
            AttemptEnd::LookedUp(verdict) => (None, Some(verdict)),
            AttemptEnd::Lost | AttemptEnd::Unsent | AttemptEnd::LookupFailed | AttemptEnd::NotMade => (None, None),
        };
        let answer = Some(&*attempted.body).filter(|body| !body.is_null());
        Some(StoryAttempt {
            lookup: lookup.filter(|_| of_lookup && is_sent).map(|(operation, _)| operation.full_name().to_owned()),
            attempt: is_sent.then_some(attempt),
            waited: attempted.waited.iter().map(|(reason, ms)| StoryWait { reason, ms }).collect(),
            sent_at: sent_at.map(Event::instant),
            took_ms: attempted.took_ms,
            request,
            end: story_end(attempted.end),
            http_status: attempted.http_status,
            answer: answer.map(|body| ShownValue::of(self.masks.value(body))),
            disposition,
            verdict,
            rule: self.rule(attempted, rebuilt.as_ref()),
            code: attempted.code.as_ref().map(|code| self.text(code)),
            message: attempted.message.as_ref().map(|message| self.text(message)),
            request_id: attempted.request_id.clone(),
            outputs: self.outputs_of(attempted.call, &attempted.outputs),
            outcome: attempted.outcome,
            then: if self.is_left_open(place, attempted) { AttemptThen::RunStopped } else { then(attempted) },
            call,
        })
    }

    /// Whether nothing follows an attempt that leaves its call open, because the run stopped.
    fn is_left_open(&self, place: usize, attempted: &Attempted) -> bool {
        let later = self.source.prior.facts.iter().skip(place + 1);
        let follows = |fact: &Fact| match fact {
            Fact::Intent(intent) => intent.call == attempted.call,
            Fact::Attempted(other) => other.call == attempted.call,
            Fact::Settled(settled) => settled.call == attempted.call,
            Fact::Reopened(call) => *call == attempted.call,
            Fact::StepEnded(_) | Fact::RollbackStarted | Fact::RowEnded(_) | Fact::ContinuedIn(_) => true,
            Fact::ImportedCall(_) | Fact::Began { .. } | Fact::Steered(_) | Fact::Stopped(_) | Fact::Finished => false,
        };
        let open = attempted.outcome.is_none() && !self.source.running;
        open && !later.map(|(_, fact)| fact).any(follows)
    }

    /// The request of an attempt, unless it was shown before, and the rebuilt one.
    fn new_request(
        &mut self,
        attempted: &Attempted,
        at: Time,
        hash: Option<String>,
    ) -> (Option<StoryRequest>, Option<RebuiltRequest>) {
        let of_lookup = attempted.end.is_of_a_lookup();
        let (request, rebuilt) = match of_lookup {
            true => self.lookup_of(attempted.call, at),
            false => self.request_of(attempted.call, at, hash.as_deref()),
        };
        let now = hash.or_else(|| rebuilt.as_ref().map(|rebuilt| rebuilt.hash.clone())).unwrap_or_default();
        let shown = &mut self.calls.entry(attempted.call).or_default().shown[usize::from(of_lookup)];
        let is_new = shown.as_ref() != Some(&now);
        *shown = Some(now);
        (is_new.then_some(request), rebuilt)
    }

    /// The rule that gave an answer its meaning; `None` if no answer came.
    fn rule(&self, attempted: &Attempted, rebuilt: Option<&RebuiltRequest>) -> Option<StoryRule> {
        let (_, bound) = self.past.bound(attempted.call)?;
        match attempted.end {
            AttemptEnd::Answered(disposition) => {
                let past = PastAnswer {
                    disposition,
                    code: attempted.code.as_deref(),
                    message: attempted.message.as_deref(),
                    http_status: attempted.http_status,
                };
                let none = Map::new();
                let inputs = rebuilt.map_or(&none, |rebuilt| &rebuilt.inputs);
                Some(self.told_rule(&bound.operation, &bound.operation.deciding_rule(inputs, past), past))
            }
            AttemptEnd::LookedUp(verdict) => bound.operation.lookup.as_ref().map(|lookup| lookup_rule(lookup, verdict)),
            AttemptEnd::Lost | AttemptEnd::Unsent | AttemptEnd::LookupFailed | AttemptEnd::NotMade => None,
        }
    }

    fn told_rule(&self, operation: &Operation, rule: &DecidingRule<'_>, answer: PastAnswer<'_>) -> StoryRule {
        let code = answer.code.map(|code| self.text(code)).unwrap_or_default();
        let meaning = answer.disposition.as_str();
        let what = match rule.kind {
            RuleKind::Success => "the rule of success holds".to_owned(),
            RuleKind::SuccessOfStep => "the step's own rule of success holds".to_owned(),
            RuleKind::Code => format!("the table of codes: `{code}` is `{meaning}`"),
            RuleKind::OtherCode => format!("`otherwise`: a code that no table lists, here `{code}`, is `{meaning}`"),
            RuleKind::Items => format!("the rule of single items: some of them failed, which is `{meaning}`"),
            RuleKind::MissingOutput => format!("a required output is missing, so the answer is `{meaning}`"),
            RuleKind::Unlisted => format!("no rule of {} fits the answer, so it is `{meaning}`", operation.full_name()),
        };
        let (file, line) = place(rule.place);
        let means = rule.meaning.and_then(|meaning| meaning.means.clone());
        let advice = rule.meaning.and_then(|meaning| meaning.advice.clone());
        StoryRule { kind: story_rule_kind(rule.kind), what, file, line, means, advice }
    }
}

fn lookup_rule(lookup: &Lookup, verdict: LookupVerdict) -> StoryRule {
    let (kind, what) = match verdict {
        LookupVerdict::TookEffect => (StoryRuleKind::TookEffect, "the lookup's `took_effect` holds"),
        LookupVerdict::DidNot => {
            (StoryRuleKind::NoEffect, "the lookup finds no effect, and the file says that this is conclusive")
        }
        LookupVerdict::Undecided => (StoryRuleKind::Undecided, "the lookup cannot tell"),
    };
    let (file, line) = place(lookup.at.as_ref());
    StoryRule { kind, what: what.to_owned(), file, line, means: None, advice: None }
}

fn story_rule_kind(kind: RuleKind) -> StoryRuleKind {
    match kind {
        RuleKind::Success => StoryRuleKind::Success,
        RuleKind::SuccessOfStep => StoryRuleKind::SuccessOfStep,
        RuleKind::Code => StoryRuleKind::Code,
        RuleKind::OtherCode => StoryRuleKind::OtherCode,
        RuleKind::Items => StoryRuleKind::Items,
        RuleKind::MissingOutput => StoryRuleKind::MissingOutput,
        RuleKind::Unlisted => StoryRuleKind::Unlisted,
    }
}

fn place(at: Option<&RulePlace>) -> (Option<String>, Option<usize>) {
    (at.map(|at| at.file().to_owned()), at.map(RulePlace::line))
}

/// Whether anything of the attempt was handed to the network. Old journals do not keep how long it took.
fn is_sent(attempted: &Attempted) -> bool {
    match attempted.end {
        AttemptEnd::Answered(_) | AttemptEnd::Lost | AttemptEnd::Unsent | AttemptEnd::LookedUp(_) => true,
        // A lookup that cannot be made has a code of runsheet's own.
        AttemptEnd::LookupFailed => attempted.took_ms.is_some() || attempted.code.as_deref() != Some("lookup"),
        AttemptEnd::NotMade => false,
    }
}

fn story_end(end: AttemptEnd) -> StoryEnd {
    match end {
        AttemptEnd::Answered(_) => StoryEnd::Answered,
        AttemptEnd::Lost => StoryEnd::Lost,
        AttemptEnd::Unsent => StoryEnd::Unsent,
        AttemptEnd::LookedUp(_) => StoryEnd::LookedUp,
        AttemptEnd::LookupFailed => StoryEnd::LookupFailed,
        AttemptEnd::NotMade => StoryEnd::NotMade,
    }
}

/// What follows an attempt, by its fact.
fn then(attempted: &Attempted) -> AttemptThen {
    if attempted.outcome.is_some() {
        return AttemptThen::Ended;
    }
    if attempted.look_up {
        return AttemptThen::LookedUp;
    }
    match attempted.end {
        AttemptEnd::Answered(Disposition::ExpiredToken) => AttemptThen::TokenRenewed,
        AttemptEnd::Answered(Disposition::Refused | Disposition::QuotaExhausted) => AttemptThen::RunStopped,
        AttemptEnd::NotMade => AttemptThen::SentLater,
        AttemptEnd::Answered(Disposition::Succeeded | Disposition::Warning | Disposition::Unchanged) => {
            AttemptThen::ReadAgain
        }
        AttemptEnd::Answered(
            Disposition::Throttled | Disposition::Unavailable | Disposition::Rejected | Disposition::Unknown,
        )
        | AttemptEnd::Lost
        | AttemptEnd::Unsent
        | AttemptEnd::LookedUp(_)
        | AttemptEnd::LookupFailed => AttemptThen::SentAgain,
    }
}
