//! The result of one attempt, before it becomes a fact.

use std::sync::Arc;
use std::time::Duration;

use super::call_result::AnswerEffects;
use super::outgoing_call::OutgoingCall;
use crate::journal::{AttemptEnd, Attempted, CallRef};
use crate::model::{Disposition, Map, Time, Value};
use crate::policy::{SendOutcome, StopReason, Verdict, refusal_advice};
use crate::provider::{Reading, Redirect, Remedy, RetryAfter};

/// The largest answer that is kept in the journal although no template uses it, in bytes.
const MAX_BODY_KEPT: usize = 2_048;

/// The HTTP status that the journal leaves out.
const USUAL_STATUS: u16 = 200;

/// The result of one attempt.
pub(super) struct AttemptResult {
    pub(super) end: AttemptEnd,
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) outputs: Map,
    pub(super) body: Value,
    pub(super) retry_after: Option<Duration>,
    pub(super) remedy: Option<Remedy>,
    pub(super) redirect: Option<Redirect>,
    /// The HTTP status of the answer; `None` without an answer.
    pub(super) http_status: Option<u16>,
}

impl AttemptResult {
    /// The result of an answer with this HTTP status that came at `now`.
    pub(super) fn of(reading: Reading, http_status: u16, now: Time) -> Self {
        Self {
            end: AttemptEnd::Answered(reading.disposition),
            code: reading.code,
            message: reading.message,
            request_id: reading.request_id,
            outputs: reading.outputs,
            body: reading.body,
            retry_after: reading.retry_after.map(|asked| asked.wait_at(now)),
            remedy: reading.remedy,
            redirect: reading.redirect,
            http_status: Some(http_status),
        }
    }

    pub(super) fn silent(end: AttemptEnd, code: &str, why: String) -> Self {
        Self {
            end,
            code: Some(code.to_owned()),
            message: Some(why),
            request_id: None,
            outputs: Map::new(),
            body: Value::Null,
            retry_after: None,
            remedy: None,
            redirect: None,
            http_status: None,
        }
    }

    pub(super) fn send_outcome(&self) -> SendOutcome {
        match self.end {
            AttemptEnd::Answered(disposition) => SendOutcome::Answered(disposition),
            AttemptEnd::Unsent => SendOutcome::Unsent,
            AttemptEnd::Lost | AttemptEnd::LookedUp(_) | AttemptEnd::LookupFailed | AttemptEnd::NotMade => {
                SendOutcome::Lost
            }
        }
    }

    pub(super) fn reading(&self) -> Reading {
        Reading {
            disposition: match self.end {
                AttemptEnd::Answered(disposition) => disposition,
                AttemptEnd::Lost
                | AttemptEnd::Unsent
                | AttemptEnd::LookedUp(_)
                | AttemptEnd::LookupFailed
                | AttemptEnd::NotMade => Disposition::Unknown,
            },
            code: self.code.clone(),
            message: self.message.clone(),
            request_id: self.request_id.clone(),
            outputs: self.outputs.clone(),
            body: self.body.clone(),
            retry_after: self.retry_after.map(RetryAfter::For),
            remedy: self.remedy.clone(),
            redirect: self.redirect.clone(),
        }
    }

    pub(super) fn effects(&self, verdict: Verdict, outgoing: &OutgoingCall, now: Time) -> AnswerEffects {
        let throttled = matches!(self.end, AttemptEnd::Answered(Disposition::Throttled)).then_some(self.retry_after);
        let expired = matches!(self.end, AttemptEnd::Answered(Disposition::ExpiredToken));
        let quota = matches!(self.end, AttemptEnd::Answered(Disposition::QuotaExhausted));
        let moved = self.redirect.as_ref().is_some_and(|redirect| redirect.for_all);
        let stop = (moved || matches!(verdict, Verdict::Hold | Verdict::StopRun)).then(|| {
            let (code, message) = (self.code.clone().unwrap_or_default(), self.message.clone().unwrap_or_default());
            let operation = outgoing.operation.full_name().to_owned();
            if moved {
                StopReason::Redirected { code, message, operation }
            } else if quota || verdict == Verdict::Hold {
                StopReason::QuotaExhausted { code, message, until: outgoing.operation.quota_resets_at(now) }
            } else {
                let advice = self.remedy.as_ref().and_then(|remedy| refusal_advice(remedy, now));
                StopReason::Refused { code, message, operation, advice }
            }
        });
        let accepted = matches!(self.end, AttemptEnd::Answered(disposition) if disposition.is_done() || disposition == Disposition::Rejected);
        AnswerEffects {
            throttled,
            token_expired: expired && stop.is_none(),
            token_accepted: accepted,
            stop,
            left_to: None,
            asked_until: self.asks_to_wait(verdict).map(|asked| now.plus(asked)),
            trouble: self.trouble(),
        }
    }

    /// How long the vendor asked to wait; `None` if it did not ask, or the call does not wait.
    fn asks_to_wait(&self, verdict: Verdict) -> Option<Duration> {
        let waits = matches!(verdict, Verdict::Again | Verdict::LookUp);
        self.retry_after.filter(|asked| waits && !asked.is_zero())
    }

    /// A temporary failure for the progress display: no connection, no answer, or throttled. `None` for anything
    /// else.
    fn trouble(&self) -> Option<String> {
        match self.end {
            AttemptEnd::Unsent | AttemptEnd::Lost => self.message.clone(),
            AttemptEnd::Answered(Disposition::Throttled) => Some("throttled".to_owned()),
            AttemptEnd::Answered(Disposition::Unavailable | Disposition::Unknown | Disposition::ExpiredToken) => {
                self.code.clone()
            }
            AttemptEnd::Answered(
                Disposition::Succeeded
                | Disposition::Warning
                | Disposition::Unchanged
                | Disposition::Rejected
                | Disposition::Refused
                | Disposition::QuotaExhausted,
            )
            | AttemptEnd::LookedUp(_)
            | AttemptEnd::LookupFailed
            | AttemptEnd::NotMade => None,
        }
    }

    pub(super) fn into_fact(self, call: CallRef, keep_body: bool) -> Attempted {
        let body = if keep_body || body_size(&self.body) <= MAX_BODY_KEPT { self.body } else { Value::Null };
        Attempted {
            call,
            end: self.end,
            outcome: None,
            look_up: false,
            read: false,
            joined: false,
            token_known_expired: false,
            code: self.code,
            message: self.message,
            request_id: self.request_id,
            outputs: Arc::new(self.outputs),
            body: Arc::new(body),
            http_status: self.http_status.filter(|status| *status != USUAL_STATUS),
            took_ms: None,
            waited: Default::default(),
        }
    }
}

/// Estimates a value's size as JSON, in bytes, without writing it.
fn body_size(body: &Value) -> usize {
    match body {
        Value::String(text) => text.len() + 2,
        Value::Array(items) => items.iter().map(|item| body_size(item) + 1).sum::<usize>() + 2,
        Value::Object(map) => map.iter().map(|(key, value)| key.len() + body_size(value) + 4).sum::<usize>() + 2,
        Value::Null | Value::Bool(_) | Value::Number(_) => 4,
    }
}
